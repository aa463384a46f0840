"""The record of who saw and who changed what."""

from django.db import models

from core import clock
from core.identifiers import uuid7


class AuditEntry(models.Model):
    """One thing that somebody saw or did; only ever inserted.

    Attributes:
        verb: What was done, e.g. ``incident.viewed``.
        subject_kind: What it was done to, e.g. ``safeguarding.incident``.
        subject_ref: Its public reference.
        facts: References and counts; never a name, a text or a file name.
    """

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    happened_at = models.DateTimeField(default=clock.now, editable=False)
    user_id = models.BigIntegerField(null=True, blank=True)
    had_key = models.BooleanField(default=False)
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=100, blank=True)
    subject_ref = models.UUIDField(null=True, blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index("subject_ref", "id", name="audit_entry_subject"),
            models.Index("user_id", "id", name="audit_entry_user"),
        ]

    def __str__(self) -> str:
        return str(self.ref)
