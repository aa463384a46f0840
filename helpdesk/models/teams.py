"""Who deals with which topic."""

from django.db import models

from core.identifiers import uuid7
from helpdesk.terms import Topic


class Team(models.Model):
    """Agents who share a queue."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100, unique=True)

    def __str__(self) -> str:
        return str(self.ref)


class TopicTeam(models.Model):
    """The team to which tickets of a topic go."""

    topic = models.CharField(
        max_length=20, unique=True, choices=[(topic.value, topic.value) for topic in Topic]
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="topics")

    def __str__(self) -> str:
        return str(self.pk)
