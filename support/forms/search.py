"""What a reader of the guide fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """Words to look for in the guide."""

    words = forms.CharField(
        label=_("Search the guide"),
        max_length=100,
        error_messages={"required": _("Type what you are looking for.")},
    )
