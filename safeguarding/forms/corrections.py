"""Corrections of the record, for key holders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from safeguarding.forms.moment import MomentField
from safeguarding.forms.typed_again import TypedAgainForm
from safeguarding.services.corrections import NewAmendment
from safeguarding.terms import LONGEST_REASON, LONGEST_TEXT
from schools import choices, selectors
from ui.fields import RefField
from ui.kept_text import KeptTextarea
from ui.widgets import SplitDateTime, Typeahead

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import QueryDict

    from safeguarding.models import Incident
    from safeguarding.selectors.corrections import Amendable
    from schools.actors import StaffActor
    from schools.models import Category, Student


class _ReasonForm(TypedAgainForm):
    """Why the record is corrected; and what makes a double click harmless."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it is corrected"),
        max_length=LONGEST_REASON,
        help_text=_("It stays beside the correction, for every key holder who reads it."),
        widget=KeptTextarea,
        error_messages={"required": _("Say why it is corrected.")},
    )

    def __init__(
        self,
        data: Any = None,
        *,
        actor: StaffActor,
        incident: Incident,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial={"submission": uuid7(), **(initial or {})})
        self.keep_texts(actor, lambda: incident.concerned)

    def clean_reason(self) -> str:
        """Return the reason without what no database takes."""
        return str(self.cleaned_data["reason"]).replace("\x00", "")


class AmendForm(_ReasonForm):
    """The text of an incident or an action, and when it happened."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What it says"),
        max_length=LONGEST_TEXT,
        widget=KeptTextarea,
        strip=False,
        error_messages={"required": _("It must say something. Write what it is to say.")},
    )
    occurred_at = MomentField(
        label=_("Date/Time"),
        widget=SplitDateTime,
        error_messages={
            "required": _("Enter the date and the time."),
            "invalid": _("Enter a date and a time, such as 16/03/2026 and 16:28."),
            "invalid_date": _("Enter a real date."),
            "invalid_time": _("Enter a time, such as 16:28."),
        },
    )

    field_order = ["text", "occurred_at", "reason"]

    @classmethod
    def of(cls, shown: Amendable, actor: StaffActor, data: Any = None) -> AmendForm:
        """Return the form with what an incident or an action says now."""
        now = {
            "version": shown.version,
            "text": shown.amended.text,
            "occurred_at": timezone.localtime(shown.amended.occurred_at),
        }
        return cls(data, actor=actor, incident=shown.incident, initial=now)

    def clean_text(self) -> str:
        """Refuse a text of spaces alone; lines end as they are stored, however they are sent."""
        text = str(self.cleaned_data["text"]).replace("\x00", "").strip()
        if not text:
            raise ValidationError(self.fields["text"].error_messages["required"])
        return text

    def show_newest(self, version: int) -> None:
        """Let the next try replace the newest version; what was typed stays."""
        self.data = cast("QueryDict", self.data).copy()
        self.data["version"] = str(version)

    def new_amendment(self) -> NewAmendment:
        """Return what was corrected, once the form is valid."""
        return NewAmendment(**self.cleaned_data)


class StudentForm(_ReasonForm):
    """The student whom an incident concerns in truth."""

    student = RefField(
        label=_("The right student"),
        widget=Typeahead(
            reverse_lazy("suggest_students"), placeholder=_("Begin typing a student's name")
        ),
        error_messages={"required": _("Choose the student whom it concerns.")},
    )

    field_order = ["student", "reason"]

    def __init__(
        self, data: Any = None, *, actor: StaffActor, incident: Incident, as_list: bool = False
    ) -> None:
        super().__init__(data, actor=actor, incident=incident)
        self.actor = actor
        #: References of the students whose names it has shown; filled while the page is drawn.
        self.students_named: list[UUID] = []
        widget = self.fields["student"].widget
        widget.resolve, widget.options, widget.as_list = self._resolve, self._every, as_list

    def _resolve(self, refs: Any) -> list[Any]:
        return self._offer(selectors.students_by_ref(self.actor.reader, choices.known_refs(refs)))

    def _every(self) -> list[Any]:
        return self._offer(selectors.students_on_roll(self.actor.reader))

    def _offer(self, students: list[Student]) -> list[Any]:
        self.students_named += [student.ref for student in students]
        return [choices.student_choice(student) for student in students]

    def clean_student(self) -> Student:
        """Return the student on roll."""
        found = selectors.students_by_ref(self.actor.reader, [self.cleaned_data["student"]])
        if not found:
            raise ValidationError(_("This student is not on roll any more. Choose again."))
        return found[0]


class CategoriesForm(forms.Form):
    """The incident's own categories; those that its actions added are not among them.

    Attributes:
        shown: References of what was ticked when the form was shown: only what differs from
            it is changed, whatever a colleague changed meanwhile.
    """

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10_000)
    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Every incident has at least one category. Leave one ticked."),
            "invalid_choice": _("That category is not offered. Choose again."),
        },
    )

    def __init__(self, data: Any = None, *, own: list[Category]) -> None:
        refs = [str(category.ref) for category in own]
        super().__init__(data, initial={"categories": refs, "shown": " ".join(refs)})
        offered = selectors.offered_categories()
        retired = [category for category in own if category not in offered]
        self._known = {str(category.ref): category for category in [*offered, *retired]}
        self.fields["categories"].choices = choices.category_options(  # type: ignore[attr-defined] # a choice field
            self._known.values()
        )

    def changes(self) -> dict[str, list[Category]]:
        """Return what was ticked and what was unticked, once the form is valid."""
        shown, now = self.cleaned_data["shown"].split(), self.cleaned_data["categories"]
        return {
            "added": [self._known[ref] for ref in now if ref not in shown],
            "removed": [self._known[ref] for ref in shown if ref in self._known and ref not in now],
        }
