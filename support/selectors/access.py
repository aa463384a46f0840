"""Agents' access to the school's site, for administrators, for the door and for the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from core.audit.models import AuditEntry
from core.pages import page_of
from core.tenancy import current_school
from helpdesk.terms import AccessScope
from safeguarding.terms import PAGES_SEEN
from schools.models import Staff
from schools.policies import Reader, why_not_hold_key
from support.models import SupportAccess
from support.terms import PAGES_OPEN

#: Shown on the administrators' page; the record holds them all.
MOST_LISTED = 50
#: What the record holds of an agent who was let in.
_LOOKS = ("support.entered", "support.viewed", "support.stopped")


def live_access(ref: str) -> SupportAccess | None:
    """Return what lets an agent in now; asked at every request of theirs."""
    return SupportAccess.objects.live().filter(ref=ref).first()


def live_accesses() -> list[SupportAccess]:
    """Return what lets agents in now."""
    return list(SupportAccess.objects.live().order_by("ends_at"))


def accesses() -> list[SupportAccess]:
    """Return the newest requests, each with its ticket and who granted it."""
    rows = SupportAccess.objects.select_related("ticket", "granted_by")
    return list(rows.order_by("-asked_at", "-pk")[:MOST_LISTED])


@dataclass(frozen=True, kw_only=True)
class Look:
    """Something that an agent did while they were let in.

    Attributes:
        page: What the page is called; empty where they came in.
        href: The page, where the reader may open it; else empty.
        is_refused: They did not get to see it.
    """

    at: datetime
    page: str
    href: str
    is_refused: bool


@dataclass(frozen=True, kw_only=True)
class AccessPage:
    """An agent's access with a page of what they did, newest first."""

    access: SupportAccess
    page: "Page[AuditEntry]"
    looks: list[Look]


def access_page(reader: Reader, ref: UUID, number: int) -> AccessPage:
    """Return an agent's access with what is on record of it; two queries.

    Raises:
        SupportAccess.DoesNotExist: There is none.
    """
    access = SupportAccess.objects.select_related("ticket", "granted_by").get(ref=ref)
    entries = AuditEntry.objects.filter(subject_ref=ref, verb__in=_LOOKS)
    page = page_of(entries.order_by("-id"), number)
    return AccessPage(access=access, page=page, looks=[_look(reader, one) for one in page])


def _look(reader: Reader, entry: AuditEntry) -> Look:
    name = entry.facts.get("page", "")
    said = gettext(PAGES_SEEN[name]) if name in PAGES_SEEN else gettext("another page")
    return Look(
        at=entry.happened_at,
        page=said if name else "",
        href=_href(reader, name, entry.facts),
        is_refused=entry.verb == "support.stopped",
    )


def _href(reader: Reader, name: str, facts: dict[str, Any]) -> str:
    is_record = name in PAGES_OPEN[AccessScope.RECORDS]
    if name not in PAGES_SEEN or (is_record and why_not_hold_key(reader)):
        return ""
    try:
        return reverse(name, args=[facts["of"]] if "of" in facts else [])
    except NoReverseMatch:
        return ""


def names_on_record(keys: Iterable[str]) -> dict[str, str]:
    """Return the agents' names by the “keys” with which entries of the record name grants."""
    numbers = {one.partition(":")[2]: one for one in keys if one.startswith("support:")}
    if not numbers:
        return {}
    rows = SupportAccess.objects.filter(pk__in=list(numbers)).values_list("pk", "agent_name")
    return {numbers[str(number)]: name for number, name in rows}


@dataclass(frozen=True, kw_only=True)
class AccessNotice:
    """Everything that an email about an agent's access may say, and to whom.

    Attributes:
        language: The one that the recipient chose, empty where they chose none.
        ends_at: UTC; None while it is not granted.
        is_open: There is still something to be told.
        link: The log-in page, which leads on to the administrators' page.
    """

    recipient: str
    language: str
    is_registered: bool
    agent_name: str
    number: str
    ends_at: datetime | None
    is_open: bool
    link: str


def access_notice(ref: UUID, staff: UUID) -> AccessNotice:
    """Return what an administrator may be told of an agent's access.

    Raises:
        SupportAccess.DoesNotExist: There is none.
        Staff.DoesNotExist: There is no such member of staff.
    """
    access = SupportAccess.objects.select_related("ticket").get(ref=ref)
    person = Staff.objects.select_related("user", "access_group").get(ref=staff)
    return AccessNotice(
        recipient=person.user.email,
        language=person.user.language,
        is_registered=person.is_active
        and person.user.is_active
        and person.access_group.administers,
        agent_name=access.agent_name,
        number=access.ticket.number,
        ends_at=access.ends_at,
        is_open=access.is_live() or not access.is_answered,
        link=f"{current_school().url}/login/?next=/administration/helpdesk/",
    )
