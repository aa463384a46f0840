"""The outbox: events kept in the transaction that caused them, until a worker has acted on each."""

from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7


class OutboxEvent(models.Model):
    """One event and how far it has come.

    Attributes:
        ref: Public reference; an email's Message-ID is derived from it.
        due_at: Earliest instant (UTC) of the next attempt.
        done_at: When it was acted on, or null.
        parked_at: When it was given up, or null; people are shown why.
    """

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=100)
    payload = models.JSONField()
    appended_at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(parked_at__isnull=True),
                name="outbox_event_not_both_done_and_parked",
            ),
        ]
        indexes = [
            models.Index(
                "due_at",
                "id",
                condition=Q(done_at__isnull=True, parked_at__isnull=True),
                name="outbox_event_waiting",
            ),
            models.Index(
                "parked_at", condition=Q(parked_at__isnull=False), name="outbox_event_parked"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)
