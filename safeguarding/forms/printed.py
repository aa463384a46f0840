"""Which page was printed."""

from django import forms


class PrintedForm(forms.Form):
    """Names a page by the id of the request that it answered."""

    page = forms.RegexField(r"^[A-Za-z0-9-]{8,64}\Z")
