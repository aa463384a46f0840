"""Official requests and telephone calls, shaped for screens, for letters and for the helpdesk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext

from core import clock
from core.pages import page_of
from core.tenancy import current_school
from helpdesk.official import DAYS, OfficialKind
from schools.models import Staff
from support.models import OfficialCall, OfficialRequest
from support.official import CHOICES, DETAILS, KINDS
from support.policies import why_not_offer_answer, why_not_offer_decision

if TYPE_CHECKING:
    from django.core.paginator import Page

    from schools.policies import Reader


def authorised_staff() -> list[Staff]:
    """Return who speaks for the school: registered administrators and key holders, with accounts."""
    may = Q(access_group__administers=True) | Q(access_group__holds_key=True)
    return list(Staff.objects.registered().filter(may).select_related("user").order_by("pk"))


def colleagues(*, without_key: bool) -> list[Staff]:
    """Return registered staff by name; for a new key holder, those who hold no key yet."""
    rows = Staff.objects.registered().select_related("user")
    if without_key:
        rows = rows.filter(access_group__holds_key=False)
    return list(rows.order_by("family_name", "given_name", "pk"))


def request_page(reader: Reader, number: int) -> Page[OfficialRequest]:
    """Return a page of the school's official requests, newest first."""
    rows = OfficialRequest.objects.visible_to(reader)
    rows = rows.select_related("author", "decision__ticket", "completion")
    return page_of(rows.order_by("-asked_at", "-pk"), number)


def open_calls(reader: Reader) -> list[OfficialCall]:
    """Return the calls in this person's name that wait for their answer."""
    rows = OfficialCall.objects.visible_to(reader).filter(addressee_id=reader.staff_id, answer="")
    return list(rows.filter(lapses_at__gt=clock.now()).order_by("-called_at"))


@dataclass(frozen=True, kw_only=True)
class RequestSheet:
    """An official request as authorised people see it.

    Attributes:
        details: Label and value, in the reader's language.
        may_decide: The reader may approve or decline it.
    """

    request: OfficialRequest
    details: list[tuple[str, str]]
    may_decide: bool


def request_sheet(reader: Reader, ref: UUID) -> RequestSheet:
    """Return an official request.

    Raises:
        OfficialRequest.DoesNotExist: Absent, or hidden from the reader.
    """
    rows = OfficialRequest.objects.visible_to(reader)
    rows = rows.select_related("author", "call", "decision__by", "decision__ticket", "completion")
    request = rows.get(ref=ref)
    why_not = why_not_offer_decision(reader, request.facts(), clock.now())
    return RequestSheet(
        request=request,
        details=list(in_words(request.details.items())),
        may_decide=why_not is None,
    )


def in_words(details: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield label and value of what a form asked, in the language that is spoken."""
    for name, value in details:
        said = CHOICES.get(name, {}).get(value)
        if said is not None:
            shown = gettext(said)
        else:
            shown = date_format(date.fromisoformat(value), "j F Y") if name in DAYS else value
        yield gettext(DETAILS[name]), shown


def official_call(reader: Reader, ref: UUID) -> OfficialCall:
    """Return a telephone call.

    Raises:
        OfficialCall.DoesNotExist: Absent, or hidden from the reader.
    """
    call: OfficialCall = (
        OfficialCall.objects.visible_to(reader).select_related("addressee").get(ref=ref)
    )
    return call


def may_answer(reader: Reader, call: OfficialCall) -> bool:
    """Say whether the call is this person's to answer."""
    return why_not_offer_answer(reader, call.facts(), clock.now()) is None


@dataclass(frozen=True, kw_only=True)
class OfficialNotice:
    """Everything that an email about an official request or a call may say, and to whom.

    Attributes:
        language: The one that the recipient chose, empty where they chose none.
        is_registered: The recipient still works here.
        is_own: They asked for it themselves.
        kind: What is asked, to be translated.
        number: The ticket's; empty until the helpdesk has it.
        lapses_at: UTC; None where it does not lapse.
        link: The log-in page, which leads on to the request or the call.
    """

    recipient: str
    language: str
    is_registered: bool
    is_own: bool
    kind: str
    number: str
    lapses_at: datetime | None
    link: str


def official_notice(ref: UUID, staff: UUID) -> OfficialNotice:
    """Return what somebody may be told of an official request.

    Raises:
        OfficialRequest.DoesNotExist: There is none.
        Staff.DoesNotExist: There is no such member of staff.
    """
    request = OfficialRequest.objects.select_related("decision__ticket").get(ref=ref)
    person = Staff.objects.select_related("user").get(ref=staff)
    ticket = request.decision.ticket if hasattr(request, "decision") else None
    return _notice(
        person,
        request.kind,
        f"official/{request.ref}/",
        is_own=request.author_id == person.pk,
        number=ticket.number if ticket else "",
        lapses_at=request.lapses_at,
    )


def call_notice(ref: UUID) -> OfficialNotice:
    """Return what the person may be told in whose name somebody telephoned.

    Raises:
        OfficialCall.DoesNotExist: There is none.
    """
    call = OfficialCall.objects.select_related("addressee__user").get(ref=ref)
    path = f"official/calls/{call.ref}/"
    return _notice(call.addressee, call.kind, path, is_own=True, lapses_at=call.lapses_at)


def _notice(
    person: Staff,
    kind: str,
    path: str,
    *,
    is_own: bool,
    number: str = "",
    lapses_at: datetime | None,
) -> OfficialNotice:
    return OfficialNotice(
        recipient=person.user.email,
        language=person.user.language,
        is_registered=person.is_active and person.user.is_active,
        is_own=is_own,
        kind=KINDS[OfficialKind(kind)][0],
        number=number,
        lapses_at=lapses_at,
        link=f"{current_school().url}/login/?next=/support/{path}",
    )
