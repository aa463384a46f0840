"""Asking a school to let an agent look at its site, and asking no more."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from core import clock
from core.actors import Actor
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.events import AccessAsked, AccessWithdrawn
from helpdesk.handover import AccessAnswer
from helpdesk.models import AccessRequest
from helpdesk.passes import signed_pass
from helpdesk.services.log import locked_ticket
from helpdesk.terms import AccessScope, AccessState, Refusal

_OPEN = (AccessState.ASKED, AccessState.GRANTED)


@transaction.atomic(durable=True)
def ask_access(
    *, actor: AgentActor, ref: UUID, purpose: str, scope: AccessScope, hours: int
) -> AccessRequest:
    """Ask the administrators of a ticket's school to be let in.

    Args:
        actor: Who asks: whoever holds the ticket.
        ref: Of the ticket.
        purpose: What for, 1 to 500 characters; the school reads it.
        scope: What is to be looked at.
        hours: For how long, 1 to 8.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    if why := policies.why_not_ask_access(actor.reader, ticket.facts()):
        raise Refused(why)
    for one in _open_ones(ticket.accesses.all()):
        if policies.is_open(one.facts(), clock.now()):
            raise Refused(Refusal.ACCESS_ASKED_ALREADY)
        one.state = AccessState.ENDED
        one.save(update_fields=["state"])
    access = AccessRequest.objects.create(
        ticket=ticket,
        agent_id=actor.reader.agent_id or 0,
        purpose=purpose,
        scope=scope,
        hours=hours,
    )
    # So that it is not handed back to the queue.
    ticket.is_touched = True
    ticket.save(update_fields=["is_touched"])
    audit.record(actor, "access.asked", access, ticket=ticket.ref, scope=scope.value, hours=hours)
    outbox.append(AccessAsked(ref=access.ref))
    return access


@transaction.atomic(durable=True)
def issue_pass(*, actor: AgentActor, ref: UUID) -> tuple[AccessRequest, str]:
    """Return a request that was granted, and a pass to the school's site.

    Raises:
        AccessRequest.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    rows = AccessRequest.objects.select_related("ticket__school", "agent")
    access = rows.get(ref=ref)
    ticket = access.ticket
    facts = access.facts()
    if why := policies.why_not_use_access(actor.reader, ticket.facts(), facts, clock.now()):
        raise Refused(why)
    audit.record(actor, "access.opened", access, ticket=ticket.ref)
    sent = signed_pass(school=ticket.school.ref, access=access.ref, agent=access.agent.ref)
    return access, sent


@transaction.atomic(durable=True)
def withdraw_access(*, actor: AgentActor, ref: UUID) -> AccessRequest:
    """End access, or ask for it no more; any agent may.

    Raises:
        AccessRequest.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    if why := policies.why_not_answer(actor.reader):
        raise Refused(why)
    access = AccessRequest.objects.select_related("ticket").get(ref=ref)
    end_access(AccessRequest.objects.filter(pk=access.pk), actor=actor, by="agent")
    return access


def end_access(rows: "QuerySet[AccessRequest]", *, actor: Actor, by: str = "helpdesk") -> None:
    """End what is open of some requests, in the transaction of what ends it."""
    for one in _open_ones(rows):
        one.state, one.ended_at, one.ended_by = AccessState.ENDED, clock.now(), by
        one.save(update_fields=["state", "ended_at", "ended_by"])
        audit.record(actor, "access.ended", one, by=by)
        outbox.append(AccessWithdrawn(ref=one.ref))


def take_access_answer(answer: AccessAnswer) -> None:
    """Keep what a school said; a worker's transaction, and safe to be run twice.

    Raises:
        AccessRequest.DoesNotExist: There is none.
    """
    access = AccessRequest.objects.select_for_update(no_key=True).get(ref=answer.ref)
    if access.state not in _OPEN:
        return
    access.state = answer.state
    access.answered_at, access.ends_at = answer.answered_at, answer.ends_at
    if answer.ended_at is not None and access.ended_at is None:
        access.ended_at, access.ended_by = answer.ended_at, "school"
    access.save(update_fields=["state", "answered_at", "ends_at", "ended_at", "ended_by"])
    worker = Actor(request_id=uuid4().hex)
    audit.record(worker, "access.answered", access, state=answer.state)


def _open_ones(rows: "QuerySet[AccessRequest]") -> Iterable[AccessRequest]:
    return list(rows.filter(state__in=_OPEN).select_for_update(no_key=True).order_by("pk"))
