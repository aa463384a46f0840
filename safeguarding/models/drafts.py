"""Drafts: what somebody typed and could not yet submit, sealed, for its author alone."""

from django.db import models

from core import clock
from core.identifiers import uuid7
from safeguarding.terms import DraftForm
from schools.models import Staff


class Draft(models.Model):
    """The contents of a form.

    Attributes:
        about: Reference of the incident that an action was being added to; null otherwise.
        sealed: The fields as JSON, encrypted with the school's text keyset and bound to the
            school, the author and the form.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="drafts")
    form = models.CharField(max_length=20, choices=[(form.value, form.value) for form in DraftForm])
    about = models.UUIDField(null=True, blank=True)
    sealed = models.BinaryField()
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "author", "form", "about", name="draft_one_a_form", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)
