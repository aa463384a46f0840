"""What was promised to whoever raised a ticket, worked out from the ticket's log. Pure.

Two promises run from the moment a ticket is raised: a first reply, and a resolution. Each has a
budget of working time. What is open follows the calendar and the targets that hold now, from the
start; what was kept stays as it was judged then, until a ticket is reopened.

* A first reply is a public answer by an agent. Resolving is told to the requester, so it is one too;
  an acknowledgement and an internal note are none. Waiting for the requester does not put it off.
* A resolution is put off while the ticket waits for the requester, and while it is resolved.
* A reopened ticket has at least 60 minutes of working time left.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.working_time import (
    Calendar,
    Interval,
    NoWorkingTime,
    Pause,
    consumed,
    due,
    worked,
)

#: What a reopened ticket has left at least.
AT_LEAST_AFTER_REOPENING = timedelta(minutes=60)


class Kind(StrEnum):
    """What happened to a ticket. The codes are stored."""

    CREATED = "created"
    ACKNOWLEDGED = "ack"
    NOTED = "note"
    REPLIED = "reply"
    WAITING = "wait"
    ANSWERED = "answer"
    RESOLVED = "resolve"
    REOPENED = "reopen"
    PRIORITY_CHANGED = "priority"
    CALENDAR_CHANGED = "calendar"
    MERGED = "merge"


class State(StrEnum):
    """Where a ticket stands, as far as its promises are concerned."""

    OPEN = "open"
    WAITING = "waiting"
    RESOLVED = "resolved"
    MERGED = "merged"


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The working time that is promised for a priority."""

    first_reply: timedelta
    resolution: timedelta


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of a ticket's log.

    Attributes:
        kind: What happened.
        at: When; with a time zone.
        calendar: The one that holds from now on (when raised, and when it changed).
        targets: Those that hold from now on (when raised, and when the priority changed).
    """

    kind: Kind
    at: datetime
    calendar: Calendar | None = None
    targets: Targets | None = None


@dataclass(frozen=True, kw_only=True)
class Promise:
    """One promise as it stood at an instant.

    Attributes:
        calendar: The hours it is counted in.
        start: When its clock started.
        budget: What was promised, and what reopening added.
        pauses: When its clock stood still; the last may have no end.
        until: When it was kept, or the instant it is looked at.
        due: By when it is to be kept; None while it waits, or when the calendar has no such time.
        met: Whether it was kept in time: None while that is open.
        used: Working time from ``start`` until ``until``.
    """

    calendar: Calendar
    start: datetime
    budget: timedelta
    pauses: tuple[Pause, ...]
    until: datetime
    due: datetime | None
    met: bool | None
    used: timedelta

    @property
    def left(self) -> timedelta:
        """What is left of the budget; negative by as much as it is overdrawn."""
        return self.budget - self.used

    def explained(self) -> list[Interval]:
        """Return the intervals that add up to the due time, or those used so far if there is none."""
        return consumed(self.calendar, self.start, self.due or self.until, self.pauses)


@dataclass(frozen=True, kw_only=True)
class Promises:
    """Both promises of a ticket, and its state."""

    state: State
    first_reply: Promise
    resolution: Promise


@dataclass(frozen=True, kw_only=True)
class _Course:
    """What the log says so far; a promise is in it once it is kept (or given up by merging)."""

    start: datetime
    calendar: Calendar
    targets: Targets
    state: State = State.OPEN
    stopped_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    reopened_at: tuple[datetime, ...] = ()
    first_reply: Promise | None = None
    resolution: Promise | None = None


def promises_at(log: Iterable[Event], at: datetime) -> Promises:
    """Work out a ticket's promises as they stand at an instant.

    Args:
        log: The ticket's events; those of the same instant in the order in which they happened.
            What does not fit (waiting when resolved, reopening when open) changes nothing. That
            waiting needs a public question is for whoever writes the log to see to.
        at: Later events are left out, and what was due before and is not done is missed.

    Raises:
        ValueError: The log does not begin with ``created``, its calendar and its targets.
    """
    events = sorted((event for event in log if event.at <= at), key=lambda event: event.at)
    course = _begun(events)
    for event in events[1:]:
        course = _continued(course, event)
    return Promises(
        state=course.state,
        first_reply=course.first_reply or _first_reply(course, at, kept=False),
        resolution=course.resolution or _resolution(course, at, kept=False),
    )


def _begun(events: list[Event]) -> _Course:
    first = events[0] if events else None
    if first is None or first.kind is not Kind.CREATED or not first.calendar or not first.targets:
        raise ValueError("A log begins with “created”, its calendar and its targets.")
    return _Course(start=first.at, calendar=first.calendar, targets=first.targets)


def _continued(course: _Course, event: Event) -> _Course:
    """Return the course after one more event."""
    match event.kind, course.state:
        case Kind.REPLIED, _:
            return _replied(course, event.at)
        case Kind.WAITING, State.OPEN:
            return replace(course, state=State.WAITING, stopped_at=event.at)
        case Kind.ANSWERED, State.WAITING:
            return _resumed(course, event.at)
        case Kind.RESOLVED, State.OPEN | State.WAITING:
            return _resolved(course, event.at)
        case Kind.REOPENED, State.RESOLVED:
            reopened_at = (*course.reopened_at, event.at)
            return replace(_resumed(course, event.at), reopened_at=reopened_at, resolution=None)
        case ((Kind.PRIORITY_CHANGED | Kind.CALENDAR_CHANGED), _):
            return _changed(course, event)
        case Kind.MERGED, _:
            return _merged(course, event.at)
    return course


def _replied(course: _Course, at: datetime) -> _Course:
    if course.first_reply:
        return course
    return replace(course, first_reply=_first_reply(course, at, kept=True))


def _resumed(course: _Course, at: datetime) -> _Course:
    if course.stopped_at is None:
        return course
    pauses = (*course.pauses, (course.stopped_at, at))
    return replace(course, state=State.OPEN, stopped_at=None, pauses=pauses)


def _resolved(course: _Course, at: datetime) -> _Course:
    course = _replied(_resumed(course, at), at)
    resolution = _resolution(course, at, kept=True)
    return replace(course, state=State.RESOLVED, stopped_at=at, resolution=resolution)


def _merged(course: _Course, at: datetime) -> _Course:
    """Nobody works on it any more: what was open and not missed stays undecided."""
    return replace(
        course,
        state=State.MERGED,
        first_reply=course.first_reply or _first_reply(course, at, kept=False),
        resolution=course.resolution or _resolution(course, at, kept=False),
    )


def _changed(course: _Course, event: Event) -> _Course:
    return replace(
        course,
        calendar=event.calendar or course.calendar,
        targets=event.targets or course.targets,
    )


def _first_reply(course: _Course, until: datetime, *, kept: bool) -> Promise:
    return _promise(course, course.targets.first_reply, (), until, kept=kept)


def _resolution(course: _Course, until: datetime, *, kept: bool) -> Promise:
    pauses = course.pauses
    if course.stopped_at is not None:
        pauses = (*pauses, (course.stopped_at, None))
    budget = course.targets.resolution
    for reopened_at in course.reopened_at:
        used = worked(course.calendar, course.start, reopened_at, pauses)
        budget = max(budget, used + AT_LEAST_AFTER_REOPENING)
    return _promise(course, budget, pauses, until, kept=kept)


def _promise(
    course: _Course, budget: timedelta, pauses: tuple[Pause, ...], until: datetime, *, kept: bool
) -> Promise:
    due_at = _due_or_none(course, budget, pauses)
    is_late = due_at is not None and until > due_at
    return Promise(
        calendar=course.calendar,
        start=course.start,
        budget=budget,
        pauses=pauses,
        until=until,
        due=due_at,
        met=not is_late if kept or is_late else None,
        used=worked(course.calendar, course.start, until, pauses),
    )


def _due_or_none(course: _Course, budget: timedelta, pauses: tuple[Pause, ...]) -> datetime | None:
    try:
        return due(course.calendar, course.start, budget, pauses)
    except NoWorkingTime:
        return None
