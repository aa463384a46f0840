"""Form fields over the widgets: they clean references, and leave to services what a reference means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from ui.widgets import Files, Row


def parse_ref(value: object) -> UUID:
    """A posted reference as a UUID.

    Raises:
        ValidationError: It is not one, which no person can cause with our own pages.
    """
    try:
        return UUID(str(value))
    except ValueError as error:
        raise ValidationError(_("Choose again from the list."), code="invalid") from error


class RefField(forms.Field):
    """One reference: ``UUID | None``."""

    @override
    def clean(self, value: Any) -> UUID | None:
        if not value:
            super().clean(None)
            return None
        return parse_ref(value)


class RefsField(forms.Field):
    """Any number of references: ``list[UUID]``."""

    def __init__(self, *, max_length: int = 500, **kwargs: Any) -> None:
        """Make the field.

        Args:
            max_length: The most that may be chosen at once.
            kwargs: As for any Django field.
        """
        super().__init__(**kwargs)
        self.max_length = max_length

    @override
    def clean(self, value: Any) -> list[UUID]:
        values = list(value or [])
        super().clean(values)
        self._refuse_too_many(values)
        return [parse_ref(one) for one in values]

    def _refuse_too_many(self, values: list[Any]) -> None:
        if len(values) > self.max_length:
            raise ValidationError(
                _("Choose %(most)d or fewer."), code="too_many", params={"most": self.max_length}
            )


@dataclass(frozen=True)
class ChosenRow:
    """A reference and the names of the row options ticked beside it."""

    ref: UUID
    ticked: frozenset[str]


class RowsField(RefsField):
    """References with tick boxes beside each: ``list[ChosenRow]``."""

    @override
    def clean(self, value: Any) -> list[ChosenRow]:  # type: ignore[override] # richer rows
        rows: list[Row] = list(value or [])
        forms.Field.clean(self, rows)
        self._refuse_too_many(rows)
        return [ChosenRow(parse_ref(row.ref), row.ticked) for row in rows]


@dataclass(frozen=True)
class ChosenFiles:
    """Files sent before the form, by reference, and files that came with it."""

    refs: list[UUID]
    uploads: list[UploadedFile]


class FilesField(forms.Field):
    """Files by reference or with the form: ``ChosenFiles``."""

    @override
    def clean(self, value: Any) -> ChosenFiles:
        files = value if isinstance(value, Files) else Files()
        super().clean(files or None)
        return ChosenFiles([parse_ref(ref) for ref in files.refs], files.uploads)
