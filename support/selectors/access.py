"""Agents' access to the school's site, for administrators, for the door and for the record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.tenancy import current_school
from schools.models import Staff
from support.models import SupportAccess

#: Shown on the administrators' page; the record holds them all.
MOST_LISTED = 50


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
