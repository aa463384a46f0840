"""Letting an agent of the helpdesk look at the school's site, and showing them out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction

from core import clock
from core.actors import Actor
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from core.tenancy import current_school
from helpdesk.passes import read_pass
from schools.models import Staff
from schools.policies import why_not_administer
from support import policies
from support.actors import SupportActor, support_actor
from support.events import AccessAnswered, AccessGranted, AccessOver, AccessRequested
from support.models import SupportAccess, Ticket
from support.terms import Ender, Refusal

if TYPE_CHECKING:
    from helpdesk.handover import AccessTold
    from schools.actors import StaffActor


def take_request(told: AccessTold) -> None:
    """Keep an agent's request and have every administrator told; a worker's transaction.

    Raises:
        Ticket.DoesNotExist: There is no such ticket.
    """
    access, is_new = SupportAccess.objects.get_or_create(
        ref=told.ref,
        defaults={
            "ticket": Ticket.objects.get(ref=told.ticket_ref),
            "agent_ref": told.agent_ref,
            "agent_name": told.agent_name,
            "purpose": told.purpose,
            "scope": told.scope,
            "hours": told.hours,
            "asked_at": told.asked_at,
        },
    )
    if is_new:
        audit.record(_worker(), "support.asked", access, scope=told.scope, hours=told.hours)
        for one in _administrators():
            outbox.append(AccessRequested(ref=access.ref, staff=one))


def take_back(ref: UUID) -> None:
    """End what the helpdesk no longer asks for; a worker's transaction."""
    access = SupportAccess.objects.locked().filter(ref=ref, ended_at=None, refused_at=None).first()
    if access is not None:
        _end(_worker(), access, Ender.HELPDESK)


def note_over(ref: UUID) -> None:
    """Put on record that an agent's access has ended by itself; a worker's transaction.

    It opened nothing any more from that moment on, whenever this is noted.
    """
    over = SupportAccess.objects.locked().filter(ref=ref, ended_at=None, ends_at__lte=clock.now())
    if (access := over.first()) is not None:
        _end(_worker(), access, Ender.TIME, at=access.ends_at)
        outbox.append(AccessAnswered(ref=access.ref))


@transaction.atomic(durable=True)
def grant_access(*, actor: StaffActor, ref: UUID, hours: int) -> SupportAccess:
    """Let an agent look at the school's site from now on.

    Args:
        actor: An administrator who has just shown their key.
        ref: Of the request.
        hours: For how long: no more than asked, and never more than eight.

    Raises:
        SupportAccess.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    access = SupportAccess.objects.locked().get(ref=ref)
    if why := policies.why_not_grant_access(actor.reader, access.facts(), hours):
        raise Refused(why)
    now = clock.now()
    access.granted_by_id, access.granted_at = actor.staff_id, now
    access.ends_at = now + timedelta(hours=hours)
    access.save(update_fields=["granted_by", "granted_at", "ends_at"])
    audit.record(actor, "support.granted", access, scope=access.scope, hours=hours)
    outbox.append(AccessAnswered(ref=access.ref))
    outbox.append(AccessOver(ref=access.ref), due_at=access.ends_at)
    for one in _administrators():
        outbox.append(AccessGranted(ref=access.ref, staff=one))
    return access


@transaction.atomic(durable=True)
def refuse_access(*, actor: StaffActor, ref: UUID) -> SupportAccess:
    """Refuse to let an agent in.

    Raises:
        SupportAccess.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    access = SupportAccess.objects.locked().get(ref=ref)
    if why := policies.why_not_refuse_access(actor.reader, access.facts()):
        raise Refused(why)
    access.refused_at = clock.now()
    access.save(update_fields=["refused_at"])
    audit.record(actor, "support.refused", access)
    outbox.append(AccessAnswered(ref=access.ref))
    return access


@transaction.atomic(durable=True)
def end_access(*, actor: StaffActor, ref: UUID) -> SupportAccess:
    """Show an agent out at once; nothing happens where they are out already.

    Args:
        actor: An administrator, or the agent themselves.
        ref: Of the request.

    Raises:
        SupportAccess.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    is_own = isinstance(actor, SupportActor) and actor.access_ref == ref
    if not is_own and (why := why_not_administer(actor.reader)):
        raise Refused(why)
    access = SupportAccess.objects.locked().get(ref=ref)
    if access.is_live():
        _end(actor, access, Ender.AGENT if is_own else Ender.SCHOOL)
        outbox.append(AccessAnswered(ref=access.ref))
    return access


@transaction.atomic(durable=True)
def let_in(*, actor: Actor, sent: str) -> SupportAccess:
    """Take an agent's pass, once.

    Args:
        actor: Whoever sends it: nobody of the school.
        sent: The pass, as the helpdesk signed it.

    Raises:
        Refused: ``NOT_LET_IN``: forged, another school's, too old, used, or not granted (any
            more); which of them is not said.
    """
    said = read_pass(sent, school=current_school().ref)
    if said is None:
        raise Refused(Refusal.NOT_LET_IN)
    live = SupportAccess.objects.live().locked()
    access = live.filter(ref=said.access, agent_ref=said.agent).first()
    if access is None:
        raise Refused(Refusal.NOT_LET_IN)
    if access.passed_at is not None and said.issued_at <= access.passed_at:
        raise Refused(Refusal.NOT_LET_IN)
    access.passed_at = said.issued_at
    access.save(update_fields=["passed_at"])
    audit.record(support_actor(access, actor), "support.entered", access)
    return access


def record_look(*, actor: SupportActor, page: str, of: UUID | None) -> None:
    """Put on record that an agent opens a page, by the name of its address.

    Args:
        actor: Who was let in.
        page: The name.
        of: Whose or what's page it is, where the address says so.

    Raises:
        SupportAccess.DoesNotExist: There is no such grant.
    """
    _record(actor, "support.viewed", page, of)


def record_refusal(*, actor: SupportActor, page: str, of: UUID | None) -> None:
    """Put on record that an agent tried what their grant does not open; likewise.

    Raises:
        SupportAccess.DoesNotExist: There is no such grant.
    """
    _record(actor, "support.stopped", page, of)


def _record(actor: SupportActor, verb: str, page: str, of: UUID | None) -> None:
    access = SupportAccess.objects.get(ref=actor.access_ref)
    if of is None:
        audit.record(actor, verb, access, page=page)
    else:
        audit.record(actor, verb, access, page=page, of=of)


def _end(actor: Actor, access: SupportAccess, by: Ender, *, at: datetime | None = None) -> None:
    access.ended_at, access.ended_by = at or clock.now(), by
    access.save(update_fields=["ended_at", "ended_by"])
    audit.record(actor, "support.ended", access, by=by.value)


def _administrators() -> list[UUID]:
    return list(Staff.objects.administrators().order_by("pk").values_list("ref", flat=True))


def _worker() -> Actor:
    return Actor(request_id=uuid4().hex)
