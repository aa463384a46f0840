"""Reads of the helpdesk's people."""

from typing import TYPE_CHECKING, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from helpdesk.models import Agent
from helpdesk.terms import AgentRole

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class TeamsOf(TypedDict):
    """What is found beside an agent: row ids of their teams."""

    team_ids: list[int]


def agent_of_user(user_id: int) -> "WithAnnotations[Agent, TeamsOf] | None":
    """Return the agent of an account with ``team_ids``, if they still work at the helpdesk."""
    teams = Agent.teams.through.objects.filter(agent_id=OuterRef("pk")).values("team_id")
    rows = Agent.objects.annotate(team_ids=ArraySubquery(teams))
    return rows.filter(user_id=user_id, is_active=True, user__is_active=True).first()


def names_of_colleagues(agent_id: int) -> dict[int, str]:
    """Return the names of all who answer tickets but one, by row id."""
    rows = Agent.objects.filter(is_active=True).exclude(role=AgentRole.EDITOR)
    return dict(rows.exclude(pk=agent_id).values_list("pk", "name"))
