"""The ‘Add Action’ form (guide, section 3)."""

from __future__ import annotations

from typing import Any

from django import forms

from safeguarding.forms.record import RecordForm, text_field
from safeguarding.services.actions import NewAction


class ActionForm(RecordForm):
    """What was done, and who should know."""

    text = text_field("Action Taken", "Write down what was done.")
    categories = forms.MultipleChoiceField(
        label="Add Categories",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "That category is not offered. Choose again."},
    )
    on_linked_students = forms.BooleanField(label="Add action to linked students", required=False)
    shares_documents = forms.BooleanField(label="Share documents?", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agencies"].label = "Agency Involved"

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
