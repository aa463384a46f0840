"""What an administrator decides of an access group."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from schools import choices, selectors
from schools.forms import NameField
from schools.selectors.groups import impact_of
from schools.services.access_groups import GroupRights
from schools.terms import YearGroup

if TYPE_CHECKING:
    from schools.models import AccessGroup, Category

_ALL, _CHOSEN = "all", "chosen"


def _right(label: Any, help_text: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False)


class AccessGroupForm(forms.Form):
    """Name, rights, and what its key holders see.

    Attributes:
        impact: What saving it would do to the members, in sentences; filled by ``is_agreed``.
    """

    name = NameField(
        label=_("Name"),
        max_length=60,
        error_messages={
            "required": _("Enter the group's name."),
            "max_length": _("Keep this to %(limit_value)d characters; it has %(show_value)d."),
        },
    )
    can_add = _right(
        _("Add incidents and actions"),
        _("Record what they see and hear, and what was done. Everybody should, as a rule."),
    )
    holds_key = _right(
        _("Hold the key"),
        _(
            "Open the records of students, and every incident of the categories and year groups"
            " below. They log in with a key (a second factor)."
        ),
    )
    can_assign = _right(
        _("Assign incidents"), _("Say which key holder deals with an incident. Key holders only.")
    )
    can_export = _right(
        _("Export"),
        _("Take pupils' data out of the platform as a file. Key holders only."),
    )
    administers = _right(
        _("Administer the school"),
        _(
            "Look after staff, access groups, categories and alert groups. It opens no incident by"
            " itself. They log in with a key."
        ),
    )
    sees_categories = forms.ChoiceField(
        label=_("Categories that its key holders see"),
        choices=[(_ALL, _("Every category")), (_CHOSEN, _("Only those ticked below"))],
        widget=forms.RadioSelect,
    )
    categories = forms.MultipleChoiceField(
        label=_("Only these categories"),
        required=False,
        help_text=_(
            "A category stands for its sub-categories. An incident is seen if all its categories"
            " are ticked."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    sees_years = forms.ChoiceField(
        label=_("Students whom they see"),
        choices=[(_ALL, _("Every student")), (_CHOSEN, _("Only the year groups ticked below"))],
        widget=forms.RadioSelect,
    )
    year_groups = forms.MultipleChoiceField(
        label=_("Only these year groups"),
        required=False,
        choices=[(year.value, year.label) for year in YearGroup],
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, group: AccessGroup | None = None) -> None:
        super().__init__(data, initial=_of(group))
        self.group = group
        self.impact: list[str] = []
        own = list(group.categories.all()) if group else []
        offered = selectors.offered_categories()
        retired = [category for category in own if category not in offered]
        self._known = {str(one.ref): one for one in [*offered, *retired]}
        self.fields["categories"].choices = choices.category_options(  # type: ignore[attr-defined] # a choice field
            self._known.values()
        )

    def clean(self) -> dict[str, Any]:
        """Ask for something ticked where only what is ticked is seen."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for how, what, words in (
            ("sees_categories", "categories", _("Tick at least one category.")),
            ("sees_years", "year_groups", _("Tick at least one year group.")),
        ):
            if cleaned.get("holds_key") and cleaned.get(how) == _CHOSEN and not cleaned.get(what):
                self.add_error(what, words)
        return cleaned

    def rights(self) -> GroupRights:
        """Return what was decided, once the form is valid; a scope only where there is a key."""
        said = self.cleaned_data
        return GroupRights(
            name=said["name"],
            holds_key=said["holds_key"],
            administers=said["administers"],
            can_add=said["can_add"],
            can_assign=said["can_assign"],
            can_export=said["can_export"],
            categories=self._chosen(said),
            year_groups=said["year_groups"] if self._is_narrowed("sees_years") else None,
        )

    def _is_narrowed(self, how: str) -> bool:
        return bool(self.cleaned_data["holds_key"]) and self.cleaned_data[how] == _CHOSEN

    def _chosen(self, said: dict[str, Any]) -> list[Category] | None:
        if not self._is_narrowed("sees_categories"):
            return None
        return [self._known[ref] for ref in said["categories"]]

    def is_agreed(self) -> bool:
        """Say whether what saving would do to the members was shown before, exactly so."""
        if self.group is None:
            return True
        new = self.rights()
        self.impact = impact_of(
            self.group,
            holds_key=new.holds_key,
            categories=new.categories,
            year_groups=new.year_groups,
            can_add=new.can_add,
            can_assign=new.can_assign,
            can_export=new.can_export,
            administers=new.administers,
        )
        return not self.impact or self.cleaned_data["agreed"] == self.shown

    @property
    def shown(self) -> str:
        """What stands for the impact that is shown, in the form that agrees to it."""
        return hashlib.sha256("\n".join(self.impact).encode()).hexdigest()


def _of(group: AccessGroup | None) -> dict[str, Any]:
    if group is None:
        return {"can_add": True, "sees_categories": _ALL, "sees_years": _ALL}
    rights = ("name", "can_add", "holds_key", "can_assign", "can_export", "administers")
    return {
        **{name: getattr(group, name) for name in rights},
        "sees_categories": _ALL if group.sees_all_categories else _CHOSEN,
        "categories": [str(category.ref) for category in group.categories.all()],
        "sees_years": _ALL if group.sees_all_years else _CHOSEN,
        "year_groups": group.year_groups,
    }
