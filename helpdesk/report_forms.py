"""What a lead asks a report for."""

from datetime import date, timedelta
from typing import Any

from django import forms
from typing_extensions import override

from helpdesk.terms import Grouping

#: What a report shows where nobody says anything else.
_USUAL_DAYS = 90
#: Every ticket of the period is counted anew, so a period has an end.
_MOST_DAYS = 731
_DAY_ERRORS = {"required": "Enter the day.", "invalid": "Enter a day such as 2026-12-24."}


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=_DAY_ERRORS)


class ReportForm(forms.Form):
    """A period by its local days, and what tickets are grouped by."""

    by = forms.ChoiceField(
        label="By", choices=[(one.value, one.value.capitalize()) for one in Grouping]
    )
    since = _day("First day")
    until = _day("Last day")

    @override
    def clean(self) -> dict[str, Any]:
        """Return what was asked.

        Raises:
            ValidationError: The period ends before it begins, or is longer than two years.
        """
        asked: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = asked.get("since"), asked.get("until")
        if since and until:
            if until < since:
                self.add_error("until", "The last day comes before the first.")
            elif until - since >= timedelta(days=_MOST_DAYS):
                self.add_error("until", "Choose two years at most.")
            elif until == date.max:
                self.add_error("until", "Enter a day of this century.")
        if "by" in asked:
            asked["by"] = Grouping(asked["by"])
        return asked


def usual_period(today: date) -> dict[str, str]:
    """Return what is asked where nobody says anything else: the last 90 days, by topic."""
    since = today - timedelta(days=_USUAL_DAYS - 1)
    return {
        "by": Grouping.TOPIC.value,
        "since": since.isoformat(),
        "until": today.isoformat(),
    }
