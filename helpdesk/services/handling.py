"""What agents do with a ticket: take, assign, complete, reopen, sort it anew."""

from uuid import UUID

from django.db import transaction

from core import clock
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.events import TicketSettled
from helpdesk.models import Agent, Alarm, Team, Ticket
from helpdesk.office import office_hours
from helpdesk.services.access import end_access
from helpdesk.services.log import keep, locked_ticket, touch
from helpdesk.services.promises import PROMISES, renew
from helpdesk.services.routing import route, team_of_topic
from helpdesk.terms import EventKind, Priority, TicketState, Topic


@transaction.atomic(durable=True)
def take_ticket(*, actor: AgentActor, ref: UUID) -> Ticket:
    """Make a ticket one's own, whoever has it.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    if why := policies.why_not_work_on(actor.reader, ticket.facts()):
        raise Refused(why)
    by = actor.reader.agent_id
    if ticket.agent_id != by:
        end_access(ticket.accesses.all(), actor=actor)
    ticket.agent_id, ticket.is_touched = by, True
    keep(ticket, EventKind.TAKEN, "agent", "is_touched", agent_id=by)
    audit.record(actor, "ticket.taken", ticket)
    return ticket


@transaction.atomic(durable=True)
def assign_ticket(*, actor: AgentActor, ref: UUID, to: UUID) -> Ticket:
    """Give a ticket to a colleague who is on duty.

    Args:
        actor: Who gives it.
        ref: Of the ticket.
        to: Reference of the agent.

    Raises:
        Ticket.DoesNotExist: There is no such ticket.
        Agent.DoesNotExist: There is no such agent.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    colleague = Agent.objects.select_for_update(no_key=True).get(ref=to)
    if why := policies.why_not_assign(actor.reader, ticket.facts(), colleague.facts()):
        raise Refused(why)
    if ticket.agent_id != colleague.pk:
        end_access(ticket.accesses.all(), actor=actor)
    ticket.agent, ticket.is_touched = colleague, False
    keep(
        *(ticket, EventKind.ASSIGNED, "agent", "is_touched"),
        agent_id=actor.reader.agent_id,
        facts={"agent_id": colleague.pk},
    )
    audit.record(actor, "ticket.assigned", ticket, agent=colleague.ref)
    return ticket


@transaction.atomic(durable=True)
def complete_ticket(*, actor: AgentActor, ref: UUID) -> Ticket:
    """Complete a ticket; the requester is told, and may reopen it within 14 days.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    if why := policies.why_not_complete(actor.reader, ticket.facts()):
        raise Refused(why)
    finish(actor, ticket)
    return ticket


def finish(actor: AgentActor, ticket: Ticket) -> None:
    """Complete a locked ticket in the caller's transaction; the requester is told."""
    by, now = actor.reader.agent_id, clock.now()
    if ticket.agent_id is None:
        ticket.agent_id = by
    touch(ticket, by)
    ticket.state, ticket.completed_at = TicketState.COMPLETED, now
    end_access(ticket.accesses.all(), actor=actor)
    changed = ("state", "completed_at", "agent", "is_touched")
    keep(ticket, EventKind.COMPLETED, *changed, agent_id=by, at=now)
    renew(ticket)
    ticket.save(update_fields=PROMISES)
    audit.record(actor, "ticket.completed", ticket)
    outbox.append(TicketSettled(ref=ticket.ref))


@transaction.atomic(durable=True)
def reopen_ticket(*, actor: AgentActor, ref: UUID) -> Ticket:
    """Take a completed ticket up again; its end is promised in an hour of working time at least.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    if why := policies.why_not_reopen(actor.reader, ticket.facts()):
        raise Refused(why)
    by = actor.reader.agent_id
    ticket.state, ticket.completed_at = TicketState.OPEN, None
    ticket.agent_id, ticket.is_touched = by, True
    changed = ("state", "completed_at", "agent", "is_touched")
    keep(ticket, EventKind.REOPENED, *changed, agent_id=by)
    renew(ticket)
    ticket.save(update_fields=PROMISES)
    audit.record(actor, "ticket.reopened", ticket)
    outbox.append(TicketSettled(ref=ticket.ref))
    return ticket


@transaction.atomic(durable=True)
def change_priority(*, actor: AgentActor, ref: UUID, priority: Priority) -> Ticket:
    """Deal with a ticket sooner or later: what is promised and not kept yet is promised anew.

    Urgent raises the alarm, once.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    if why := policies.why_not_work_on(actor.reader, ticket.facts()):
        raise Refused(why)
    if ticket.priority == priority:
        return ticket
    was, by = ticket.priority, actor.reader.agent_id
    ticket.priority = priority
    changed = ("priority", *touch(ticket, by))
    facts = {"was": was, "priority": priority.value}
    keep(ticket, EventKind.PRIORITY_CHANGED, *changed, agent_id=by, facts=facts)
    renew(ticket)
    ticket.save(update_fields=PROMISES)
    if priority == Priority.URGENT:
        Alarm.objects.get_or_create(ticket=ticket)
    audit.record(actor, "ticket.priority_changed", ticket, was=was, priority=priority.value)
    outbox.append(TicketSettled(ref=ticket.ref))
    return ticket


@transaction.atomic(durable=True)
def change_topic(*, actor: AgentActor, ref: UUID, topic: Topic) -> Ticket:
    """Say what a ticket is really about; one that is nobody's yet goes to that topic's team.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    if why := policies.why_not_change_topic(actor.reader, ticket.facts(), topic):
        raise Refused(why)
    was, by = ticket.topic, actor.reader.agent_id
    ticket.topic = topic
    if ticket.agent_id is None:
        ticket.team_id = team_of_topic(topic)
    changed = ("topic", "team", *touch(ticket, by))
    facts = {"was": was, "topic": topic.value}
    keep(ticket, EventKind.TOPIC_CHANGED, *changed, agent_id=by, facts=facts)
    audit.record(actor, "ticket.topic_changed", ticket, was=was, topic=topic.value)
    return ticket


@transaction.atomic(durable=True)
def change_team(*, actor: AgentActor, ref: UUID, team: UUID) -> Ticket:
    """Hand a ticket to another team: it is dealt out anew there.

    Args:
        actor: Who hands it over.
        ref: Of the ticket.
        team: Reference of the team.

    Raises:
        Ticket.DoesNotExist: There is no such ticket.
        Team.DoesNotExist: There is no such team.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket, to = locked_ticket(ref), Team.objects.get(ref=team)
    if why := policies.why_not_work_on(actor.reader, ticket.facts()):
        raise Refused(why)
    ticket.team, ticket.agent, ticket.is_touched = to, None, False
    end_access(ticket.accesses.all(), actor=actor)
    by = actor.reader.agent_id
    changed = ("team", "agent", "is_touched")
    keep(ticket, EventKind.TEAM_CHANGED, *changed, agent_id=by, facts={"team_id": to.pk})
    route(ticket, is_open=office_hours().is_open(clock.now()))
    audit.record(actor, "ticket.team_changed", ticket, team=to.ref)
    return ticket
