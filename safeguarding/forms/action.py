"""The ‘Add Action’ form (guide, section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from safeguarding.forms.record import RecordForm, text_field
from safeguarding.services.actions import NewAction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ui.kept_text import Students
    from ui.names import NamedInTexts


class ActionForm(RecordForm):
    """What was done, and who should know."""

    text = text_field(_("Action Taken"), _("Write down what was done."))
    categories = forms.MultipleChoiceField(
        label=_("Add Categories"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("That category is not offered. Choose again.")},
    )
    on_linked_students = forms.BooleanField(
        label=_("Add action to linked students"), required=False
    )
    shares_documents = forms.BooleanField(label=_("Share documents?"), required=False)

    def __init__(self, *args: Any, students: Students, **kwargs: Any) -> None:
        """Make the form.

        Args:
            args: As for any form of the record.
            students: Gives the students whom the incident concerns.
            kwargs: As for any form of the record.
        """
        self._students = students
        super().__init__(*args, **kwargs)
        self.fields["agencies"].label = _("Agency Involved")

    def linked_students(self) -> Iterable[NamedInTexts]:
        """Return the students whom the incident concerns."""
        return self._students()

    def new_action(self) -> NewAction:
        """Return what was written, once the form is valid."""
        said = self.cleaned_data
        return NewAction(
            submission=said["submission"],
            text=said["text"],
            occurred_at=said["occurred_at"],
            categories=said["categories"],
            on_linked_students=said["on_linked_students"],
            shares_documents=said["shares_documents"],
            agencies=said["agencies"],
            files=said["files"],
            recipients=said["recipients"],
            form_opened=self.opened,
        )
