"""Telephone calls that are to become official: noted by an agent, answered by the school."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction

from core.actors import Actor
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.events import CallNoted
from helpdesk.handover import CallAnswer
from helpdesk.models import OfficialCall
from helpdesk.official import CallState, OfficialKind
from helpdesk.terms import Refusal
from tenants.selectors import school_of


@dataclass(frozen=True, kw_only=True)
class NewCall:
    """What an agent notes of a telephone call.

    Attributes:
        school: Reference of the school that the caller named.
        email: With which the caller says that they log in.
        words: What they asked.
    """

    school: UUID
    kind: OfficialKind
    caller_name: str
    email: str
    words: str


@transaction.atomic(durable=True)
def note_call(*, actor: AgentActor, new: NewCall) -> OfficialCall:
    """Note a telephone call; its school asks whoever has that address to confirm it.

    Raises:
        Refused: ``.why`` is a ``Refusal``.
    """
    if why := policies.why_not_answer(actor.reader):
        raise Refused(why)
    school = school_of(new.school)
    if school is None:
        raise Refused(Refusal.NO_SUCH_SCHOOL)
    call = OfficialCall.objects.create(
        school_ref=school.ref,
        school_name=school.name,
        kind=new.kind,
        caller_name=new.caller_name,
        email=new.email,
        words=new.words,
        agent_id=actor.reader.agent_id or 0,
    )
    audit.record(actor, "call.noted", call, school=school.ref, kind=new.kind.value)
    outbox.append(CallNoted(ref=call.ref))
    return call


def take_call_answer(answer: CallAnswer) -> None:
    """Keep what came of a call at its school; a worker's transaction, and safe to be run twice.

    Raises:
        OfficialCall.DoesNotExist: There is none.
    """
    call = OfficialCall.objects.select_for_update(no_key=True).get(ref=answer.ref)
    if call.state != CallState.ASKED:
        return
    call.state, call.answered_at = answer.state, answer.answered_at
    call.save(update_fields=["state", "answered_at"])
    audit.record(Actor(request_id=uuid4().hex), "call.answered", call, state=answer.state)
