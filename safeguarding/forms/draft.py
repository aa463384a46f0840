"""Which draft, and what a page saves of one."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from safeguarding.services.drafts import Typed
from safeguarding.terms import DraftForm

#: What a form posts that nobody typed.
NOT_TYPED = {"csrfmiddlewaretoken", "author_pass"}
_MOST_VALUES = 2_000
_FORMS = [(form.value, form.value) for form in DraftForm]


class DraftDiscardForm(forms.Form):
    """Names a draft by the reference of its form."""

    draft = forms.UUIDField()


class TypedForm(forms.Form):
    """What a page's script sends while somebody types."""

    form = forms.ChoiceField(choices=_FORMS)
    about = forms.UUIDField(required=False)
    submission = forms.UUIDField()
    author_pass = forms.CharField(max_length=1000)
    page = forms.UUIDField()
    number = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    after = forms.CharField(max_length=60, required=False)
    fields_of_form = forms.JSONField()

    def clean_fields_of_form(self) -> dict[str, list[str]]:
        """Return names and values; nothing but lists of strings."""
        given: Any = self.cleaned_data["fields_of_form"]
        if not isinstance(given, dict):
            raise ValidationError("Not the fields of a form.")
        values = [one for many in given.values() if isinstance(many, list) for one in many]
        are_lists = all(isinstance(many, list) for many in given.values())
        if not are_lists or not all(isinstance(one, str) for one in values):
            raise ValidationError("Not the fields of a form.")
        if len(values) > _MOST_VALUES:
            raise ValidationError("Too many fields.")
        return {name: many for name, many in given.items() if name not in NOT_TYPED}

    def typed(self) -> Typed:
        """Return what was typed, once the form is valid."""
        said = self.cleaned_data
        submission: UUID = said["submission"]
        return Typed(
            form=DraftForm(said["form"]),
            about=said["about"],
            submission=submission,
            fields={**said["fields_of_form"], "submission": [str(submission)]},
            page=said["page"],
            number=said["number"],
            after=said["after"],
        )
