"""What is looked for in the list of students."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.kept_text import UnrepeatedInput


class StudentSearchForm(forms.Form):
    """A part of a name."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        required=False,
        widget=UnrepeatedInput(attrs={"autocomplete": "off"}),
        error_messages={
            "max_length": _("Type no more than %(limit_value)d characters of the name."),
            "null_characters_not_allowed": _(
                "Type the name again: it holds a character that none has."
            ),
        },
    )
    is_monitored = forms.BooleanField(label=_("Monitored"), required=False)
