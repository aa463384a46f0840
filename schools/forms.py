"""What administrators fill in."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from schools import choices, selectors
from ui.choices import Choice, OptionLabel
from ui.fields import RefsField
from ui.widgets import Typeahead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrOrPromise

    from schools.models import AccessGroup, AlertGroup, Category, Staff

# Unicode's categories of characters that cannot be seen: control, format, surrogate, private use
# and unassigned ones, line and paragraph separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


class NameField(forms.CharField):
    """A name on one line, with single spaces, in which everything can be seen."""

    @override
    def to_python(self, value: Any) -> str:
        typed = unicodedata.normalize("NFC", super().to_python(value) or "")
        if any(unicodedata.category(one) in _UNSEEN for one in typed):
            raise ValidationError(
                _(
                    "Type this again: it holds a tab, a line break or a character that cannot be seen."
                )
            )
        return " ".join(typed.split())


def _name_field(
    label: StrOrPromise, missing: StrOrPromise, longest: int, help_text: StrOrPromise = ""
) -> NameField:
    return NameField(
        label=label,
        max_length=longest,
        help_text=help_text,
        error_messages={
            "required": missing,
            "max_length": _("Keep this to %(limit_value)d characters; it has %(show_value)d."),
        },
    )


class CategoryForm(forms.Form):
    """A category's name."""

    name = _name_field(_("Name"), _("Enter the category's name."), 80)

    @classmethod
    def of(cls, category: Category, data: Any = None) -> CategoryForm:
        """Return the form that renames a category."""
        return cls(data, initial={"name": category.name})


class SubCategoryForm(forms.Form):
    """A new sub-category's name."""

    name = _name_field(_("New sub-category"), _("Enter the sub-category's name."), 80)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="sub")


class AlertGroupForm(forms.Form):
    """An alert group's name and members."""

    name = _name_field(
        _("Name"), _("Enter the group's name."), 60, _("It is the word on the group's button.")
    )
    members = RefsField(
        label=_("Members"),
        widget=Typeahead(
            reverse_lazy("suggest_staff"),
            multiple=True,
            placeholder=_("Begin typing a staff member's name"),
        ),
        error_messages={"required": _("Choose at least one member.")},
    )

    def __init__(
        self, data: Any = None, *, group: AlertGroup | None = None, as_list: bool = False
    ) -> None:
        first: dict[str, Any] = {}
        if group is not None:
            first = {"name": group.name, "members": [one.ref for one in group.members.all()]}
        super().__init__(data, initial=first)
        widget = self.fields["members"].widget
        widget.resolve, widget.options, widget.as_list = _resolve_staff, _all_staff, as_list

    def clean_members(self) -> list[Staff]:
        """Return the chosen staff, if all of them still work here."""
        refs: list[UUID] = self.cleaned_data["members"]
        chosen = selectors.staff_by_ref(refs)
        if len(chosen) < len(set(refs)):
            raise ValidationError(
                _("Somebody you chose no longer works here, and was taken off. Check who is left.")
            )
        return chosen


class AccessForm(forms.Form):
    """What a member of staff may do."""

    access_group = forms.ChoiceField(
        label=_("Access group"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose an access group."),
            "invalid_choice": _("Choose one of these access groups."),
        },
    )

    def __init__(self, data: Any = None, *, chosen: AccessGroup | None = None) -> None:
        groups = selectors.access_groups()
        chosen = chosen or next((group for group in groups if group.is_default), None)
        super().__init__(data, initial={"access_group": str(chosen.ref) if chosen else None})
        self.fields["access_group"].choices = access_group_options(groups)  # type: ignore[attr-defined] # a choice field

    def clean_access_group(self) -> UUID:
        """Return the group's reference."""
        return UUID(self.cleaned_data["access_group"])


class StaffForm(AccessForm):
    """A new member of staff."""

    given_name = _name_field(_("First name"), _("Enter their first name."), 100)
    family_name = _name_field(_("Family name"), _("Enter their family name."), 100)
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("Their own address at your school: they log in with it."),
        error_messages={
            "required": _("Enter their email address."),
            "invalid": _("Enter an email address, such as a.cohen@school.example."),
        },
    )

    field_order = ["given_name", "family_name", "email", "access_group"]

    def clean_email(self) -> str:
        """Return the address in small letters, as accounts keep it."""
        return str(self.cleaned_data["email"]).lower()


def access_group_options(groups: Sequence[AccessGroup]) -> list[tuple[str, OptionLabel]]:
    """Return access groups for radio buttons, each with what its members may do."""
    return [(str(group.ref), OptionLabel(group.name, hint=_may(group))) for group in groups]


#: By whether the group sees every category and year.
_OF_KEY_HOLDERS = {
    True: _(
        "Also see every student's record and be assigned incidents. They need a key (a second"
        " factor) to log in."
    ),
    False: _(
        "Also see the incidents of their access group and be assigned incidents. They need a key"
        " (a second factor) to log in."
    ),
}
_OF_BOTH = {
    True: _(
        "Also see every student's record and be assigned incidents, and look after categories,"
        " alert groups and staff. They need a key (a second factor) to log in."
    ),
    False: _(
        "Also see the incidents of their access group and be assigned incidents, and look after"
        " categories, alert groups and staff. They need a key (a second factor) to log in."
    ),
}


def _may(group: AccessGroup) -> str:
    if not (group.holds_key or group.administers):
        return gettext("Add incidents, and see what they are alerted to.")
    is_whole = group.sees_all_categories and group.sees_all_years
    if group.holds_key and not group.administers:
        return str(_OF_KEY_HOLDERS[is_whole])
    if not group.holds_key:
        return gettext(
            "Also look after categories, alert groups and staff. They need a key (a second factor)"
            " to log in."
        )
    return str(_OF_BOTH[is_whole])


def _resolve_staff(refs: Sequence[str]) -> list[Choice]:
    return [choices.staff_choice(one) for one in selectors.staff_by_ref(choices.known_refs(refs))]


def _all_staff() -> list[Choice]:
    return [choices.staff_choice(one) for one in selectors.registered_staff()]


class ResetKeyForm(forms.Form):
    """That whoever resets a colleague's key has met them."""

    made_sure = forms.BooleanField(
        label=_("I have made sure in person who it is"),
        help_text=_("Not by telephone or email: those can be somebody else."),
        error_messages={"required": _("Make sure in person first, then tick this.")},
    )
