"""A calendar of office hours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk.working_time.open_times import MICROSECOND, OpenTimes, Span

_MIDNIGHT = "24:00"
_DAY = timedelta(days=1)


class Hours(NamedTuple):
    """One interval of a day, by the office's wall clock.

    Attributes:
        opens: After the midnight that begins the day.
        closes: After the same midnight, and after ``opens``; more than 24 hours when the interval
            ends on the next day. It belongs to the day on which it begins.
    """

    opens: timedelta
    closes: timedelta


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When the office is open. Several intervals a day may touch and overlap: they are one then.

    Keep one calendar for many questions: its intervals are compiled once, when first needed.

    Attributes:
        zone: Of the office's wall clock.
        week: The hours of the seven days, Monday first.
        holidays: Local dates without hours.
        exceptions: Local dates with hours of their own (or none), holidays among them too.

    Raises:
        ValueError: A week without seven days, or hours that do not end after they begin.
    """

    zone: ZoneInfo
    week: tuple[tuple[Hours, ...], ...]
    holidays: frozenset[date] = frozenset()
    exceptions: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("A week has seven days.")
        for hours in (*self.week, *self.exceptions.values()):
            for opens, closes in hours:
                if not timedelta() <= opens < min(closes, _DAY) or closes > opens + _DAY:
                    raise ValueError("Hours begin within their day and last 24 hours at most.")

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """Return the hours that begin on a local date: its own, none on a holiday, or the week's."""
        if (own := self.exceptions.get(day)) is not None:
            return own
        return () if day in self.holidays else self.week[day.weekday()]

    @cached_property
    def open_times(self) -> OpenTimes:
        """The hours as UTC intervals."""
        return OpenTimes(self.zone, self._spans_on)

    def _spans_on(self, day: date) -> list[Span]:
        return [
            (opens // MICROSECOND, closes // MICROSECOND) for opens, closes in self.hours_on(day)
        ]


def calendar_from(facts: Mapping[str, Any]) -> Calendar:
    """Read a calendar as it is written in JSON.

    Args:
        facts: ``tz`` (an IANA name), ``week`` ("0" for Monday to "6": lists of ["08:30", "17:30"]),
            ``holidays`` (ISO dates) and ``exceptions`` (ISO date: such a list). "24:00" is the end
            of the day; an interval that ends before it begins ends on the next day.

    Raises:
        ValueError: Something in it cannot be read; the sentence says what.
    """
    try:
        week = {int(number): _hours(pairs) for number, pairs in facts["week"].items()}
        if not set(week) <= set(range(7)):
            raise ValueError("The days of a week are 0 (Monday) to 6.")
        return Calendar(
            zone=ZoneInfo(facts["tz"]),
            week=tuple(week.get(number, ()) for number in range(7)),
            holidays=frozenset(map(date.fromisoformat, facts.get("holidays", ()))),
            exceptions={
                date.fromisoformat(day): _hours(pairs)
                for day, pairs in facts.get("exceptions", {}).items()
            },
        )
    except (AttributeError, TypeError, LookupError, ZoneInfoNotFoundError) as fault:
        raise ValueError(f"This is no calendar ({type(fault).__name__}: {fault}).") from fault


def _hours(pairs: Iterable[tuple[str, str]]) -> tuple[Hours, ...]:
    return tuple(_interval(opens, closes) for opens, closes in pairs)


def _interval(opens: str, closes: str) -> Hours:
    if opens == closes:
        raise ValueError(f"{opens} to {closes} has no length; a whole day is 00:00 to {_MIDNIGHT}.")
    begins, ends = _after_midnight(opens), _after_midnight(closes)
    return Hours(begins, ends if ends > begins else ends + _DAY)


def _after_midnight(written: str) -> timedelta:
    if written == _MIDNIGHT:
        return _DAY
    at = time.fromisoformat(written)
    return timedelta(
        hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )
