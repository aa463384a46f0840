"""Reads of the helpdesk's people."""

from helpdesk.models import Agent
from helpdesk.terms import AgentRole


def agent_of_user(user_id: int) -> Agent | None:
    """Return the agent of an account, if they still work at the helpdesk."""
    return Agent.objects.filter(user_id=user_id, is_active=True, user__is_active=True).first()


def is_on_duty(agent_id: int) -> bool:
    """Say whether tickets are dealt to an agent now."""
    return Agent.objects.filter(pk=agent_id, is_on_duty=True).exists()


def names_of_colleagues(agent_id: int) -> dict[int, str]:
    """Return the names of all who answer tickets but one, by row id."""
    rows = Agent.objects.filter(is_active=True).exclude(role=AgentRole.EDITOR)
    return dict(rows.exclude(pk=agent_id).values_list("pk", "name"))
