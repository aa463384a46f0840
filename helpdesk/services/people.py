"""Who deals with what: teams, their topics, and what is dealt to each agent."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction

from core.audit import services as audit
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.models import Agent, Team, TopicTeam
from helpdesk.terms import Refusal, Topic


@transaction.atomic(durable=True)
def add_team(*, actor: AgentActor, name: str) -> Team:
    """Add a team; nothing goes to it until it has a topic.

    Args:
        actor: A lead.
        name: No other team has it.

    Raises:
        Refused: ``LEADS_ONLY`` or ``TEAM_TAKEN``.
    """
    _check(actor)
    team, is_new = Team.objects.get_or_create(name=name.strip())
    if not is_new:
        raise Refused(Refusal.TEAM_TAKEN)
    audit.record(actor, "team.added", team)
    return team


@transaction.atomic(durable=True)
def set_topics(*, actor: AgentActor, teams: Mapping[Topic, UUID | None]) -> int:
    """Say to which team each topic goes from now on; tickets that are there already stay.

    Args:
        actor: A lead.
        teams: References by topic; None is no team, so that everybody deals with it.

    Returns:
        How many topics go elsewhere now.

    Raises:
        Refused: ``LEADS_ONLY``.
        Team.DoesNotExist: There is no such team.
    """
    _check(actor)
    known = {team.ref: team for team in Team.objects.select_for_update(no_key=True)}
    if not known.keys() >= {ref for ref in teams.values() if ref}:
        raise Team.DoesNotExist
    was = {one.topic: one for one in TopicTeam.objects.select_related("team")}
    changed = [
        topic
        for topic, ref in teams.items()
        if ref != (was[topic].team.ref if topic in was else None)
    ]
    TopicTeam.objects.filter(topic__in=changed).delete()
    TopicTeam.objects.bulk_create(
        TopicTeam(topic=topic, team=known[ref]) for topic in changed if (ref := teams[topic])
    )
    for topic in changed:
        audit.record(actor, "topic.moved", topic=topic.value, team=teams[topic])
    return len(changed)


@transaction.atomic(durable=True)
def change_agent(
    *,
    actor: AgentActor,
    ref: UUID,
    teams: Collection[UUID],
    skills: Collection[Topic],
    capacity: int,
) -> Agent:
    """Say what is dealt to an agent from now on; what they have stays theirs.

    Args:
        actor: A lead.
        ref: Of the agent.
        teams: References; none is every team.
        skills: Topics; none is all.
        capacity: Open tickets at which no more are dealt to them.

    Raises:
        Agent.DoesNotExist: Nobody who works here has this reference.
        Refused: ``LEADS_ONLY``.
    """
    _check(actor)
    # Whoever deals holds this row, and sees all of this or nothing.
    agent = Agent.objects.select_for_update(no_key=True).get(ref=ref, is_active=True)
    agent.teams.set(Team.objects.filter(ref__in=teams))
    agent.skills, agent.capacity = [topic.value for topic in skills], capacity
    agent.save(update_fields=["skills", "capacity"])
    audit.record(
        actor,
        "agent.dealing_changed",
        agent,
        teams=sorted(map(str, teams)),
        skills=agent.skills,
        capacity=capacity,
    )
    return agent


def _check(actor: AgentActor) -> None:
    if why := policies.why_not_lead(actor.reader):
        raise Refused(why)
