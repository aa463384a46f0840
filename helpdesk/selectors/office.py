"""The office's page: its hours, targets, notices and canned replies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from helpdesk.models import (
    BankHoliday,
    CannedReply,
    IncidentNotice,
    OfficeCalendar,
    SpecialDay,
    Target,
)
from helpdesk.terms import Priority


@dataclass(frozen=True, kw_only=True)
class OfficeSheet:
    """What leads look after.

    Attributes:
        week: Minutes after midnight by weekday, 0 for Monday.
        special_days: From today on.
        holidays: The next ones, of the calendar's division.
    """

    week: Mapping[int, list[tuple[int, int]]]
    special_days: Sequence[SpecialDay]
    holidays: Sequence[BankHoliday]
    targets: Sequence[Target]
    notices: Sequence[IncidentNotice]
    canned: Sequence[CannedReply]


def office_sheet(today: date) -> OfficeSheet:
    """Return the office's page on a local day."""
    calendar = OfficeCalendar.objects.get(is_default=True)
    week: dict[int, list[tuple[int, int]]] = {number: [] for number in range(7)}
    for one in calendar.week.all():
        week[one.weekday].append((one.opens, one.closes))
    holidays = BankHoliday.objects.filter(division=calendar.division, on__gte=today)
    targets = sorted(Target.objects.all(), key=lambda one: Priority(one.priority).rank)
    return OfficeSheet(
        week=week,
        special_days=list(calendar.special_days.filter(on__gte=today)),
        holidays=list(holidays[:10]),
        targets=targets,
        notices=list(IncidentNotice.objects.filter(closed_at=None).order_by("-opened_at")),
        canned=list(CannedReply.objects.all()),
    )


def canned_with(ref: UUID) -> CannedReply:
    """Return a canned reply.

    Raises:
        CannedReply.DoesNotExist: There is none.
    """
    return CannedReply.objects.get(ref=ref)
