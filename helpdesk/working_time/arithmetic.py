"""When a budget of working time is due, and what of it is worked."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from helpdesk.working_time.calendar import Calendar
from helpdesk.working_time.open_times import (
    EPOCH,
    LATEST,
    MICROSECOND,
    SECOND,
    YEAR,
    NoWorkingTime,
    Span,
)

#: When nobody works: from an instant until another, or until nobody knows when (None). Pauses may
#: overlap, touch, be empty, come in any order, and lie outside the office hours.
Pause = tuple[datetime, datetime | None]


class Interval(NamedTuple):
    """A half-open interval, in UTC."""

    start: datetime
    end: datetime


def due(
    calendar: Calendar, start: datetime, budget: timedelta, pauses: Iterable[Pause] = ()
) -> datetime:
    """Return the earliest instant by which a budget is worked, in UTC.

    Nothing (a budget of zero) is due at the first instant at which somebody could work: ``start``
    itself in hours and outside pauses, else the next opening or the end of the pause.

    Raises:
        NoWorkingTime: The budget is never worked: no hours, a pause without an end, or too far away.
        ValueError: A negative budget, an instant without a time zone, a pause that ends before it begins.
    """
    amount = budget // MICROSECOND
    if amount < 0:
        raise ValueError("A budget of working time is not negative.")
    if not amount:
        # Whoever works the first microsecond of all begins where nothing is due.
        return _instant(_due(calendar, _micros(start), 1, pauses) - 1)
    return _instant(_due(calendar, _micros(start), amount, pauses))


def worked(
    calendar: Calendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()
) -> timedelta:
    """Return the working time from ``start`` until ``end``; nothing when ``end`` is not the later.

    Raises:
        ValueError: As for ``due``.
    """
    unpaused = _unpaused(_micros(start), _micros(end), pauses)
    return timedelta(microseconds=sum(_worked(calendar, *span) for span in unpaused))


def consumed(
    calendar: Calendar, start: datetime, end: datetime, pauses: Iterable[Pause] = ()
) -> list[Interval]:
    """Return the intervals that are worked from ``start`` until ``end``, in order.

    From a start until its due time, they are what explains the due time: they add up to the budget.

    Raises:
        ValueError: As for ``due``.
    """
    return [
        Interval(_instant(begins), _instant(ends))
        for since, until in _unpaused(_micros(start), _micros(end), pauses)
        for begins, ends in calendar.open_times.covering(since, until).between(since, until)
    ]


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Tell whether the office is open at an instant."""
    return _worked(calendar, _micros(at), _micros(at) + 1) == 1


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """Return the first instant from ``at`` on at which the office is open: ``at`` itself in hours.

    Raises:
        NoWorkingTime: It opens no more.
    """
    return due(calendar, at, timedelta())


def closing_after(calendar: Calendar, at: datetime) -> datetime | None:
    """Return when the office closes next: the end of these hours, or of the next ones.

    Returns:
        The closing time in UTC, or None if it does not close within the year that follows.

    Raises:
        NoWorkingTime: It opens no more.
    """
    opening = _micros(next_opening(calendar, at))
    a_year_on = opening + YEAR
    stretch = calendar.open_times.covering(opening, a_year_on)
    _, closing = next(stretch.between(opening, a_year_on))
    return _instant(closing) if closing < a_year_on else None


def _due(calendar: Calendar, start: int, amount: int, pauses: Iterable[Pause]) -> int:
    if not pauses:
        return calendar.open_times.due(start, amount)
    for since, until in _unpaused(start, LATEST, pauses):
        at = calendar.open_times.due(since, amount)
        if at <= until:
            return at
        amount -= _worked(calendar, since, until)
    raise NoWorkingTime("A pause has no end.")


def _worked(calendar: Calendar, since: int, until: int) -> int:
    stretch = calendar.open_times.covering(since, until)
    return stretch.worked_before(until) - stretch.worked_before(since)


def _unpaused(start: int, end: int, pauses: Iterable[Pause]) -> Iterator[Span]:
    """Yield what is left of ``start`` to ``end`` when the pauses are taken away, in order."""
    for begins, ends in sorted(map(_span, pauses)):
        if begins >= end:
            break
        if start < begins:
            yield start, begins
        start = max(start, ends)
    if start < end:
        yield start, end


def _span(pause: Pause) -> Span:
    begins, ends = pause
    span = _micros(begins), LATEST if ends is None else _micros(ends)
    if span[0] > span[1]:
        raise ValueError("A pause ends before it begins.")
    return span


def _micros(at: datetime) -> int:
    try:
        since = at - EPOCH
    except TypeError:
        raise ValueError("An instant needs a time zone.") from None
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def _instant(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)
