"""What the helpdesk tells the world, by reference."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.outbox.events import Event


@dataclass(frozen=True)
class TicketReplied(Event):
    """An agent wrote to the requester; due once it can no longer be taken back."""

    kind: ClassVar[str] = "helpdesk.ticket_replied"
    ref: UUID
    message_ref: UUID


@dataclass(frozen=True)
class AccessAsked(Event):
    """An agent asks to look at a school's site; ``ref`` is the request's."""

    kind: ClassVar[str] = "helpdesk.access_asked"
    ref: UUID


@dataclass(frozen=True)
class AccessWithdrawn(Event):
    """The helpdesk asks for access no more; ``ref`` is the request's."""

    kind: ClassVar[str] = "helpdesk.access_withdrawn"
    ref: UUID


@dataclass(frozen=True)
class CallNoted(Event):
    """An agent noted a telephone call that is to be confirmed in writing; ``ref`` is the call's."""

    kind: ClassVar[str] = "helpdesk.call_noted"
    ref: UUID


@dataclass(frozen=True)
class TicketSettled(Event):
    """The state or the promise of a ticket changed, and its requester should see it."""

    kind: ClassVar[str] = "helpdesk.ticket_settled"
    ref: UUID
