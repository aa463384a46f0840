"""What the helpdesk says of a school's tickets, taken in by a worker inside the school.

Each may be called twice with the same and does its work once. A caller's transaction.
"""

from datetime import datetime
from uuid import UUID, uuid4

from core.actors import Actor
from core.audit import services as audit
from core.outbox import services as outbox
from helpdesk.handover import ReplyTold, TicketTold
from helpdesk.terms import TicketState
from support.events import ReplyReceived, TicketCompleted, TicketReceived
from support.models import Ticket, TicketMessage
from support.services import official


def note_received(*, ref: UUID, number: str, promised_at: datetime | None) -> None:
    """Keep the number and the promise with which the helpdesk has taken a ticket.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    ticket = Ticket.objects.locked().get(ref=ref)
    if ticket.number:
        return
    ticket.number, ticket.promised_at = number, promised_at
    ticket.save(update_fields=["number", "promised_at"])
    audit.record(_worker(), "ticket.received", ticket)
    outbox.append(TicketReceived(ref=ticket.ref))


def take_reply(told: ReplyTold) -> None:
    """Put what an agent wrote on the requester's ticket.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    ticket = Ticket.objects.locked().get(ref=told.ticket_ref)
    message, is_new = TicketMessage.objects.get_or_create(
        ref=told.message_ref,
        defaults={
            "ticket": ticket,
            "agent_name": told.agent_name,
            "text": told.text,
            "sent_at": told.sent_at,
            "is_question": told.is_question,
        },
    )
    if is_new:
        audit.record(_worker(), "ticket.reply_received", ticket, message=message.ref)
        outbox.append(ReplyReceived(ref=message.ref))


def settle(told: TicketTold) -> None:
    """Keep how a ticket stands; tell the requester where it was completed.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    ticket = Ticket.objects.locked().get(ref=told.ref)
    state = TicketState(told.state)
    if told.completion is not None:
        official.complete(told.ref, told.completion)
    if (ticket.state, ticket.promised_at, ticket.completed_at) == (
        state,
        told.promised_at,
        told.completed_at,
    ):
        return
    is_completed = told.completed_at is not None and ticket.completed_at is None
    ticket.state, ticket.promised_at, ticket.completed_at = (
        state,
        told.promised_at,
        told.completed_at,
    )
    ticket.save(update_fields=["state", "promised_at", "completed_at"])
    audit.record(_worker(), "ticket.settled", ticket, state=state.value)
    if is_completed:
        outbox.append(TicketCompleted(ref=ticket.ref))


def _worker() -> Actor:
    return Actor(request_id=uuid4().hex)
