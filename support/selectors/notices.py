"""What an email about a ticket may say: its number, a time, a link; nothing of its text."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from core.tenancy import current_school
from support.models import Ticket, TicketMessage
from support.policies import REOPEN_WITHIN
from support.reply_address import reply_address


@dataclass(frozen=True, kw_only=True)
class TicketNotice:
    """Everything that an email about a ticket may say, and to whom.

    Attributes:
        language: The one that the recipient chose, empty where they chose none.
        is_registered: The recipient still works here.
        promised_at: Until when a reply is promised (UTC), if it is.
        is_question: The helpdesk waits for an answer.
        reopen_until: UTC; of a completed ticket.
        link: The log-in page, which leads on to the ticket.
        reply_to: Address to which they can reply; empty where no mail comes in.
        thread: Message-ID of the thread that the letter belongs to.
    """

    recipient: str
    language: str
    is_registered: bool
    number: str
    promised_at: datetime | None
    is_question: bool
    reopen_until: datetime | None
    link: str
    reply_to: str = ""
    thread: str = ""


def ticket_notice(ref: UUID) -> TicketNotice:
    """Return what the requester may be told of a ticket.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    return _notice(Ticket.objects.select_related("author__user").get(ref=ref))


def reply_notice(message: UUID) -> TicketNotice:
    """Return what the requester may be told of an agent's message.

    Raises:
        TicketMessage.DoesNotExist: There is none.
    """
    rows = TicketMessage.objects.select_related("ticket__author__user")
    reply = rows.get(ref=message)
    return _notice(reply.ticket, is_question=reply.is_question)


def _notice(ticket: Ticket, *, is_question: bool = False) -> TicketNotice:
    author = ticket.author
    until = ticket.completed_at + REOPEN_WITHIN if ticket.completed_at else None
    return TicketNotice(
        recipient=author.user.email,
        language=author.user.language,
        is_registered=author.is_active and author.user.is_active,
        number=ticket.number,
        promised_at=ticket.promised_at,
        is_question=is_question,
        reopen_until=until,
        link=f"{current_school().url}/login/?next=/support/tickets/{ticket.ref}/",
        reply_to=reply_address(
            ticket_id=ticket.pk, ticket_ref=ticket.ref, requester_ref=author.ref
        ),
        thread=f"<ticket-{ticket.ref}@{settings.BASE_DOMAIN}>",
    )
