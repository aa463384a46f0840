"""What is looked for in the list of students."""

from django import forms

from ui.kept_text import UnrepeatedInput


class StudentSearchForm(forms.Form):
    """A part of a name."""

    name = forms.CharField(
        label="Name",
        max_length=100,
        required=False,
        widget=UnrepeatedInput(attrs={"autocomplete": "off"}),
        error_messages={
            "max_length": "Type no more than %(limit_value)d characters of the name.",
            "null_characters_not_allowed": "Type the name again: it holds a character that none has.",
        },
    )
