"""Turns a bound field into the context of its template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField, BoundWidget

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.PasswordInput, "password"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.HiddenInput, "hidden"),
)
CONTROL_CLASSES = {
    "input": "govuk-input",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "textarea": "govuk-textarea",
    "select": "govuk-select",
    "checkbox": "govuk-checkboxes__input",
    "file": "ui-file-input",
}
GROUPED = {"checkboxes", "radios", "split"}  # several controls under one legend


def kind_of(widget: forms.Widget) -> str:
    """Which of the templates in `ui/field/` shows a widget."""
    chosen = getattr(widget, "ui_kind", None)
    return chosen or next((kind for base, kind in KINDS if isinstance(widget, base)), "input")


def first_control_id(bound: BoundField) -> str:
    """The id of the control that an error about a field leads to."""
    one_of_many = kind_of(bound.field.widget) in GROUPED
    return f"{bound.auto_id}_0" if one_of_many else bound.auto_id


@dataclass
class Option:
    """A radio or tick box, with those that sit beneath it."""

    value: str
    label: str
    hint: str
    id: str
    checked: bool
    beneath: list[Option] = field(default_factory=list)


def options_of(bound: BoundField) -> list[Option]:
    """A choice field's options, each holding its own sub-options."""
    top: list[Option] = []
    for index, widget in enumerate(bound.subwidgets):
        option = _option(widget, f"{bound.auto_id}_{index}")
        is_beneath = getattr(widget.data["label"], "depth", 0) > 0
        if top and is_beneath:
            top[-1].beneath.append(option)
        else:
            top.append(option)
    return top


def _option(widget: BoundWidget, control_id: str) -> Option:
    label = widget.data["label"]
    return Option(
        value=str(widget.data["value"]),
        label=str(label),
        hint=getattr(label, "hint", ""),
        id=control_id,
        checked=bool(widget.data["selected"]),
    )


def field_context(bound: BoundField, settings: dict[str, Any]) -> dict[str, Any]:
    """Everything that a field's template needs.

    Args:
        bound: The field on its form.
        settings: What the page asked for: label, hint, size, width, rows, count, columns, inline, autocomplete.
    """
    kind = kind_of(bound.field.widget)
    hint = settings.get("hint") or bound.help_text
    described_by = _described_by(bound, hint=bool(hint), count="count" in settings)
    context = {
        **settings,
        "field": bound,
        "kind": kind,
        "template": f"ui/field/{kind}.html",
        "id": bound.auto_id,
        "label": settings.get("label", bound.label),
        "hint": hint,
        "errors": list(bound.errors),
        "described_by": described_by,
        "required": bound.field.required,
    }
    if kind in {"checkboxes", "radios"}:
        context["options"] = options_of(bound)
    else:
        context["control"] = bound.as_widget(attrs=_attrs(bound, kind, described_by, settings))
    return context


def _described_by(bound: BoundField, *, hint: bool, count: bool) -> str:
    ids = (
        (f"{bound.auto_id}-hint", hint),
        (f"{bound.auto_id}-error", bool(bound.errors)),
        (f"{bound.auto_id}-info", count),
    )
    return " ".join(one for one, present in ids if present)


def _attrs(
    bound: BoundField, kind: str, described_by: str, settings: dict[str, Any]
) -> dict[str, Any]:
    attrs: dict[str, Any] = {"class": " ".join(_classes(bound, kind, settings))}
    if described_by and kind != "split":
        attrs["aria-describedby"] = described_by
    if kind == "password":
        attrs |= {"spellcheck": "false", "autocapitalize": "none"}
    if kind == "textarea":
        attrs["rows"] = settings.get("rows", 6)
    for name in ("autocomplete", "inputmode", "placeholder"):
        if name in settings:
            attrs[name] = settings[name]
    return attrs


def _classes(bound: BoundField, kind: str, settings: dict[str, Any]) -> Iterable[str]:
    base = CONTROL_CLASSES.get(kind)
    if not base:
        return
    yield base
    if bound.errors:
        yield f"{base.split()[0]}--error"
    if "width" in settings:
        yield f"govuk-input--width-{settings['width']}"
    if "count" in settings:
        yield "govuk-js-character-count"
