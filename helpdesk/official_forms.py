"""What agents write of official requests and of telephone calls."""

from typing import Any
from uuid import UUID

from django import forms

from helpdesk.official import LONGEST_WORDS, OfficialKind

_TOO_LONG = "Keep this to %(limit_value)d characters; it has %(show_value)d."


class DoneForm(forms.Form):
    """The completion record."""

    done = forms.CharField(
        label="What was done",
        max_length=LONGEST_WORDS,
        help_text="The school reads it and keeps it. It can never be changed.",
        widget=forms.Textarea,
        error_messages={"required": "Say what was done.", "max_length": _TOO_LONG},
    )


class CallForm(forms.Form):
    """A telephone call."""

    school = forms.ChoiceField(
        label="School",
        error_messages={"required": "Choose a school.", "invalid_choice": "Choose a school."},
    )
    caller_name = forms.CharField(
        label="Caller’s name",
        max_length=200,
        error_messages={
            "required": "Enter the name that the caller gave.",
            "max_length": _TOO_LONG,
        },
    )
    email = forms.EmailField(
        label="Email address with which the caller logs in",
        help_text="If it is an authorised person’s at that school, the link goes to it.",
        max_length=254,
        error_messages={
            "required": "Enter an email address.",
            "invalid": "Enter an email address.",
        },
    )
    kind = forms.ChoiceField(
        label="What is asked for",
        choices=[("", ""), *((one.value, one.words) for one in OfficialKind)],
        error_messages={"required": "Choose what is asked for.", "invalid_choice": "Choose again."},
    )
    words = forms.CharField(
        label="What the caller asked, in your words",
        max_length=LONGEST_WORDS,
        help_text="The caller reads this and confirms it, or denies it. Name no pupil.",
        widget=forms.Textarea,
        error_messages={"required": "Say what the caller asked.", "max_length": _TOO_LONG},
    )

    def __init__(self, data: Any = None, *, schools: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["school"].choices = [("", ""), *schools]  # type: ignore[attr-defined] # a choice field

    def clean_school(self) -> UUID:
        """Return the school's reference."""
        return UUID(self.cleaned_data["school"])

    def clean_kind(self) -> OfficialKind:
        """Return the kind."""
        return OfficialKind(self.cleaned_data["kind"])
