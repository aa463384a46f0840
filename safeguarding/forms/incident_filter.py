"""What a key holder looks for in the list of incidents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from safeguarding.selectors.incident_list import Assigned, IncidentFilter
from safeguarding.terms import Status
from schools import choices, selectors
from schools.terms import YearGroup
from ui.kept_text import UnrepeatedDay


class IncidentFilterForm(forms.Form):
    """Status, category, assignee, year group and when it was recorded.

    Its values stand in the page's address: references, codes and dates, never a name.
    """

    status = forms.ChoiceField(label=_("Status"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    assigned = forms.ChoiceField(label=_("Assigned to"), required=False)
    year_group = forms.ChoiceField(label=_("Year group"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=UnrepeatedDay)
    until = forms.DateField(label=_("To"), required=False, widget=UnrepeatedDay)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        categories = [
            (ref, f"– {option}" if option.depth else str(option))
            for ref, option in choices.category_options(selectors.offered_categories())
        ]
        people = [
            (str(one.ref), one.display_name)
            for one in selectors.registered_staff(key_holders_only=True)
        ]
        self._offer("status", _("Every status"), [(one.value, one.label) for one in Status])
        self._offer("category", _("Every category"), categories)
        self._offer("year_group", _("Every year group"), [(y.value, y.label) for y in YearGroup])
        self._offer(
            "assigned",
            _("Anybody or nobody"),
            [
                (Assigned.NOBODY.value, _("Nobody, and still open")),
                (Assigned.LEFT.value, _("Somebody who left, and still open")),
                *people,
            ],
        )

    def _offer(self, name: str, everything: Any, options: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = [("", everything), *options]  # type: ignore[attr-defined] # a choice field

    def clean(self) -> dict[str, Any]:
        """Refuse a time that ends before it begins."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day. Choose a later one."))
        return cleaned

    def chosen(self) -> IncidentFilter:
        """Return what is looked for, once the form is valid."""
        said = self.cleaned_data
        assigned = said["assigned"]
        return IncidentFilter(
            status=Status(said["status"]) if said["status"] else None,
            category=UUID(said["category"]) if said["category"] else None,
            assigned=_whom(assigned) if assigned else None,
            year_group=said["year_group"],
            since=said["since"],
            until=said["until"],
        )


def _whom(said: str) -> UUID | Assigned:
    return Assigned(said) if said in list(Assigned) else UUID(said)
