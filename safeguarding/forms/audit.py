"""What to look for in the audit: posted nowhere, so by reference and date alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from safeguarding.forms.record import NOT_OFFERED, every_colleague
from safeguarding.selectors.audit import AuditFilter, people_by_ref, students_on_record
from safeguarding.terms import DeedKind
from schools import choices, selectors
from ui.fields import RefField
from ui.kept_text import UnrepeatedDay
from ui.widgets import Typeahead

if TYPE_CHECKING:
    from uuid import UUID

    from schools.actors import StaffActor
    from schools.models import Student


class AuditForm(forms.Form):
    """Who, what, whose data and when.

    Its values stand in the page's address: references and dates, never a name. Names are typed
    into the typeaheads, which post them.
    """

    person = RefField(
        label=_("Who"),
        required=False,
        widget=Typeahead(
            reverse_lazy("suggest_staff"), placeholder=_("Begin typing a staff member's name")
        ),
    )
    student = RefField(
        label=_("Whose data"),
        required=False,
        widget=Typeahead(
            reverse_lazy("suggest_students"), placeholder=_("Begin typing a student's name")
        ),
    )
    kind = forms.ChoiceField(
        label=_("What"),
        required=False,
        choices=[("", _("Everything")), *((kind.value, _(kind.label)) for kind in DeedKind)],
        error_messages={"invalid_choice": NOT_OFFERED},
    )
    since = forms.DateField(
        label=pgettext_lazy("first day", "From"),
        required=False,
        widget=UnrepeatedDay,
    )
    until = forms.DateField(
        label=pgettext_lazy("last day", "To"),
        required=False,
        widget=UnrepeatedDay,
    )

    def __init__(self, data: Any, *, actor: StaffActor, as_list: bool = False) -> None:
        super().__init__(data)
        self.actor = actor
        #: References of the students whose names it has shown; filled while the page is drawn.
        self.students_named: list[UUID] = []
        person, student = self.fields["person"].widget, self.fields["student"].widget
        person.resolve, person.options = _resolve_people, every_colleague
        student.resolve, student.options = self._resolve_students, self._every_student
        person.as_list = student.as_list = as_list

    def _resolve_students(self, refs: Any) -> list[Any]:
        return self._offer(students_on_record(self.actor.reader, choices.known_refs(refs)))

    def _every_student(self) -> list[Any]:
        return self._offer(selectors.students_on_roll(self.actor.reader))

    def _offer(self, students: list[Student]) -> list[Any]:
        self.students_named += [student.ref for student in students]
        return [choices.student_choice(student) for student in students]

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day. Choose a later one."))
        return cleaned

    def chosen(self) -> AuditFilter:
        """Return what is looked for, once the form is valid."""
        said = self.cleaned_data
        return AuditFilter(**said | {"kind": DeedKind(said["kind"]) if said["kind"] else None})


def _resolve_people(refs: Any) -> list[Any]:
    return [choices.staff_choice(one) for one in people_by_ref(choices.known_refs(refs))]
