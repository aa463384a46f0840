"""What an administrator fills in about staff: finding, inviting several, correcting."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from schools import selectors
from schools.forms import AccessForm, NameField, StaffForm
from schools.selectors.staff import StaffFilter, addresses_in_use
from schools.services.invitations import NewColleague
from schools.terms import KeyStatus

#: People invited at once; a school of any size in a few goes.
MOST_AT_ONCE = 200


class StaffNameForm(forms.Form):
    """A name to look for."""

    name = forms.CharField(label=_("Name"), max_length=100, required=False)


class StaffFilterForm(forms.Form):
    """What narrows the list; in the address, since none of it names anybody."""

    group = forms.ChoiceField(label=_("Access group"), required=False)
    key = forms.ChoiceField(
        label=_("Key"),
        required=False,
        choices=[
            ("", _("Any")),
            (KeyStatus.NOT_NEEDED.value, _("None needed")),
            (KeyStatus.MISSING.value, _("Not set up yet")),
            (KeyStatus.SET_UP.value, _("Set up")),
            (KeyStatus.RESET.value, _("Was reset")),
        ],
    )
    who = forms.ChoiceField(
        label=_("Who"),
        required=False,
        choices=[("", _("Everybody")), ("new", _("Never logged in")), ("left", _("Deactivated"))],
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        groups = [(str(one.ref), one.name) for one in selectors.access_groups()]
        self.fields["group"].choices = [("", _("Any")), *groups]  # type: ignore[attr-defined] # a choice field

    def wanted(self, name: str) -> StaffFilter:
        """Return what to look for; what makes no sense narrows nothing."""
        said = self.cleaned_data if self.is_valid() else {}
        group = said.get("group")
        return StaffFilter(
            name=name,
            group=UUID(group) if group else None,
            key=said.get("key", ""),
            who=said.get("who", ""),
        )


class DetailsForm(forms.Form):
    """A colleague's name and address."""

    given_name = StaffForm.declared_fields["given_name"]
    family_name = StaffForm.declared_fields["family_name"]
    email = StaffForm.declared_fields["email"]

    def clean_email(self) -> str:
        """Return the address in small letters, as accounts keep it."""
        return str(self.cleaned_data["email"]).lower()


class SeveralForm(AccessForm):
    """Several people, one a line: first name, family name, email address."""

    people = forms.CharField(
        label=_("People"),
        max_length=50_000,
        widget=forms.Textarea,
        help_text=_(
            "One person a line, with commas or tabs between: first name, family name, email"
            " address. You can paste three columns from a spreadsheet."
        ),
        error_messages={"required": _("Enter one person a line.")},
    )
    field_order = ["people", "access_group"]

    def clean_people(self) -> list[NewColleague]:
        """Return the people, if every line can be read."""
        lines = [
            (number, line.strip())
            for number, line in enumerate(self.cleaned_data["people"].splitlines(), start=1)
            if line.strip()
        ]
        if len(lines) > MOST_AT_ONCE:
            raise ValidationError(
                _("Invite %(most)d people at once, or fewer."), params={"most": MOST_AT_ONCE}
            )
        faults: list[str] = []
        people: dict[str, NewColleague] = {}
        for number, line in lines:
            try:
                person = _person_in(line)
                if person.email in people:
                    raise ValidationError(gettext("this email address is there twice."))
                people[person.email] = person
            except ValidationError as error:
                faults.append(_at(number, error.messages[0]))
        taken = addresses_in_use(list(people))
        faults += [
            _at(number, gettext("somebody on the staff list has this email address already."))
            for number, line in lines
            if any(one.casefold() in taken for one in _cells(line))
        ]
        if faults:
            raise ValidationError(faults)
        return list(people.values())


def _at(number: int, reason: str) -> str:
    return gettext("Line %(number)d: %(reason)s") % {"number": number, "reason": reason}


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.replace("\t", ",").split(",")]


def _person_in(line: str) -> NewColleague:
    cells = _cells(line)
    if len(cells) != 3 or not all(cells):
        raise ValidationError(gettext("needs a first name, a family name and an email address."))
    email = cells[2].lower()
    try:
        validate_email(email)
    except ValidationError:
        raise ValidationError(gettext("the last part is not an email address.")) from None
    if len(email) > 254:
        raise ValidationError(gettext("the email address is too long."))
    given, family = (_name(cell) for cell in cells[:2])
    return NewColleague(given_name=given, family_name=family, email=email)


def _name(cell: str) -> str:
    return str(NameField(max_length=100).clean(cell))
