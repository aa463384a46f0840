"""What ops type to bring schools on."""

import io
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenants.onboarding_file import ListRefused, read_list
from tenants.services.onboardings import Asked
from tenants.slugs import LONGEST
from tenants.terms import MisSource, Plan


class FindForm(forms.Form):
    """Words of an establishment in the DfE's register."""

    words = forms.CharField(
        label="Name, town, postcode, trust or URN",
        max_length=200,
        required=False,
    )


class OnboardingForm(forms.Form):
    """One school that is to be brought on."""

    urn = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label="Name, as its pages show it", max_length=200)
    slug = forms.CharField(
        label="Address",
        max_length=LONGEST,
        help_text="First part of its web address: lower-case letters, digits and hyphens.",
    )
    plan = forms.ChoiceField(label="Plan", choices=[(one.value, one.words) for one in Plan])
    admin_given_name = forms.CharField(
        label="First administrator’s given name", max_length=100, required=False
    )
    admin_family_name = forms.CharField(
        label="First administrator’s family name", max_length=100, required=False
    )
    admin_email = forms.CharField(
        label="First administrator’s email address",
        max_length=254,
        help_text="The school’s address and the way to a first password go there.",
    )
    mis_source = forms.ChoiceField(
        label="Where pupils and staff come from",
        choices=[(one.value, one.words) for one in MisSource],
    )

    def asked(self) -> Asked:
        """Return what is asked for, once the form is valid."""
        return Asked(**self.cleaned_data)


class ListForm(forms.Form):
    """Schools that are to be brought on, as lines of a CSV.

    Pasted, since no page takes a file that is not sealed for a school; and so it stays on the page
    until every line is right.
    """

    lines = forms.CharField(
        label="Lines of the list",
        max_length=1_000_000,
        strip=False,
        widget=forms.Textarea,
        help_text="Copy the columns and a line for each school, with commas between, and paste them.",
        error_messages={"required": "Paste the list."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: list[Asked] = []
        self.stands_on: list[int] = []

    def clean_lines(self) -> str:
        """Read the list."""
        said = str(self.cleaned_data["lines"])
        try:
            self.asked, self.stands_on = read_list(io.StringIO(said.lstrip("\ufeff"), newline=""))
        except ListRefused as refused:
            raise ValidationError(str(refused)) from None
        return said
