"""Which draft."""

from django import forms

from safeguarding.terms import DraftForm


class DraftDiscardForm(forms.Form):
    """Names a draft by its form and, for an action, by its incident."""

    form = forms.ChoiceField(choices=[(form.value, form.value) for form in DraftForm])
    about = forms.UUIDField(required=False)
