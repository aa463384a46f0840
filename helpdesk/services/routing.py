"""Dealing tickets out: in hours at once, out of hours at the next opening.

Whoever deals holds the rows of the agents on duty, so that two workers deal one after the other
and count the same tickets once; whoever goes off duty waits for them.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from core import clock
from core.actors import Actor
from core.audit import services as audit
from helpdesk import routing
from helpdesk.models import Agent, Ticket, TopicTeam
from helpdesk.office import office_hours
from helpdesk.routing import Candidate
from helpdesk.services.access import end_access
from helpdesk.services.log import keep
from helpdesk.terms import AgentRole, EventKind


def team_of_topic(topic: str) -> int | None:
    """Return the row id of the team to which a topic goes, if there is one."""
    return TopicTeam.objects.filter(topic=topic).values_list("team_id", flat=True).first()


def route(ticket: Ticket, *, is_open: bool) -> bool:
    """Give a ticket to the free agent of its team, or leave it in the queue.

    Args:
        ticket: Locked, or not yet known to anybody else.
        is_open: Whether the office is open now.

    Returns:
        Whether somebody has it now.
    """
    chosen = _chosen_for(ticket) if is_open else None
    if chosen is None:
        ticket.agent, ticket.is_touched = None, False
        keep(ticket, EventKind.QUEUED, "agent", "is_touched", facts={"is_open": is_open})
        return False
    _give(ticket, chosen)
    return True


def deal_out(*, actor: Actor) -> int:
    """Deal out what is queued, by priority, then age, if the office is open.

    Returns:
        How many tickets were dealt out.
    """
    if not queued_tickets().exists() or not office_hours().is_open(clock.now()):
        return 0
    nobody_for: set[tuple[int | None, str]] = set()
    dealt = 0
    while (was_dealt := _deal_next(actor, nobody_for)) is not None:
        dealt += was_dealt
    return dealt


def queued_tickets() -> QuerySet[Ticket]:
    """Return what is to be dealt out: nobody's, or untouched by somebody who is off duty.

    First things come first.
    """
    left = Q(is_touched=False, agent__is_on_duty=False) | Q(agent=None)
    return Ticket.objects.in_hand().filter(left).first_things_first()


def _deal_next(actor: Actor, nobody_for: set[tuple[int | None, str]]) -> bool | None:
    """Deal the next ticket; return whether somebody has it, or None where there is no next."""
    with transaction.atomic(durable=True):
        rows = queued_tickets().select_for_update(no_key=True, skip_locked=True, of=("self",))
        for team_id, topic in nobody_for:
            of_team = Q(team=None) if team_id is None else Q(team_id=team_id)
            rows = rows.exclude(of_team, topic=topic)
        ticket = rows.first()
        if ticket is None:
            return None
        chosen = _chosen_for(ticket)
        if chosen is None:
            nobody_for.add((ticket.team_id, ticket.topic))
            return False
        end_access(ticket.accesses.all(), actor=actor)
        _give(ticket, chosen)
        audit.record(actor, "ticket.routed", ticket, agent=_ref_of(chosen))
        return True


def _chosen_for(ticket: Ticket) -> int | None:
    return routing.agent_for(_candidates(), team_id=ticket.team_id, topic=ticket.topic)


def _candidates() -> list[Candidate]:
    """Return the agents on duty; their rows stay locked until the transaction ends."""
    agents = (
        Agent.objects.filter(is_on_duty=True, is_active=True)
        .exclude(role=AgentRole.EDITOR)
        .select_for_update(no_key=True)
        .order_by("pk")
    )
    found = list(agents)
    teams: dict[int, set[int]] = {}
    for agent_id, team_id in Agent.teams.through.objects.filter(agent__in=found).values_list(
        "agent_id", "team_id"
    ):
        teams.setdefault(agent_id, set()).add(team_id)
    held = Ticket.objects.in_hand().filter(agent__in=found).values("agent_id")
    in_hand = dict(held.annotate(held=Count("pk")).values_list("agent_id", "held"))
    return [
        Candidate(
            agent_id=agent.pk,
            is_on_duty=agent.is_on_duty,
            teams=frozenset(teams.get(agent.pk, ())),
            skills=frozenset(agent.skills),
            open_tickets=in_hand.get(agent.pk, 0),
            capacity=agent.capacity,
            waits_since=max(agent.presence_at, agent.dealt_at or agent.presence_at),
        )
        for agent in found
    ]


def _give(ticket: Ticket, agent_id: int) -> None:
    ticket.agent_id, ticket.is_touched = agent_id, False
    keep(ticket, EventKind.ROUTED, "agent", "is_touched", facts={"agent_id": agent_id})
    Agent.objects.filter(pk=agent_id).update(dealt_at=clock.now())


def _ref_of(agent_id: int) -> UUID:
    return Agent.objects.values_list("ref", flat=True).get(pk=agent_id)
