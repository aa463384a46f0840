"""Actions: what was done about an incident."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core import clock
from core.attachments.models import Attachment
from core.identifiers import uuid7
from safeguarding.models.incidents import Incident
from safeguarding.policies import ActionFacts
from safeguarding.querysets import ActionQuerySet
from safeguarding.terms import LONGEST_TEXT
from schools.models import Agency, Category, Staff


class Action(models.Model):
    """Something that was done about an incident.

    Attributes:
        on_linked_students: It is on the linked students' records too.
        shares_documents: So are its files.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="actions")
    text = models.TextField(max_length=LONGEST_TEXT)
    categories = models.ManyToManyField(Category, related_name="actions", blank=True)
    agencies = models.ManyToManyField(Agency, related_name="actions", blank=True)
    on_linked_students = models.BooleanField(default=False)
    shares_documents = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="actions_recorded")

    objects: ClassVar[ActionQuerySet] = ActionQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="action_has_text"),
            models.CheckConstraint(
                condition=Q(occurred_at__lte=F("recorded_at")), name="action_not_in_the_future"
            ),
            models.CheckConstraint(
                condition=Q(on_linked_students=True) | Q(shares_documents=False),
                name="action_documents_shared_only_with_the_action",
            ),
        ]
        indexes = [
            models.Index(fields=["incident", "recorded_at", "id"], name="action_trail"),
            models.Index(fields=["author", "-recorded_at"], name="action_by_author"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    def facts(self, *, has_unread_alert: bool) -> ActionFacts:
        """Return what the policies need to know."""
        return ActionFacts(
            author_id=self.author_id,
            recorded_at=self.recorded_at,
            incident=self.incident.facts(has_unread_alert=has_unread_alert),
        )


class ActionFile(models.Model):
    """A file attached to an action."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="action_file"
    )

    def __str__(self) -> str:
        return str(self.pk)
