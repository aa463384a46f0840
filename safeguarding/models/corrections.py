"""Corrections of the record: what it said before stays readable beneath (guide, section 2)."""

from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7
from safeguarding.models.actions import Action
from safeguarding.models.incidents import Incident
from safeguarding.terms import LONGEST_REASON, LONGEST_TEXT
from schools.models import Category, Staff, Student


class Amendment(models.Model):
    """An earlier version of an incident or of an action on it; never changed, never deleted.

    Attributes:
        submission: Made when the form was shown; a double click carries the same one twice.
        action: The action whose text it was; null for the incident's own.
        reason: Why it was amended.
        moves_student: The incident was moved to another student's record; its text stayed.
        text: What it said until then.
        occurred_at: When it had happened (UTC), as it said until then.
        student: Whose record it was on until then; null where that was the whole school's.
        made_at: Until when it said so (UTC).
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="amendments")
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.PROTECT, related_name="amendments"
    )
    reason = models.TextField(max_length=LONGEST_REASON)
    moves_student = models.BooleanField(default=False)
    text = models.TextField(max_length=LONGEST_TEXT)
    occurred_at = models.DateTimeField()
    student = models.ForeignKey(
        Student, null=True, blank=True, on_delete=models.PROTECT, related_name="moved_incidents"
    )
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="amendments")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="amendment_has_a_reason"),
            models.CheckConstraint(
                condition=Q(moves_student=False) | Q(action__isnull=True),
                name="amendment_moves_incidents_alone",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class CategoryChange(models.Model):
    """A category that a key holder put on an incident, or took off it, after it was recorded."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="category_changes"
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    is_removal = models.BooleanField(default=False)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return str(self.ref)
