"""Official requests: making one, approving or declining it, its lapse and its completion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from core import clock
from core.actors import Actor
from core.audit import services as audit
from core.identifiers import uuid7
from core.outbox import services as outbox
from core.refusals import Refused
from helpdesk.official import APPROVE_WITHIN, OfficialKind
from helpdesk.terms import Topic
from schools.models import Student
from support import policies
from support.events import (
    OfficialAsked,
    OfficialCompleted,
    OfficialDeclined,
    OfficialLapsed,
    OfficialLapses,
    OfficialSent,
)
from support.models import OfficialCall, OfficialCompletion, OfficialDecision, OfficialRequest
from support.official import Verdict
from support.screening import Sendable
from support.selectors.official import authorised_staff
from support.services.tickets import NewTicket, write_ticket
from support.terms import Refusal

if TYPE_CHECKING:
    from helpdesk.handover import CompletionTold
    from schools.actors import StaffActor


_Step = type[OfficialAsked | OfficialSent | OfficialDeclined | OfficialLapsed | OfficialCompleted]


@dataclass(frozen=True, kw_only=True)
class NewOfficial:
    """What an authorised person wrote on an official form, once the privacy guard has been through it.

    Attributes:
        submission: Made when the form was shown; the same one never makes two requests.
        details: What the form of its kind asks, by name.
        sent: Its text is “text”.
        call: The telephone call that it confirms.
    """

    submission: UUID
    kind: OfficialKind
    details: dict[str, str]
    sent: Sendable
    call: OfficialCall | None = None


def ask(*, actor: StaffActor, new: NewOfficial) -> OfficialRequest:
    """Make an official request; where nobody has to approve it, the helpdesk gets it at once.

    Args:
        actor: An authorised person who has just shown their key.
        new: What is asked.

    Returns:
        The request; for a submission that was sent before, that same request.

    Raises:
        Refused: ``.why`` is a ``Refusal``.
    """
    if sent := _sent(actor, new.submission):
        return sent
    try:
        return _ask(actor, new)
    except IntegrityError:
        if sent := _sent(actor, new.submission):
            return sent
        raise


def _sent(actor: StaffActor, submission: UUID) -> OfficialRequest | None:
    rows = OfficialRequest.objects.filter(author_id=actor.staff_id)
    sent: OfficialRequest | None = rows.filter(submission=submission).first()
    return sent


@transaction.atomic(durable=True)
def _ask(actor: StaffActor, new: NewOfficial) -> OfficialRequest:
    return write_request(actor, new)


def write_request(actor: StaffActor, new: NewOfficial) -> OfficialRequest:
    """Make an official request in the caller's transaction.

    Raises:
        Refused: ``.why`` is a ``Refusal``.
    """
    if why := policies.why_not_ask_official(actor.reader):
        raise Refused(why)
    others = [one for one in authorised_staff() if one.pk != actor.staff_id]
    if new.kind.needs_approval and not others:
        raise Refused(Refusal.NOBODY_ELSE)
    now = clock.now()
    request = OfficialRequest.objects.create(
        submission=new.submission,
        author_id=actor.staff_id,
        kind=new.kind,
        details=new.details,
        text=new.sent.texts["text"],
        masked=new.sent.masked,
        pupils=list(new.sent.pupils),
        asked_at=now,
        lapses_at=now + APPROVE_WITHIN if new.kind.needs_approval else None,
        call=new.call,
    )
    students = [UUID(ref) for _, ref in new.sent.pupils]
    audit.record(actor, "official.asked", request, students=students, kind=new.kind.value)
    if request.lapses_at is None:
        _hand_over(actor, request, verdict=Verdict.DIRECT)
        _tell(request, OfficialSent, [request.author.ref])
    else:
        outbox.append(OfficialLapses(ref=request.ref), due_at=request.lapses_at)
        _tell(request, OfficialAsked, [request.author.ref, *(one.ref for one in others)])
    return request


@transaction.atomic(durable=True)
def approve(*, actor: StaffActor, ref: UUID) -> OfficialRequest:
    """Agree to what somebody else asked for: the helpdesk gets it.

    Raises:
        OfficialRequest.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``.why`` is a ``Refusal``.
    """
    request = _to_decide(actor, ref)
    audit.record(actor, "official.approved", request)
    _hand_over(actor, request, verdict=Verdict.APPROVED, by_id=actor.staff_id)
    _tell(request, OfficialSent, [request.author.ref, *_own_ref(actor)])
    return request


@transaction.atomic(durable=True)
def decline(*, actor: StaffActor, ref: UUID, reason: str) -> OfficialRequest:
    """Decline what somebody else asked for: the helpdesk never hears of it.

    Args:
        actor: Who declines.
        ref: Of the request.
        reason: Why; stays at the school.

    Raises:
        OfficialRequest.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``.why`` is a ``Refusal``.
    """
    request = _to_decide(actor, ref)
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    OfficialDecision.objects.create(
        request=request,
        verdict=Verdict.DECLINED,
        by_id=actor.staff_id,
        reason=reason.strip(),
        decided_at=clock.now(),
    )
    audit.record(actor, "official.declined", request)
    _tell(request, OfficialDeclined, [request.author.ref, *_own_ref(actor)])
    return request


def lapse(ref: UUID) -> None:
    """Note that nobody approved a request in time; a worker's transaction, safe to be run twice.

    Raises:
        OfficialRequest.DoesNotExist: There is none.
    """
    request = OfficialRequest.objects.locked().get(ref=ref)
    if request.lapses_at is None or clock.now() < request.lapses_at or _is_decided(request):
        return
    OfficialDecision.objects.create(
        request=request, verdict=Verdict.LAPSED, decided_at=request.lapses_at
    )
    audit.record(_worker(), "official.lapsed", request)
    refs = [one.ref for one in authorised_staff()]
    _tell(request, OfficialLapsed, dict.fromkeys([request.author.ref, *refs]))


def complete(ticket: UUID, told: CompletionTold) -> None:
    """Keep what the helpdesk did about a request; a worker's transaction, safe to be run twice.

    Args:
        ticket: Of the ticket with which the request went to the helpdesk.
        told: The completion record.

    Raises:
        OfficialRequest.DoesNotExist: No such request went to the helpdesk.
    """
    rows = OfficialRequest.objects.locked().select_related("decision", "author")
    request = rows.get(decision__ticket__ref=ticket)
    _, is_new = OfficialCompletion.objects.get_or_create(
        request=request,
        defaults={
            "ref": told.ref,
            "done": told.done,
            "agent_name": told.agent_name,
            "done_at": told.done_at,
        },
    )
    if is_new:
        audit.record(_worker(), "official.completed", request)
        by = request.decision.by
        _tell(request, OfficialCompleted, [request.author.ref, *([by.ref] if by else [])])


def _to_decide(actor: StaffActor, ref: UUID) -> OfficialRequest:
    """Return a request that this person may decide, locked: whoever is second finds it decided.

    Raises:
        OfficialRequest.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``.why`` is a ``Refusal``.
    """
    rows = OfficialRequest.objects.visible_to(actor.reader).locked()
    request: OfficialRequest = rows.get(ref=ref)
    if why := policies.why_not_decide(actor.reader, request.facts(), clock.now()):
        raise Refused(why)
    return request


def _hand_over(
    actor: StaffActor, request: OfficialRequest, *, verdict: Verdict, by_id: int | None = None
) -> None:
    """Make the ticket with which a request goes to the helpdesk, in its author's name."""
    refs = [ref for _, ref in request.pupils]
    ticket = write_ticket(
        actor,
        NewTicket(
            submission=uuid7(),
            topic=Topic.OFFICIAL,
            telephone="",
            is_urgent=False,
            sent=Sendable(
                texts={"subject": OfficialKind(request.kind).words, "text": request.text},
                files=(),
                masked=request.masked,
                pupils=[(letter, ref) for letter, ref in request.pupils],
            ),
            students=Student.objects.filter(ref__in=refs) if refs else (),
        ),
        author_id=request.author_id,
    )
    OfficialDecision.objects.create(
        request=request, verdict=verdict, by_id=by_id, ticket=ticket, decided_at=clock.now()
    )


def _tell(request: OfficialRequest, step: _Step, staff: Iterable[UUID]) -> None:
    outbox.append(*(step(ref=request.ref, staff=one) for one in staff))


def _own_ref(actor: StaffActor) -> Sequence[UUID]:
    return [actor.staff_ref] if actor.staff_ref else []


def _is_decided(request: OfficialRequest) -> bool:
    return OfficialDecision.objects.filter(request=request).exists()


def _worker() -> Actor:
    return Actor(request_id=uuid4().hex)
