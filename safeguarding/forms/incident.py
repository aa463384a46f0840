"""The ‘Add Incident’ form (guide, section 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from safeguarding.forms.record import (
    NOT_OFFERED,
    RecordForm,
    every_key_holder,
    resolve_staff,
    text_field,
)
from safeguarding.policies import why_not_assign
from safeguarding.services.incidents import Link, NewIncident, concern_of, why_not_assignee
from safeguarding.terms import Status
from schools import choices, selectors
from schools.selectors.maps import map_sheets
from ui.choices import RowOption
from ui.fields import ChosenRow, RefField, RowsField
from ui.maps import MapsField
from ui.widgets import Typeahead

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from schools.models import Staff, Student

_STUDENT = _("Begin typing a student's name")
_NO_STUDENT = _(
    "No student on roll has that name. Try the family name alone, or ask the office whether the"
    " student is in your MIS."
)
_LEFT = _("This student is not on roll any more. Choose again.")


class IncidentForm(RecordForm):
    """A concern, as its author writes it down."""

    student = RefField(
        label=_("Student"),
        required=False,
        widget=Typeahead(
            reverse_lazy("suggest_students"), placeholder=_STUDENT, nobody=_NO_STUDENT
        ),
    )
    is_whole_school = forms.BooleanField(
        label=_("This is a Whole School Incident: it concerns no one student"), required=False
    )
    text = text_field(
        _("Incident"),
        _("Write down what happened."),
        _(
            "Be accurate and specific. Spell the names of linked students as your MIS does, so that"
            " ‘Hide Names’ finds them."
        ),
    )
    categories = forms.MultipleChoiceField(
        label=_("Categories"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one category."),
            "invalid_choice": _("That category is not offered. Choose again."),
        },
    )
    linked = RowsField(
        label=_("Linked student(s)"),
        required=False,
        help_text=_("Type a student's name to link them to this incident."),
        widget=Typeahead(
            reverse_lazy("suggest_students"),
            multiple=True,
            placeholder=_STUDENT,
            nobody=_NO_STUDENT,
            row_options=[
                RowOption("monitor", _("Monitor under the same category(s)")),
                RowOption("share_documents", _("Share documents")),
            ],
        ),
    )
    maps = MapsField(
        label=_("Maps"),
        required=False,
        help_text=_("Where on the body, or where in the school, if that matters."),
    )
    status = forms.ChoiceField(
        label=_("Status"),
        choices=[(status.value, _(status.label)) for status in Status],
        error_messages={"invalid_choice": NOT_OFFERED},
        initial=Status.ACTIVE.value,
        widget=forms.RadioSelect,
    )
    assignee = RefField(
        label=_("Assign to"),
        required=False,
        widget=Typeahead(
            reverse_lazy("suggest_key_holders"), placeholder=_("Begin typing a key holder's name")
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: References of the students whose names it has shown; filled while the page is drawn.
        self.students_named: list[UUID] = []
        self.may_assign = why_not_assign(self.actor.reader) is None
        for name in ("student", "linked"):
            self.fields[name].widget.resolve = self._resolve_students
            self.fields[name].widget.options = self._every_student
        self.fields["maps"].widget.sheets = map_sheets
        self.fields["assignee"].widget.resolve = resolve_staff
        self.fields["assignee"].widget.options = every_key_holder

    def _resolve_students(self, refs: Any) -> list[Any]:
        return self._offer(selectors.students_by_ref(self.actor.reader, choices.known_refs(refs)))

    def _every_student(self) -> list[Any]:
        return self._offer(selectors.students_on_roll(self.actor.reader))

    def _offer(self, students: list[Student]) -> list[Any]:
        self.students_named += [student.ref for student in students]
        return [choices.student_choice(student) for student in students]

    def linked_students(self) -> Iterable[Student]:
        """Return the students chosen so far, those who left since too."""
        posted = [self["student"].value() or "", *(row.ref for row in self["linked"].value() or ())]
        return selectors.students_ever(self.actor.reader, choices.known_refs(posted))

    def clean_student(self) -> Student | None:
        """Return the student on roll."""
        return self._student(self.cleaned_data["student"])

    def _student(self, ref: UUID | None) -> Student | None:
        if ref is None:
            return None
        found = selectors.students_by_ref(self.actor.reader, [ref])
        if not found:
            raise ValidationError(_LEFT)
        return found[0]

    def clean_linked(self) -> list[Link]:
        """Return the linked students with what was ticked for each."""
        rows: list[ChosenRow] = self.cleaned_data["linked"]
        found = {
            student.ref: student
            for student in selectors.students_by_ref(self.actor.reader, [r.ref for r in rows])
        }
        if len(found) < len({row.ref for row in rows}):
            raise ValidationError(_LEFT)
        return [
            Link(
                student=found[row.ref],
                is_monitored="monitor" in row.ticked,
                shares_documents="share_documents" in row.ticked,
            )
            for row in rows
        ]

    def clean_assignee(self) -> Staff | None:
        """Return the key holder who will deal with it; only key holders may choose one."""
        return chosen_key_holder(self.cleaned_data["assignee"], may_assign=self.may_assign)

    def clean(self) -> dict[str, Any]:
        """Ask for a student, or for the tick that says it concerns no one student."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_whole_school = cleaned.get("is_whole_school")
        if is_whole_school and cleaned.get("student"):
            self.add_error("is_whole_school", _("Either choose a student or tick this, not both."))
        if not is_whole_school and "student" in cleaned and not cleaned["student"]:
            self.add_error(
                "student", _("Choose a student, or say that this is a Whole School Incident.")
            )
        self._check_assignee(cleaned)
        return cleaned

    def _check_assignee(self, cleaned: dict[str, Any]) -> None:
        """Refuse an assignee whose access group would not let them open it."""
        if cleaned.get("assignee") is None or self.errors:
            return
        if why := why_not_assignee(cleaned["assignee"], concern_of(self.new_incident())):
            self.add_error("assignee", why.sentence)

    def new_incident(self) -> NewIncident:
        """Return what was written, once the form is valid."""
        said = self.cleaned_data
        return NewIncident(
            submission=said["submission"],
            student=said["student"],
            text=said["text"],
            categories=said["categories"],
            occurred_at=said["occurred_at"],
            links=said["linked"],
            status=Status(said["status"]),
            assignee=said["assignee"],
            files=said["files"],
            recipients=said["recipients"],
            agencies=said["agencies"],
            form_opened=self.opened,
            maps=said["maps"],
        )


def chosen_key_holder(ref: UUID | None, *, may_assign: bool) -> Staff | None:
    """Return the registered key holder of a reference.

    Raises:
        ValidationError: They are none, or the person who chooses is none.
    """
    if ref is None:
        return None
    if not may_assign:
        raise ValidationError(_("Only key holders can assign an incident."))
    for staff in selectors.staff_by_ref([ref]):
        if staff.access_group.holds_key:
            return staff
    raise ValidationError(_("Choose a key holder."))
