"""A ticket's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from helpdesk.models import (
    Agent,
    CannedReply,
    IncidentNotice,
    Tag,
    Team,
    Ticket,
    TicketEvent,
    TicketFile,
    TicketMessage,
)
from helpdesk.office import office_hours
from helpdesk.promises import Promise
from helpdesk.selectors.promises import promises_of
from helpdesk.terms import AgentRole

#: The columns of a message that its ticket's page shows.
_SAID = (
    *("ref", "ticket", "kind", "text", "written_at", "send_at", "undone_at"),
    *("agent__name", "origin_id"),
)
#: Columns of an agent that no page of a ticket shows.
_UNSEEN = [
    f"{agent}__{column}"
    for agent in ("agent", "alarm__acknowledged_by")
    for column in ("user", "role", "created_at", "skills", "capacity", "presence_at", "dealt_at")
]


@dataclass(frozen=True, kw_only=True)
class TicketSheet:
    """A ticket with what was said.

    Attributes:
        messages: In order, each with its files.
    """

    ticket: Ticket
    messages: Sequence[tuple[TicketMessage, Sequence[TicketFile]]]


@dataclass(frozen=True, kw_only=True)
class Explained:
    """A promise, and the working time of which it is made.

    Attributes:
        due_at: As it stands on the ticket (UTC).
        met_at: When it was kept (UTC).
    """

    words: str
    promise: Promise
    due_at: datetime | None
    met_at: datetime | None


def ticket_sheet(ref: UUID) -> TicketSheet:
    """Return a ticket with its messages in order, each with its files.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    ticket = ticket_with(ref)
    messages = ticket.messages.select_related("agent").only(*_SAID)
    files: dict[int, list[TicketFile]] = {}
    for file in TicketFile.objects.filter(message__ticket=ticket).order_by("pk"):
        files.setdefault(file.message_id, []).append(file)
    return TicketSheet(
        ticket=ticket,
        messages=[(one, files.get(one.pk, [])) for one in messages.order_by("written_at", "pk")],
    )


def ticket_with(ref: UUID) -> Ticket:
    """Return a ticket with its school, team, agent, alarm, and the words of its tags.

    What few tickets have, a notice and the ticket they were merged into, is asked for where it is shown: PostgreSQL takes longer
    over eight joins than over both.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    words = Tag.objects.filter(tickets=OuterRef("pk")).values("name")
    rows = Ticket.objects.annotate(tag_words=ArraySubquery(words))
    rows = rows.select_related("school", "team", "agent", "alarm__acknowledged_by")
    return rows.defer(*_UNSEEN).get(ref=ref)


def log_of(ticket: Ticket) -> list[TicketEvent]:
    """Return what happened to a ticket, in order, each with whoever did it."""
    return list(ticket.events.select_related("agent").order_by("pk"))


def explained(ticket: Ticket, now: datetime) -> tuple[Explained, Explained]:
    """Return both promises of a ticket with the intervals of which they are made."""
    promised = promises_of(ticket, office_hours(), now)
    return (
        Explained(
            words="First reply",
            promise=promised.first_reply,
            due_at=ticket.first_reply_due_at,
            met_at=ticket.first_reply_met_at,
        ),
        Explained(
            words="Completed",
            promise=promised.resolution,
            due_at=ticket.resolution_due_at,
            met_at=ticket.completed_at,
        ),
    )


def colleagues_on_duty() -> list[Agent]:
    """Return who can be given a ticket now, by name."""
    rows = Agent.objects.filter(is_active=True, is_on_duty=True)
    return list(rows.exclude(role=AgentRole.EDITOR).order_by("name", "pk"))


def teams() -> list[Team]:
    """Return the teams by name."""
    return list(Team.objects.order_by("name"))


def open_notices() -> list[IncidentNotice]:
    """Return the notices that are not over, newest first."""
    return list(IncidentNotice.objects.filter(closed_at=None).order_by("-opened_at"))


def canned_replies(topic: str) -> list[CannedReply]:
    """Return the canned replies about a topic and those about any."""
    return list(CannedReply.objects.filter(topic__in=("", topic)))


def filled(canned: CannedReply, ticket: Ticket, agent_name: str) -> str:
    """Return a canned reply with its fields filled in; what is no field stays as it is."""
    fields = {
        "{requester}": ticket.requester_name,
        "{number}": ticket.number,
        "{agent}": agent_name,
        "{school}": ticket.school.name,
    }
    text = canned.text
    for name, value in fields.items():
        text = text.replace(name, value)
    return text


def ticket_numbered(number: int) -> UUID | None:
    """Return the reference of a ticket by its number."""
    return Ticket.objects.filter(pk=number).values_list("ref", flat=True).first()


def ticket_of_message(ref: UUID) -> UUID | None:
    """Return the reference of a message's ticket."""
    return Ticket.objects.filter(messages__ref=ref).values_list("ref", flat=True).first()


def ticket_of_alarm(ref: UUID) -> UUID | None:
    """Return the reference of an alarm's ticket."""
    return Ticket.objects.filter(alarm__ref=ref).values_list("ref", flat=True).first()


def file_of_ticket(ref: UUID) -> TicketFile:
    """Return a file with its message, its ticket, where that was written, and its school.

    Raises:
        TicketFile.DoesNotExist: There is none.
    """
    with_message = TicketFile.objects.select_related("message__ticket__school", "message__origin")
    return with_message.get(ref=ref)
