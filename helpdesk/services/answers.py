"""What agents say: replies and questions, which can be taken back for ten seconds; notes."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from core import clock
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.events import TicketReplied, TicketSettled
from helpdesk.models import Ticket, TicketMessage
from helpdesk.services.log import keep, locked_ticket, touch
from helpdesk.services.promises import PROMISES, renew
from helpdesk.terms import EventKind, MessageKind, Refusal, TicketState

#: So long a reply can be taken back.
UNDO_WITHIN = timedelta(seconds=10)


@transaction.atomic(durable=True)
def reply(*, actor: AgentActor, ref: UUID, text: str) -> TicketMessage:
    """Write to the requester; sent in ten seconds, unless it is taken back.

    The promise of a first reply is kept from the moment of writing. Whoever replies to a ticket
    that is nobody's takes it.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    return _say(actor, ref, text, MessageKind.REPLY)


@transaction.atomic(durable=True)
def ask(*, actor: AgentActor, ref: UUID, text: str) -> TicketMessage:
    """Ask the requester a question: the ticket waits, and its end is promised no more till then.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    return _say(actor, ref, text, MessageKind.QUESTION)


@transaction.atomic(durable=True)
def write_note(*, actor: AgentActor, ref: UUID, text: str) -> TicketMessage:
    """Write something for agents alone; it is no reply.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    if why := policies.why_not_note(actor.reader, ticket.facts()) or _nothing_in(text):
        raise Refused(why)
    message = TicketMessage.objects.create(
        ticket=ticket, kind=MessageKind.NOTE, agent_id=actor.reader.agent_id, text=text.strip()
    )
    by = actor.reader.agent_id
    keep(
        ticket,
        EventKind.NOTED,
        *touch(ticket, by),
        agent_id=by,
        facts={"message_ref": message.ref},
    )
    audit.record(actor, "ticket.noted", ticket, message=message.ref)
    return message


@transaction.atomic(durable=True)
def undo_send(*, actor: AgentActor, ref: UUID) -> Ticket:
    """Take back what was written within the last ten seconds; the ticket stands as before.

    Args:
        actor: Who wrote it.
        ref: Of the message.

    Raises:
        TicketMessage.DoesNotExist: There is none.
        Refused: It was sent already, or somebody else wrote it.
    """
    found = TicketMessage.objects.select_related("ticket").get(ref=ref)
    ticket = locked_ticket(found.ticket.ref)
    # The worker that sends locks this row too.
    message = TicketMessage.objects.select_for_update().get(pk=found.pk)
    if why := policies.why_not_undo(actor.reader, message.facts(), clock.now()):
        raise Refused(why)
    message.undone_at = clock.now()
    message.save(update_fields=["undone_at"])
    said = ticket.events.get(facts__message_ref=str(message.ref))
    if ticket.state == said.facts["state"]:
        ticket.state = TicketState(said.facts["was"])
    keep(
        *(ticket, EventKind.SEND_UNDONE, "state"),
        agent_id=actor.reader.agent_id,
        facts={"message_ref": message.ref},
    )
    renew(ticket)
    ticket.save(update_fields=PROMISES)
    audit.record(actor, "ticket.send_undone", ticket, message=message.ref)
    outbox.append(TicketSettled(ref=ticket.ref))
    return ticket


def _say(actor: AgentActor, ref: UUID, text: str, kind: MessageKind) -> TicketMessage:
    ticket = locked_ticket(ref)
    if why := policies.why_not_work_on(actor.reader, ticket.facts()) or _nothing_in(text):
        raise Refused(why)
    by, now = actor.reader.agent_id, clock.now()
    message = TicketMessage.objects.create(
        ticket=ticket,
        kind=kind,
        agent_id=by,
        text=text.strip(),
        written_at=now,
        send_at=now + UNDO_WITHIN,
    )
    was, is_question = ticket.state, kind == MessageKind.QUESTION
    if is_question:
        ticket.state = TicketState.WAITING
    elif ticket.state == TicketState.NEW:
        ticket.state = TicketState.OPEN
    if ticket.agent_id is None:
        ticket.agent_id = by
    touch(ticket, by)
    keep(
        *(ticket, EventKind.ASKED if is_question else EventKind.REPLIED),
        *("state", "agent", "is_touched"),
        agent_id=by,
        at=now,
        facts={"message_ref": message.ref, "was": was, "state": ticket.state},
    )
    renew(ticket)
    ticket.save(update_fields=PROMISES)
    verb = "ticket.asked" if is_question else "ticket.replied"
    audit.record(actor, verb, ticket, message=message.ref)
    told = TicketReplied(ref=ticket.ref, message_ref=message.ref)
    outbox.append(told, TicketSettled(ref=ticket.ref), due_at=message.send_at)
    return message


def _nothing_in(text: str) -> Refusal | None:
    return None if text.strip() else Refusal.NOTHING_SAID
