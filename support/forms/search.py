"""What a reader of the guide fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.kept_text import UnrepeatedInput


class SearchForm(forms.Form):
    """Words to look for in the guide."""

    words = forms.CharField(
        label=_("Search the guide"),
        max_length=100,
        widget=UnrepeatedInput,
        error_messages={"required": _("Type what you are looking for.")},
    )
