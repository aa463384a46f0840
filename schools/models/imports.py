"""Uploads from the MIS, from the preview to the report."""

from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7
from schools.models.people import Staff
from schools.terms import ImportState


class MisImport(models.Model):
    """One upload from the school's MIS.

    Attributes:
        files: References of the sealed files, until they are destroyed.
        size: Bytes of all files, unsealed.
        state: How far it has come.
        sealed: The preview as sealed JSON (it names pupils), until it is imported or cancelled.
        digest: SHA-256 over every change that the preview showed.
        counts: What was counted, by code; numbers only.
        needs_consent: So many would leave that somebody must say that it is right.
        ended_at: When it was imported, refused or cancelled.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    uploaded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="mis_imports")
    uploaded_at = models.DateTimeField(default=clock.now, editable=False)
    files: models.Field[list[UUID], list[UUID]] = ArrayField(
        models.UUIDField(), default=list, editable=False
    )
    size = models.BigIntegerField(default=0, editable=False)
    state = models.CharField(
        max_length=20,
        default=ImportState.CHECKING.value,
        choices=[(s.value, s.value) for s in ImportState],
    )
    sealed = models.BinaryField(default=bytes, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    counts = models.JSONField(default=dict, editable=False)
    needs_consent = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["MisImport"]] = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, state__in=ImportState.open())
                | Q(ended_at__isnull=False, state__in=ImportState.ended()),
                name="mis_import_ended_at_when_ended",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)
