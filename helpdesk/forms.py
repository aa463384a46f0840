"""What agents type and choose."""

from typing import Any

from django import forms

from helpdesk.terms import MOST_HOURS, AccessScope

#: Characters of one message.
LONGEST = 20_000


class SayForm(forms.Form):
    """A reply, a question or a note: the button says which."""

    text = forms.CharField(
        label="Your words",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"data-answer": ""}),
        error_messages={"required": "Write something first."},
    )


class SearchForm(forms.Form):
    """A number, a school, or words."""

    words = forms.CharField(
        label="Number, school or words",
        max_length=100,
        error_messages={"required": "Enter a number, a school or words."},
    )


class Pick(forms.Form):
    """One thing chosen from a list."""

    def __init__(
        self,
        name: str,
        label: str,
        choices: list[tuple[str, str]],
        *,
        data: Any = None,
        initial: str = "",
        is_required: bool = True,
    ) -> None:
        super().__init__(data, initial={name: initial})
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=is_required)


class TagForm(forms.Form):
    """A tag's word."""

    tag = forms.CharField(label="Tag", max_length=40)


class MergeForm(forms.Form):
    """The number of the ticket that goes on."""

    number = forms.RegexField(
        r"^\s*(?:[Tt]-)?0*[1-9][0-9]{0,8}\s*$",
        label="Number of the ticket that goes on",
        max_length=12,
        error_messages={"invalid": "Enter a number such as T-000123."},
    )

    def clean_number(self) -> int:
        """Return the number without its letter."""
        return int(self.cleaned_data["number"].strip().upper().removeprefix("T-"))


class AccessForm(forms.Form):
    """What an agent asks to look at on the school's site."""

    purpose = forms.CharField(
        label="What for",
        max_length=500,
        widget=forms.Textarea,
        error_messages={"required": "Say what for: the school reads it."},
    )
    scope = forms.TypedChoiceField(
        label="What you need to see",
        choices=[(one.value, one.words) for one in AccessScope],
        initial=AccessScope.SETTINGS.value,
        coerce=AccessScope,
    )
    hours = forms.TypedChoiceField(
        label="For how many hours",
        choices=[(str(one), str(one)) for one in range(1, MOST_HOURS + 1)],
        initial="1",
        coerce=int,
    )
