"""Alerts: who was told of an incident or an action, and who has read it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7
from safeguarding.models.actions import Action
from safeguarding.models.incidents import Incident
from safeguarding.querysets import AlertQuerySet
from schools.models import Staff


class Alert(models.Model):
    """One person told of one incident or of one action on it; part of the record.

    Attributes:
        action: The action it is about; null when it is about the incident itself.
        read_at: When the person marked it as read (UTC), or null.
        emailed_at: When the mail server took the email, or null.
        email_refusal: Why the mail server refused it for good; shown to key holders.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="alerts")
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.PROTECT, related_name="alerts"
    )
    recipient = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="alerts")
    raised_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="alerts_raised")
    raised_at = models.DateTimeField(default=clock.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    emailed_at = models.DateTimeField(null=True, blank=True)
    email_refusal = models.CharField(max_length=300, blank=True)

    objects: ClassVar[AlertQuerySet] = AlertQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "incident",
                "recipient",
                condition=Q(action__isnull=True),
                name="alert_to_an_incident_once",
            ),
            models.UniqueConstraint(
                "action",
                "recipient",
                condition=Q(action__isnull=False),
                name="alert_to_an_action_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "-raised_at"],
                condition=Q(read_at__isnull=True),
                name="alert_unread",
            ),
            models.Index(
                fields=["-raised_at"], condition=~Q(email_refusal=""), name="alert_email_refused"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)
