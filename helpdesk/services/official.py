"""Official requests at the helpdesk: kept as they came, ended by a record of what was done."""

from uuid import UUID

from django.db import transaction

from core import clock
from core.audit import services as audit
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.handover import OfficialHandover
from helpdesk.models import OfficialCall, OfficialCompletion, OfficialRecord, Ticket
from helpdesk.services.handling import finish
from helpdesk.services.log import locked_ticket
from helpdesk.terms import Refusal


def keep_official(ticket: Ticket, handover: OfficialHandover, *, text: str) -> OfficialRecord:
    """Keep what makes a ticket an official request; the transaction of its intake."""
    known = OfficialCall.objects.filter(ref=handover.call_ref) if handover.call_ref else None
    return OfficialRecord.objects.create(
        ticket=ticket,
        kind=handover.kind,
        asked_by=handover.asked_by,
        asked_by_role=handover.asked_by_role,
        asked_at=handover.asked_at,
        approved_by=handover.approved_by,
        approved_by_role=handover.approved_by_role,
        approved_at=handover.approved_at,
        text=text,
        details=[list(one) for one in handover.details],
        call=known.first() if known is not None else None,
    )


@transaction.atomic(durable=True)
def complete_official(*, actor: AgentActor, ref: UUID, done: str) -> OfficialCompletion:
    """Complete an official request with a record of what was done, which the school reads.

    Args:
        actor: Who did it.
        ref: Of the ticket.
        done: What was done; it can never be changed.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    if why := policies.why_not_complete_official(actor.reader, ticket.facts()):
        raise Refused(why)
    if not done.strip():
        raise Refused(Refusal.NOTHING_SAID)
    completion = OfficialCompletion.objects.create(
        record=OfficialRecord.objects.get(ticket=ticket),
        agent_id=actor.reader.agent_id or 0,
        done=done.strip(),
        done_at=clock.now(),
    )
    audit.record(actor, "official.completed", completion, ticket=ticket.ref)
    finish(actor, ticket)
    return completion
