"""Reads of the helpdesk's people."""

from helpdesk.models import Agent


def agent_of_user(user_id: int) -> Agent | None:
    """Return the agent of an account, if they still work at the helpdesk."""
    return Agent.objects.filter(user_id=user_id, is_active=True, user__is_active=True).first()


def is_on_duty(agent_id: int) -> bool:
    """Say whether tickets are dealt to an agent now."""
    return Agent.objects.filter(pk=agent_id, is_on_duty=True).exists()
