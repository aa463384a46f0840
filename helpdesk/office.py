"""When the office is open and what it promises, as everybody may know it: from anywhere.

The hours are read by a function of the database that tells nothing else of the helpdesk (decision
0011), so that a school's page may say when somebody will reply.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from core.tenancy import nowhere
from helpdesk.promises import Targets
from helpdesk.terms import Priority
from helpdesk.working_time import Calendar, Hours, NoWorkingTime, due, is_open, next_opening


@dataclass(frozen=True, kw_only=True)
class OfficeHours:
    """The office's hours and its targets.

    Attributes:
        holidays: Names of bank holidays, by local date.
        reasons: Why a day differs, by local date.
        targets: By priority.
    """

    calendar: Calendar
    holidays: Mapping[date, str]
    reasons: Mapping[date, str]
    targets: Mapping[Priority, Targets]

    def is_open(self, at: datetime) -> bool:
        """Say whether the office is open at an instant."""
        return is_open(self.calendar, at)

    def opens_at(self, at: datetime) -> datetime | None:
        """Return the first instant from ``at`` on at which it is open (UTC); None where never."""
        try:
            return next_opening(self.calendar, at)
        except NoWorkingTime:
            return None

    def first_reply_by(self, priority: Priority, raised_at: datetime) -> datetime | None:
        """Return until when a first reply is promised (UTC); None where the office never opens."""
        try:
            return due(self.calendar, raised_at, self.targets[priority].first_reply)
        except NoWorkingTime:
            return None

    def why_closed_on(self, day: date) -> str:
        """Return the name of the holiday, or the reason of a day that differs; else nothing."""
        return self.reasons.get(day) or self.holidays.get(day, "")


def office_hours() -> OfficeHours:
    """Return the office's hours, at a school, at a face or nowhere."""
    with nowhere(), connection.cursor() as cursor:
        cursor.execute("SELECT public.office_hours()")
        (told,) = cursor.fetchone()
    return _office(json.loads(told) if isinstance(told, str) else told)


def _office(told: Mapping[str, Any]) -> OfficeHours:
    exceptions = {date.fromisoformat(day): one for day, one in told["exceptions"].items()}
    holidays = {date.fromisoformat(day): name for day, name in told["holidays"].items()}
    calendar = Calendar(
        zone=ZoneInfo(told["time_zone"]),
        week=tuple(_hours(told["week"].get(str(weekday), ())) for weekday in range(7)),
        holidays=frozenset(holidays),
        exceptions={day: _hours(one["hours"]) for day, one in exceptions.items()},
    )
    return OfficeHours(
        calendar=calendar,
        holidays=holidays,
        reasons={day: one["reason"] for day, one in exceptions.items()},
        targets={
            Priority(priority): Targets(
                first_reply=timedelta(minutes=one["first_reply"]),
                resolution=timedelta(minutes=one["resolution"]),
            )
            for priority, one in told["targets"].items()
        },
    )


def _hours(pairs: Any) -> tuple[Hours, ...]:
    return tuple(
        Hours(timedelta(minutes=opens), timedelta(minutes=closes)) for opens, closes in pairs
    )
