"""Asking a school to let an agent look at its site, and asking no more."""

from collections.abc import Iterable
from datetime import datetime
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
from helpdesk.services.log import keep, locked_ticket
from helpdesk.terms import AccessScope, AccessState, EventKind, Refusal

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
        _end(one, by="time", at=one.ends_at)
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
    _log(access, EventKind.ACCESS_ASKED, actor=actor)
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
    _log(access, EventKind.ACCESS_OPENED, actor=actor)
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
        _end(one, by=by, actor=actor)
        audit.record(actor, "access.ended", one, by=by)
        outbox.append(AccessWithdrawn(ref=one.ref))


def take_access_answer(answer: AccessAnswer) -> None:
    """Keep what a school said; a worker's transaction, and safe to be run twice.

    Raises:
        AccessRequest.DoesNotExist: There is none.
    """
    rows = AccessRequest.objects.select_for_update(no_key=True, of=("self",))
    access = rows.select_related("ticket").get(ref=answer.ref)
    if access.state not in _OPEN:
        return
    if answer.answered_at is not None and access.answered_at is None:
        is_let_in = answer.ends_at is not None
        kind = EventKind.ACCESS_GRANTED if is_let_in else EventKind.ACCESS_REFUSED
        _log(access, kind, at=answer.answered_at)
    access.state = answer.state
    access.answered_at, access.ends_at = answer.answered_at, answer.ends_at
    access.save(update_fields=["state", "answered_at", "ends_at"])
    if answer.ended_at is not None:
        _end(access, by=answer.ended_by, at=answer.ended_at)
    worker = Actor(request_id=uuid4().hex)
    audit.record(worker, "access.answered", access, state=answer.state)


def _open_ones(rows: "QuerySet[AccessRequest]") -> Iterable[AccessRequest]:
    rows = rows.filter(state__in=_OPEN).select_for_update(no_key=True, of=("self",))
    return list(rows.select_related("ticket").order_by("pk"))


def _end(
    access: AccessRequest, *, by: str, actor: Actor | None = None, at: datetime | None = None
) -> None:
    access.state, access.ended_at, access.ended_by = AccessState.ENDED, at or clock.now(), by
    access.save(update_fields=["state", "ended_at", "ended_by"])
    _log(access, EventKind.ACCESS_ENDED, actor=actor, at=access.ended_at)


def _log(
    access: AccessRequest,
    kind: EventKind,
    *,
    actor: Actor | None = None,
    at: datetime | None = None,
) -> None:
    """Write a line of the ticket's log."""
    by = actor.reader.agent_id if isinstance(actor, AgentActor) else None
    keep(access.ticket, kind, agent_id=by, at=at, facts={"access_ref": access.ref})
