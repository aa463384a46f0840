"""Who is there: an agent goes on duty, and off."""

from django.db import transaction

from core import clock
from core.audit import services as audit
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.models import Agent, Ticket
from helpdesk.services.access import end_access
from helpdesk.services.log import keep
from helpdesk.terms import EventKind


@transaction.atomic(durable=True)
def go_on_duty(*, actor: AgentActor) -> Agent:
    """Have tickets dealt to oneself from now on.

    Raises:
        Refused: ``NOT_AN_ANSWERER``, or the key was not shown.
    """
    return _be(actor, is_on_duty=True)


@transaction.atomic(durable=True)
def go_off_duty(*, actor: AgentActor) -> int:
    """Go away: tickets that one did nothing with go back into the queue.

    Returns:
        How many went back.

    Raises:
        Refused: ``NOT_AN_ANSWERER``, or the key was not shown.
    """
    agent = _be(actor, is_on_duty=False)
    # One that somebody is changing just now is dealt out by the next round, if still untouched.
    rows = Ticket.objects.in_hand().filter(agent=agent, is_touched=False)
    untouched = list(rows.select_for_update(no_key=True, skip_locked=True))
    for ticket in untouched:
        ticket.agent = None
        end_access(ticket.accesses.all(), actor=actor)
        keep(ticket, EventKind.HANDED_BACK, "agent", agent_id=agent.pk)
        audit.record(actor, "ticket.handed_back", ticket)
    return len(untouched)


def _be(actor: AgentActor, *, is_on_duty: bool) -> Agent:
    if why := policies.why_not_answer(actor.reader):
        raise Refused(why)
    agent = Agent.objects.select_for_update(no_key=True).get(pk=actor.reader.agent_id or 0)
    if agent.is_on_duty != is_on_duty:
        agent.is_on_duty, agent.presence_at = is_on_duty, clock.now()
        agent.save(update_fields=["is_on_duty", "presence_at"])
        verb = "agent.went_on_duty" if is_on_duty else "agent.went_off_duty"
        audit.record(actor, verb, agent)
    return agent
