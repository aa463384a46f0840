"""What happens to a school's tickets, by reference."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from core.outbox.events import Event


@dataclass(frozen=True)
class TicketRaised(Event):
    """A ticket was sent to the helpdesk."""

    kind: ClassVar[str] = "support.ticket_raised"
    ref: UUID


@dataclass(frozen=True)
class AnswerGiven(Event):
    """The requester wrote again; ``ref`` is the message's."""

    kind: ClassVar[str] = "support.answer_given"
    ref: UUID


@dataclass(frozen=True)
class TicketReopened(Event):
    """The requester reopened a completed ticket."""

    kind: ClassVar[str] = "support.ticket_reopened"
    ref: UUID


@dataclass(frozen=True)
class TicketRated(Event):
    """The requester rated the answer."""

    kind: ClassVar[str] = "support.ticket_rated"
    ref: UUID


@dataclass(frozen=True)
class TicketReceived(Event):
    """The helpdesk has the ticket: it has a number and a promised time."""

    kind: ClassVar[str] = "support.ticket_received"
    ref: UUID


@dataclass(frozen=True)
class ReplyReceived(Event):
    """An agent wrote to the requester; ``ref`` is the message's."""

    kind: ClassVar[str] = "support.reply_received"
    ref: UUID


@dataclass(frozen=True)
class TicketCompleted(Event):
    """The helpdesk completed the ticket."""

    kind: ClassVar[str] = "support.ticket_completed"
    ref: UUID


@dataclass(frozen=True)
class AccessRequested(Event):
    """An agent asks to look at the school's site; ``staff`` is the administrator to be told."""

    kind: ClassVar[str] = "support.access_requested"
    ref: UUID
    staff: UUID


@dataclass(frozen=True)
class AccessGranted(Event):
    """An agent was let in; ``staff`` is the administrator to be told."""

    kind: ClassVar[str] = "support.access_granted"
    ref: UUID
    staff: UUID


@dataclass(frozen=True)
class AccessOver(Event):
    """The time is over for which an agent was let in; due at that time."""

    kind: ClassVar[str] = "support.access_over"
    ref: UUID


@dataclass(frozen=True)
class AccessAnswered(Event):
    """The school granted or refused an agent's access, or it ended: the helpdesk is to know."""

    kind: ClassVar[str] = "support.access_answered"
    ref: UUID


@dataclass(frozen=True)
class OfficialAsked(Event):
    """An official request was made and waits for approval; ``staff`` is to be told."""

    kind: ClassVar[str] = "support.official_asked"
    ref: UUID
    staff: UUID


@dataclass(frozen=True)
class OfficialSent(Event):
    """An official request goes to the helpdesk; ``staff`` is to be told."""

    kind: ClassVar[str] = "support.official_sent"
    ref: UUID
    staff: UUID


@dataclass(frozen=True)
class OfficialDeclined(Event):
    """An official request was declined; ``staff`` is to be told."""

    kind: ClassVar[str] = "support.official_declined"
    ref: UUID
    staff: UUID


@dataclass(frozen=True)
class OfficialLapsed(Event):
    """An official request has lapsed; ``staff`` is to be told."""

    kind: ClassVar[str] = "support.official_lapsed"
    ref: UUID
    staff: UUID


@dataclass(frozen=True)
class OfficialCompleted(Event):
    """The helpdesk completed an official request; ``staff`` is to be told."""

    kind: ClassVar[str] = "support.official_completed"
    ref: UUID
    staff: UUID


@dataclass(frozen=True)
class OfficialLapses(Event):
    """An official request lapses unless it was decided; due when its time is over."""

    kind: ClassVar[str] = "support.official_lapses"
    ref: UUID


@dataclass(frozen=True)
class CallTaken(Event):
    """An agent noted a telephone call: whoever it was is to confirm it, or to say it was not."""

    kind: ClassVar[str] = "support.call_taken"
    ref: UUID


@dataclass(frozen=True)
class CallAnswered(Event):
    """A telephone call was confirmed or denied: the helpdesk is to know."""

    kind: ClassVar[str] = "support.call_answered"
    ref: UUID
