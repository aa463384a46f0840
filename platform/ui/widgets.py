"""Form widgets that work without JavaScript and get better with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from ui.choices import Choice, Describe, Options, Resolve, RowOption, nothing
from ui.hidden_names import are_hidden
from ui.names import holds_words

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict
    from django.utils.functional import _StrPromise

ANY_NAME = _("Begin typing a name")
NOBODY = _("Nobody by that name")
EVERY_ROW = "*"  # ticks every chosen row: what a list without JavaScript can offer


def values_of(data: Mapping[str, Any], name: str) -> list[str]:
    """Every non-empty value posted under a name, once, in order."""
    if hasattr(data, "getlist"):
        found: Iterable[Any] = data.getlist(name)
    else:
        found = data.get(name) or []
        found = [found] if isinstance(found, str) else found
    return list(dict.fromkeys(str(value) for value in found if value))


class Typeahead(forms.Widget):
    """Chooses people by typing part of a name.

    Its value is a list of refs, or one ref or ``None`` where it is not ``multiple``. Suggestions are asked for by POST,
    so nothing typed is ever part of an address. Set ``as_list`` for a plain list of every option, which needs no
    JavaScript.
    """

    template_name = "ui/widgets/typeahead.html"
    ui_kind = "typeahead"

    def __init__(
        self,
        source_url: str | _StrPromise,
        *,
        multiple: bool = False,
        resolve: Resolve = nothing,
        options: Options = nothing,
        row_options: Sequence[RowOption] = (),
        placeholder: str | _StrPromise = ANY_NAME,
        nobody: str | _StrPromise = NOBODY,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        """Make the widget.

        Args:
            source_url: Where suggestions are asked for.
            multiple: Whether more than one may be chosen.
            resolve: Gives the choices behind refs, to show again what was chosen.
            options: Gives every choice, for the plain list.
            row_options: Tick boxes beside each chosen row; the value is then a list of ``Row``.
            placeholder: Words in the empty box.
            nobody: What is said where nobody has the name typed, and what to do.
            attrs: As for any Django widget.
        """
        super().__init__(attrs)
        self.source_url = source_url
        self.multiple = multiple
        self.resolve = resolve
        self.options = options
        self.row_options = row_options
        self.placeholder = placeholder
        self.nobody = nobody
        self.as_list = False

    @override
    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = self._rows(value)
        chosen = self._resolved(rows)
        context["widget"] |= {
            "source_url": self.source_url,
            "multiple": self.multiple,
            "placeholder": self.placeholder,
            "nobody": self.nobody,
            "as_list": self.as_list,
            "row_options": self.row_options,
            "described_by": context["widget"]["attrs"].get("aria-describedby", ""),
            "invalid": context["widget"]["attrs"].get("aria-invalid"),
            "blank_options": [(option, False) for option in self.row_options],
            "rows": [
                {
                    "choice": choice,
                    "options": [(option, option.name in row.ticked) for option in self.row_options],
                }
                for row, choice in chosen
            ],
        }
        if self.as_list:
            refs = {row.ref for row in rows}
            ticked = {name for row in rows for name in row.ticked}
            context["widget"]["list_options"] = [(o, o.name in ticked) for o in self.row_options]
            context["widget"]["options"] = [(o, o.ref in refs) for o in self.options()]
        return context

    @override
    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Any:
        refs = values_of(data, name)
        if not self.multiple:
            return refs[-1] if refs else None
        if not self.row_options:
            return refs
        ticked = {option.name: set(values_of(data, option.name)) for option in self.row_options}
        return [
            Row(ref, frozenset(o for o, on in ticked.items() if on & {ref, EVERY_ROW}))
            for ref in refs
        ]

    @override
    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> bool:
        return False  # nobody chosen posts nothing

    @override
    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return id_ or ""

    def _rows(self, value: Any) -> list[Row]:
        if not value:
            return []
        values = [value] if isinstance(value, str) or not isinstance(value, Iterable) else value
        return [v if isinstance(v, Row) else Row(str(v)) for v in values]

    def _resolved(self, rows: list[Row]) -> list[tuple[Row, Choice]]:
        found = {choice.ref: choice for choice in self.resolve([row.ref for row in rows])}
        return [(row, found[row.ref]) for row in rows if row.ref in found]


@dataclass(frozen=True)
class Row:
    """A chosen ref and the names of the row options ticked beside it."""

    ref: str
    ticked: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Files:
    """What a file widget posts: files sent earlier by their refs, and files sent with the form."""

    refs: list[str] = field(default_factory=list)
    uploads: list[UploadedFile] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is any file at all."""
        return bool(self.refs or self.uploads)


class FileDrop(forms.Widget):
    """Takes files by browsing or dragging, each sent at once; its value is ``Files``.

    Without JavaScript it is a plain file input whose files arrive with the form.
    """

    template_name = "ui/widgets/file_drop.html"
    ui_kind = "files"
    needs_multipart_form = True

    def __init__(
        self,
        upload_url: str | _StrPromise,
        *,
        describe: Describe = nothing,
        attrs: dict[str, Any] | None = None,
    ) -> None:
        """Make the widget.

        Args:
            upload_url: Where each file is sent with PUT.
            describe: Gives the files behind refs, to show again what was sent.
            attrs: As for any Django widget.
        """
        super().__init__(attrs)
        self.upload_url = upload_url
        self.describe = describe

    @override
    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        refs = value.refs if isinstance(value, Files) else [str(ref) for ref in value or ()]
        context["widget"] |= {
            "upload_url": self.upload_url,
            "new_name": new_name(name),
            "described_by": context["widget"]["attrs"].get("aria-describedby", ""),
            "stored": self.describe(refs) if refs else (),
        }
        return context

    @override
    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> Files:
        uploads = files.getlist(new_name(name)) if hasattr(files, "getlist") else []
        return Files(refs=values_of(data, name), uploads=uploads)

    @override
    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile], name: str
    ) -> bool:
        return False


def new_name(name: str) -> str:
    """The plain file input's name beside the refs posted as ``name``."""
    return f"new_{name}"


class SplitDateTime(forms.SplitDateTimeWidget):
    """A date and a time, each with the device's own picker; for ``forms.SplitDateTimeField``."""

    template_name = "ui/widgets/split_date_time.html"
    ui_kind = "split"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        """Make the widget.

        Args:
            attrs: As for any Django widget.
        """
        super().__init__(
            attrs,
            date_format="%Y-%m-%d",
            time_format="%H:%M",
            date_attrs={"type": "date"},
            time_attrs={"type": "time"},
        )
        self.widgets[0].input_type = "date"
        self.widgets[1].input_type = "time"

    @override
    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if are_hidden() and isinstance(value, list):
            # Words that came in the place of a date do not come back.
            value = [None if holds_words(one or "") else one for one in value]
        return super().get_context(name, value, attrs)
