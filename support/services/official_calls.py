"""Telephone calls in somebody's name: taken in from the helpdesk, confirmed in writing, or denied."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime

from core import clock
from core.actors import Actor
from core.audit import services as audit
from core.identifiers import uuid7
from core.outbox import services as outbox
from core.refusals import Refused
from helpdesk.official import CONFIRM_WITHIN, OfficialKind
from helpdesk.terms import Topic
from support import policies
from support.events import CallAnswered, CallTaken
from support.models import OfficialCall, OfficialRequest, Ticket
from support.official import CallAnswer
from support.screening import Sendable
from support.selectors.official import authorised_staff
from support.services.official import NewOfficial, write_request
from support.services.tickets import NewTicket, write_ticket

if TYPE_CHECKING:
    from helpdesk.handover import CallTold
    from schools.actors import StaffActor

#: What the helpdesk reads where somebody says that a call in their name was not theirs.
_NOT_MINE = "A telephone call in my name was not mine"
_NOT_MINE_TEXT = "I did not telephone on {when}. What {agent} noted then does not come from me."


def take_call(told: CallTold) -> bool:
    """Keep a call that an agent noted, for whoever logs in with that address to answer.

    A worker's transaction, and safe to be run twice.

    Returns:
        Whether an authorised person logs in with it.
    """
    address = told.email.strip().casefold()
    found = [one for one in authorised_staff() if one.user.email.casefold() == address]
    if not found:
        return False
    call, is_new = OfficialCall.objects.get_or_create(
        ref=told.ref,
        defaults={
            "addressee": found[0],
            "kind": told.kind,
            "caller_name": told.caller_name,
            "words": told.words,
            "agent_name": told.agent_name,
            "called_at": told.called_at,
            "lapses_at": told.called_at + CONFIRM_WITHIN,
        },
    )
    if is_new:
        audit.record(Actor(request_id=uuid4().hex), "call.received", call, kind=call.kind)
        outbox.append(CallTaken(ref=call.ref))
    return True


@transaction.atomic(durable=True)
def confirm_call(*, actor: StaffActor, ref: UUID) -> OfficialRequest:
    """Say in writing what one asked by telephone: it becomes an official request of one's own.

    Raises:
        OfficialCall.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``.why`` is a ``Refusal``.
    """
    call = _to_answer(actor, ref)
    new = NewOfficial(
        submission=uuid7(),
        kind=OfficialKind(call.kind),
        details={},
        sent=Sendable(texts={"text": call.words}, files=()),
        call=call,
    )
    request = write_request(actor, new)
    _answer(actor, call, CallAnswer.CONFIRMED, "call.confirmed")
    return request


@transaction.atomic(durable=True)
def deny_call(*, actor: StaffActor, ref: UUID) -> Ticket:
    """Say that a call in one's name was somebody else's: an urgent ticket alarms the helpdesk.

    Raises:
        OfficialCall.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``.why`` is a ``Refusal``.
    """
    call = _to_answer(actor, ref)
    when = date_format(localtime(call.called_at), "j F Y H:i")
    text = _NOT_MINE_TEXT.format(when=when, agent=call.agent_name)
    ticket = write_ticket(
        actor,
        NewTicket(
            submission=uuid7(),
            topic=Topic.OTHER,
            telephone="",
            is_urgent=True,
            sent=Sendable(texts={"subject": _NOT_MINE, "text": text}, files=()),
        ),
    )
    _answer(actor, call, CallAnswer.DENIED, "call.denied")
    return ticket


def _to_answer(actor: StaffActor, ref: UUID) -> OfficialCall:
    call: OfficialCall = OfficialCall.objects.visible_to(actor.reader).locked().get(ref=ref)
    if why := policies.why_not_answer_call(actor.reader, call.facts(), clock.now()):
        raise Refused(why)
    return call


def _answer(actor: StaffActor, call: OfficialCall, answer: CallAnswer, verb: str) -> None:
    call.answer, call.answered_at = answer.value, clock.now()
    call.save(update_fields=["answer", "answered_at"])
    audit.record(actor, verb, call)
    outbox.append(CallAnswered(ref=call.ref))
