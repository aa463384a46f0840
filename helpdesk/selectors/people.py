"""The page about who deals with what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from helpdesk.models import Agent, Team, TopicTeam
from helpdesk.terms import Topic


@dataclass(frozen=True, kw_only=True)
class PeopleSheet:
    """Who deals with what.

    Attributes:
        topics: To which team a topic goes, by reference; what is not here goes to everybody.
        agents: Everybody who works here, with their teams.
    """

    teams: Sequence[Team]
    topics: Mapping[Topic, UUID]
    agents: Sequence[Agent]


def people_sheet() -> PeopleSheet:
    """Return who deals with what."""
    topics = TopicTeam.objects.values_list("topic", "team__ref")
    return PeopleSheet(
        teams=list(Team.objects.order_by("name")),
        topics={Topic(topic): ref for topic, ref in topics},
        agents=list(_agents().order_by("name", "pk")),
    )


def agent_with(ref: UUID) -> Agent:
    """Return an agent who works here, with their teams.

    Raises:
        Agent.DoesNotExist: There is none.
    """
    return _agents().get(ref=ref)


def _agents() -> QuerySet[Agent]:
    return Agent.objects.filter(is_active=True).prefetch_related("teams")
