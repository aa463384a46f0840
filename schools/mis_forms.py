"""What an administrator sends and confirms to import from the MIS."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

_NONE = _("Choose the zip that your MIS exports, or its CSV files.")


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    @override
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else []


class _SealedFiles(forms.Field):
    """Files that were sealed while the form was read."""

    widget = _SeveralFiles

    @override
    def clean(self, value: Any) -> list[Any]:
        if not value:
            raise ValidationError(_NONE, code="required")
        refused = [one.error for one in value if not getattr(one, "attachment", None)]
        if refused:
            raise ValidationError(
                [error or _("This file could not be stored.") for error in refused]
            )
        return list(value)


class ExportFilesForm(forms.Form):
    """An export from the MIS."""

    new_files = _SealedFiles(
        label=_("OneRoster 1.1 CSV"),
        help_text=_("The zip that your MIS exports, or all its CSV files together."),
    )

    @property
    def refs(self) -> list[UUID]:
        """References of the sealed files."""
        return [one.attachment.ref for one in self.cleaned_data["new_files"]]


class ConsentForm(forms.Form):
    """That so many leave is right."""

    consents = forms.BooleanField(
        label=_("It is right that so many leave"),
        required=False,
    )
