"""Typed text that a form shows again while names are hidden: it neither leaves with names nor is lost.

Where the text names a student who is linked, the page holds it sealed, and shows it with stars, not to be changed.
The form brings the sealed text back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from typing_extensions import override

from ui import names
from ui.hidden_names import are_hidden

Students = Callable[[], Iterable[names.NamedInTexts]]
Seal = Callable[[str], str]


#: What the names begin with under which sealed texts are posted.
KEPT = "kept_"


def kept_name(name: str) -> str:
    """The name under which the sealed text of a field is posted."""
    return f"{KEPT}{name}"


class KeepsTexts(forms.Widget):
    """A widget that shows typed text again. The form sets what it needs to keep names hidden.

    Attributes:
        students: Gives those who are linked, whose names are hidden.
        seal: Seals a text for its author.
        unseal: Opens it again; an empty text where it does not open.
    """

    students: Students
    seal: Seal
    unseal: Seal

    def hidden(self, text: str) -> str:
        """Return how a text is shown while names are hidden; empty where it may be shown as it is."""
        if not text or not are_hidden():
            return ""
        shown = names.record_text(text, self.students())
        return "" if shown == text else shown


class _Kept(KeepsTexts):
    """What both widgets do."""

    is_long = False

    @override
    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> Any:
        if not (shown := self.hidden(str(value or ""))):
            return super().render(name, value, attrs, renderer)
        context = self.get_context(name, None, attrs)
        context["widget"] |= {
            "shown": shown,
            "kept": self.seal(str(value)),
            "kept_name": kept_name(name),
            "is_long": self.is_long,
            "described_by": context["widget"]["attrs"].get("aria-describedby", ""),
        }
        return self._render("ui/widgets/kept_text.html", context, renderer)  # type: ignore[attr-defined] # Django's own

    @override
    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        sealed = data.get(kept_name(name))
        return self.unseal(sealed) if sealed and not typed else typed

    @override
    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and kept_name(name) not in data


class KeptTextarea(_Kept, forms.Textarea):
    """A long text."""

    is_long = True


class KeptTextInput(_Kept, forms.TextInput):
    """A line."""


class KeptNames(KeptTextInput):
    """A line of names with commas between, of which those known are suggested.

    Attributes:
        suggested: Gives the names.
    """

    template_name = "ui/widgets/suggested_names.html"
    suggested: Callable[[], Iterable[str]] = list

    @override
    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        widget = context["widget"]
        widget["suggested"] = self.suggested()
        widget["attrs"]["list"] = f"{widget['attrs'].get('id', name)}-known"
        return context


class UnrepeatedInput(forms.TextInput):
    """A line that does not come back while names are hidden: a name that was searched for."""

    @override
    def format_value(self, value: Any) -> str | None:
        return None if are_hidden() else super().format_value(value)


class UnrepeatedDay(forms.DateInput):
    """A day; while names are hidden, words that came in its place do not come back."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

    @override
    def format_value(self, value: Any) -> str | None:
        said = super().format_value(value)
        return None if are_hidden() and names.holds_words(said or "") else said
