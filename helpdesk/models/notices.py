"""What agents share: notices, alarms, canned replies, tags."""

from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7
from helpdesk.terms import Topic


class IncidentNotice(models.Model):
    """Something that many schools ask about at once, such as an outage."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    opened_at = models.DateTimeField(default=clock.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.ref)


class Alarm(models.Model):
    """An urgent ticket that every agent's console shows until somebody acknowledges it."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.OneToOneField("helpdesk.Ticket", on_delete=models.PROTECT, related_name="alarm")
    raised_at = models.DateTimeField(default=clock.now, editable=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        "helpdesk.Agent", on_delete=models.PROTECT, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alarm_acknowledged_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class CannedReply(models.Model):
    """A reply that is used again and again.

    Attributes:
        text: With fields in braces: ``{requester}``, ``{number}``, ``{agent}``, ``{school}``.
        topic: The topic that it is about; empty for any.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    title = models.CharField(max_length=100, unique=True)
    text = models.TextField()
    topic = models.CharField(
        max_length=20, blank=True, choices=[(topic.value, topic.value) for topic in Topic]
    )

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return str(self.ref)


class Tag(models.Model):
    """A word by which agents find tickets again."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return str(self.ref)
