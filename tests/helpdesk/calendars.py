"""Invented calendars for tests."""

from datetime import datetime, timedelta

from helpdesk.working_time import calendar_from


def at(written):
    """``2026-02-10 10:00Z`` and the like."""
    return datetime.fromisoformat(written)


def minutes(number):
    return timedelta(minutes=number)


def calendar(week, *, zone="Europe/London", holidays=(), exceptions=None):
    """Hours written as ``{"0": "08:30-12:30 13:30-17:00"}``."""
    return calendar_from(
        {
            "tz": zone,
            "week": {day: _pairs(hours) for day, hours in week.items()},
            "holidays": list(holidays),
            "exceptions": {day: _pairs(hours) for day, hours in (exceptions or {}).items()},
        }
    )


def _pairs(hours):
    return [pair.split("-") for pair in hours.split()]


def every_day(hours, **other):
    return calendar({str(day): hours for day in range(7)}, **other)


OFFICE = calendar(
    {"0": "08:30-17:30", "1": "08:30-17:30", "2": "08:30-17:30", "3": "08:30-17:30", "4": "08:30-17:00"},
    holidays=["2026-12-25", "2026-12-28", "2027-01-01"],
    exceptions={"2026-12-24": "08:30-12:00", "2026-12-28": "10:00-11:00", "2026-12-29": ""},
)  # fmt: skip
ALWAYS = every_day("00:00-24:00")
NEVER = calendar({})
