"""What the school's side is told: called by it in a worker, in public and in a transaction."""

from uuid import UUID

from core import clock
from core.outbox.registry import TryLater
from helpdesk.handover import (
    AccessTold,
    CallAnswer,
    CallTold,
    CompletionTold,
    ReplyTold,
    TicketTold,
)
from helpdesk.models import (
    AccessRequest,
    OfficialCall,
    OfficialCompletion,
    Ticket,
    TicketMessage,
)
from helpdesk.official import CallState
from helpdesk.policies import is_open
from helpdesk.terms import ANSWERS, MessageKind


def reply_told(message_ref: UUID) -> ReplyTold | None:
    """Return what an agent wrote to the requester; None where it was taken back.

    The message's row is locked, so that nobody takes it back while it is sent.

    Raises:
        TicketMessage.DoesNotExist: There is none, or it goes to nobody.
        TryLater: It can still be taken back.
    """
    rows = TicketMessage.objects.select_for_update(of=("self",))
    message = rows.select_related("ticket__school", "agent").get(ref=message_ref, kind__in=ANSWERS)
    if message.undone_at is not None:
        return None
    if message.agent is None or message.send_at is None:
        raise TicketMessage.DoesNotExist
    if message.send_at > clock.now():
        raise TryLater("the reply can still be taken back")
    return ReplyTold(
        ticket_ref=message.ticket.ref,
        school_ref=message.ticket.school.ref,
        message_ref=message.ref,
        agent_name=message.agent.name,
        text=message.text,
        sent_at=message.send_at,
        is_question=message.kind == MessageKind.QUESTION,
    )


def tickets_told(ref: UUID) -> list[TicketTold]:
    """Return how a ticket stands, and all that were merged into it, which stand as it does.

    A merged ticket is not over for its requester before what goes on in its place is.

    Raises:
        Ticket.DoesNotExist: There is none.
    """
    asked = Ticket.objects.select_related("school").get(ref=ref)
    standing = _going_on(asked)
    merged = Ticket.objects.select_related("school").filter(merged_into__isnull=False)
    told, last = {ref: asked}, [standing.pk]
    while last:
        found = {one.ref: one for one in merged.filter(merged_into__in=last)}
        last = [one.pk for one in found.values()]
        told |= found
    return [_told(one, standing) for one in told.values()]


def _going_on(ticket: Ticket) -> Ticket:
    if ticket.merged_into is None:
        return ticket
    return _going_on(ticket.merged_into)


def _told(ticket: Ticket, standing: Ticket) -> TicketTold:
    return TicketTold(
        ref=ticket.ref,
        school_ref=ticket.school.ref,
        number=ticket.number,
        state=standing.state,
        promised_at=standing.promised_at,
        completed_at=standing.completed_at,
        completion=_completion(ticket) if ticket.is_official else None,
    )


def access_told(ref: UUID) -> AccessTold:
    """Return an agent's request to look at a school's site.

    Raises:
        AccessRequest.DoesNotExist: There is none.
    """
    access = AccessRequest.objects.select_related("ticket__school", "agent").get(ref=ref)
    return AccessTold(
        ref=access.ref,
        school_ref=access.ticket.school.ref,
        ticket_ref=access.ticket.ref,
        agent_ref=access.agent.ref,
        agent_name=access.agent.name,
        purpose=access.purpose,
        scope=access.scope,
        hours=access.hours,
        asked_at=access.asked_at,
        is_open=is_open(access.facts(), clock.now()),
    )


def call_told(ref: UUID) -> CallTold:
    """Return a telephone call that is to be confirmed in writing.

    Raises:
        OfficialCall.DoesNotExist: There is none.
    """
    call = OfficialCall.objects.select_related("agent").get(ref=ref)
    return CallTold(
        ref=call.ref,
        school_ref=call.school_ref,
        kind=call.kind,
        caller_name=call.caller_name,
        email=call.email,
        words=call.words,
        agent_name=call.agent.name,
        called_at=call.called_at,
    )


def unknown_caller(call: CallTold) -> CallAnswer:
    """Return what comes of a call where the school authorises nobody of that address."""
    return CallAnswer(ref=call.ref, state=CallState.UNKNOWN.value, answered_at=clock.now())


def _completion(ticket: Ticket) -> CompletionTold | None:
    rows = OfficialCompletion.objects.select_related("agent")
    record = rows.filter(record__ticket=ticket).first()
    if record is None:
        return None
    return CompletionTold(
        ref=record.ref, done=record.done, agent_name=record.agent.name, done_at=record.done_at
    )
