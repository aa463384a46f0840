"""What is promised for a ticket, worked out from its log."""

from collections.abc import Iterable
from datetime import datetime

from helpdesk.models import Ticket, TicketEvent
from helpdesk.office import OfficeHours
from helpdesk.promises import Event, Kind, Promises, promises_at
from helpdesk.terms import EventKind, Priority

_KINDS = {
    EventKind.ACKNOWLEDGED: (Kind.ACKNOWLEDGED,),
    EventKind.NOTED: (Kind.NOTED,),
    EventKind.REPLIED: (Kind.REPLIED,),
    EventKind.ASKED: (Kind.REPLIED, Kind.WAITING),
    EventKind.ANSWERED: (Kind.ANSWERED,),
    EventKind.COMPLETED: (Kind.RESOLVED,),
    EventKind.REOPENED: (Kind.REOPENED,),
}
#: The lines of a log that say something of promises.
PROMISE_EVENTS = (*_KINDS, EventKind.MERGED, EventKind.SEND_UNDONE)


def promises_of(ticket: Ticket, office: OfficeHours, at: datetime) -> Promises:
    """Work out a ticket's promises as they stand at an instant.

    The hours and the targets are those that hold now, from the start: what was kept under others
    stands on the ticket itself.
    """
    log = list(_log(ticket, office))
    # The clock of a school may be ahead of ours.
    return promises_at(log, max(at, log[-1].at))


def first_reply_in(ticket: Ticket) -> datetime | None:
    """Return when the log says that the first reply was given; completing is told, so it is one."""
    counting = {EventKind.REPLIED, EventKind.ASKED, EventKind.COMPLETED}
    return next((at for one, at in _standing(ticket) if one.kind in counting), None)


def _log(ticket: Ticket, office: OfficeHours) -> Iterable[Event]:
    yield Event(
        kind=Kind.CREATED,
        at=ticket.raised_at,
        calendar=office.calendar,
        targets=office.targets[Priority(ticket.priority)],
    )
    for event, at in _standing(ticket):
        if event.kind == EventKind.MERGED and "into_ref" in event.facts:
            yield Event(kind=Kind.MERGED, at=at)
        for kind in _KINDS.get(EventKind(event.kind), ()):
            yield Event(kind=kind, at=at)


def _standing(ticket: Ticket) -> list[tuple[TicketEvent, datetime]]:
    """Return the log in order without what was taken back; its instants never run backwards."""
    log = sorted(ticket.events.all(), key=lambda one: one.pk)
    undone = {one.facts["message_ref"] for one in log if one.kind == EventKind.SEND_UNDONE}
    at, standing = ticket.raised_at, []
    for event in log:
        # Two clocks may differ, and what a school sends may take its time.
        at = max(at, event.happened_at)
        if event.facts.get("message_ref") not in undone:
            standing.append((event, at))
    return standing
