"""The helpdesk's face: who its people are."""

from core.actors import Actor
from core.faces import Face, facts_of, nobody_like
from helpdesk.actors import AgentActor
from helpdesk.policies import Reader
from helpdesk.selectors.agents import agent_of_user
from helpdesk.terms import AgentRole


def acting(actor: Actor) -> AgentActor:
    """Make an agent of whoever has a session; nobody of whoever is none, or is one no more."""
    agent = None if actor.user_id is None else agent_of_user(actor.user_id)
    if agent is None:
        return AgentActor(**nobody_like(actor))
    reader = Reader(
        agent_id=agent.pk,
        role=AgentRole(agent.role),
        has_shown_key=actor.has_key,
        has_confirmed_key=actor.has_confirmed_key,
        is_on_duty=agent.is_on_duty,
        teams=frozenset(agent.team_ids),
    )
    return AgentActor(**facts_of(actor), reader=reader, name=agent.name)


FACE = Face(
    label="helpdesk",
    word="helpdesk",
    acting=acting,
    navigation=(
        ("Tickets", "dashboard", "support"),
        ("Knowledge base", "articles", "incidents"),
        ("Office", "office", "administration"),
    ),
)
