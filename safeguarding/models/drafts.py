"""Drafts: what somebody typed and has not submitted yet, sealed, for its author alone."""

from typing import ClassVar

from django.db import models

from core import clock
from core.attachments.models import Attachment
from core.identifiers import uuid7
from safeguarding.terms import DraftForm
from schools.models import Staff


class Draft(models.Model):
    """The contents of one form that was opened.

    Attributes:
        submission: The form's own reference: every form that is opened has another one, so that
            several unfinished incidents stand side by side.
        about: Reference of the incident that an action was being added to, or of the ticket that
            was being answered; null otherwise.
        page: The page, opened once in one tab, whose typing this is.
        number: How manieth save of that page it is; an older one never takes its place.
        sealed: The fields as JSON, encrypted with the school's text keyset and bound to the
            school, the author and the form.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="drafts")
    form = models.CharField(max_length=20, choices=[(form.value, form.value) for form in DraftForm])
    about = models.UUIDField(null=True, blank=True)
    submission = models.UUIDField(default=uuid7, editable=False)
    page = models.UUIDField(default=uuid7, editable=False)
    number = models.PositiveIntegerField(default=0, editable=False)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("author", "submission", name="draft_one_a_form_opened"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("saved_at", name="draft_saved_at"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def turn(self) -> str:
        """Which save this is, as a page that shows the draft hands it back."""
        return f"{self.page}:{self.number}"


class DraftFile(models.Model):
    """A file that was uploaded for a draft and lives as long as the draft."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="draft_files")
    attachment = models.ForeignKey(Attachment, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("draft", "attachment", name="draft_file_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SentForm(models.Model):
    """A form that was submitted, or whose draft was thrown away, a short while ago.

    A save that was under way at that moment must not bring the draft back.
    """

    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    submission = models.UUIDField(editable=False)
    sent_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("author", "submission", name="sent_form_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index("sent_at", name="sent_form_sent_at"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
