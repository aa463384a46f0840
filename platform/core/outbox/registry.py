"""Which handler acts on which kind of event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from core.outbox.events import Event

E = TypeVar("E", bound=Event)
Handler = Callable[[Event, UUID], None]


class Undeliverable(Exception):
    """The handler knows that trying again will not help; the message is shown to people.

    The message never holds a pupil's name, text or file name.
    """


class TryLater(Exception):
    """The world outside is not ready for this event (greylisted, cut off); again with backoff.

    Attributes:
        most_attempts: Give the event up after so many, where each attempt may do harm.
    """

    def __init__(self, why: str, *, most_attempts: int | None = None) -> None:
        super().__init__(why)
        self.most_attempts = most_attempts


class OutOfReach(Exception):
    """The server that the handler needs is away, for every event alike.

    It is no attempt: the event stays as it was, and the run leaves the others of its kind alone.
    """


@dataclass(frozen=True)
class Registration:
    """An event class, what acts on it, and what to do once it was given up."""

    event: type[Event]
    handler: Handler
    when_parked: Callable[[Event, str], None] | None


_registrations: dict[str, Registration] = {}


def handles(
    event: type[E], *, when_parked: Callable[[E, str], None] | None = None
) -> Callable[[Callable[[E, UUID], None]], Callable[[E, UUID], None]]:
    """Register the decorated function as the one that acts on ``event``.

    It is called with the event and the outbox row's reference, inside the transaction that
    locks the row, and must be safe to run twice. What cannot be undone (handing over a mail) it
    does last: a worker that dies between that and the commit does it again.

    Args:
        event: Class of the events.
        when_parked: Called, in the same transaction, with the event and the reason when it is
            given up, so that the record can show it to people.
    """

    def register(handler: Callable[[E, UUID], None]) -> Callable[[E, UUID], None]:
        if event.kind in _registrations:
            raise ValueError(f"{event.kind} has a handler already.")
        _registrations[event.kind] = Registration(event, handler, when_parked)  # type: ignore[arg-type] # the registry is untyped inside
        return handler

    return register


def registration_of(kind: str) -> Registration:
    """Return who acts on ``kind``.

    Raises:
        TryLater: Nobody here does; while a new version is rolled out, a newer worker will.
    """
    try:
        return _registrations[kind]
    except KeyError:
        raise TryLater(f"nothing handles events of the kind {kind}") from None
