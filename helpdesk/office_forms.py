"""What a lead types about the office: its week, days that differ, targets, notices, canned replies."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from typing_extensions import override

from helpdesk.terms import Priority, Topic

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
#: Minutes after midnight, pair by pair.
Hours = list[tuple[int, int]]
_INTERVAL = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*(?:-|–|to)\s*([0-9]{1,2}):([0-9]{2})")
_HINT = "Such as 08:30–12:30, 13:30–17:00. Empty is closed."
#: More than three months of working time.
_MOST_MINUTES = 60_000


class HoursField(forms.CharField):
    """Intervals of a day by the clock on the wall: “08:30–12:30, 13:30–17:00”."""

    def __init__(self, label: str, hint: str = "") -> None:
        super().__init__(label=label, required=False, max_length=100, help_text=hint)

    @override
    def to_python(self, value: Any) -> Any:
        """Return the intervals in order; none for an empty text.

        Raises:
            ValidationError: It cannot be read, or an interval does not end after it begins.
        """
        text = super().to_python(value) or ""
        return sorted(_interval(part) for part in text.split(",") if part.strip())

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(initial != data)


def hours_words(hours: Hours) -> str:
    """Return intervals as people type them."""
    return ", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in hours)


def _interval(text: str) -> tuple[int, int]:
    match = _INTERVAL.fullmatch(text.strip())
    if match is None:
        raise forms.ValidationError("Enter hours such as 08:30–12:30, 13:30–17:00.")
    hour, minute, to_hour, to_minute = map(int, match.groups())
    opens, closes = hour * 60 + minute, to_hour * 60 + to_minute
    if minute > 59 or to_minute > 59 or not opens < closes <= 24 * 60:
        raise forms.ValidationError("Hours end after they begin, by midnight (24:00).")
    return opens, closes


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


class WeekForm(forms.Form):
    """The hours of the seven days."""

    def __init__(self, data: Any = None, *, week: Mapping[int, Hours] | None = None) -> None:
        initial = {f"day{n}": hours_words(hours) for n, hours in (week or {}).items()}
        super().__init__(data, initial=initial)
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day{number}"] = HoursField(name, "" if number else _HINT)

    def week(self) -> dict[int, Hours]:
        """Return the intervals by weekday, 0 for Monday."""
        return {number: self.cleaned_data[f"day{number}"] for number in range(7)}


class SpecialDayForm(forms.Form):
    """A day that differs."""

    on = forms.DateField(
        label="Day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Enter the day.", "invalid": "Enter a day such as 2026-12-24."},
    )
    hours = HoursField("Hours", _HINT)
    reason = forms.CharField(
        label="Reason, as schools read it",
        max_length=100,
        error_messages={"required": "Enter the reason: schools read it."},
    )

    def clean_on(self) -> date:
        """Return the day.

        Raises:
            ValidationError: It lies further away than any promise.
        """
        on: date = self.cleaned_data["on"]
        if not 2000 < on.year < 2100:
            raise forms.ValidationError("Enter a day of this century.")
        return on


class TargetForm(forms.Form):
    """What is promised for a priority, in minutes of working time."""

    priority = forms.ChoiceField(
        label="Priority", choices=[(one.value, one.value.capitalize()) for one in Priority]
    )
    first_reply_minutes = forms.IntegerField(
        label="First reply within (minutes)", min_value=0, max_value=_MOST_MINUTES
    )
    resolution_minutes = forms.IntegerField(
        label="Completed within (minutes)", min_value=0, max_value=_MOST_MINUTES
    )


class NoticeForm(forms.Form):
    """A notice to which tickets can be linked."""

    title = forms.CharField(label="Title", max_length=200)
    text = forms.CharField(label="What is known", required=False, widget=forms.Textarea)


class CannedReplyForm(forms.Form):
    """A reply that is used again and again."""

    title = forms.CharField(label="Title", max_length=100)
    text = forms.CharField(
        label="Text",
        max_length=20_000,
        widget=forms.Textarea,
        help_text="{requester}, {number}, {agent} and {school} are filled in.",
    )
    topic = forms.ChoiceField(
        label="Topic",
        required=False,
        choices=[("", "Any"), *((one.value, one.words) for one in Topic)],
    )
