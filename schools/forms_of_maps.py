"""What administrators fill in about maps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from schools.forms import NameField

_KINDS = {"image/png", "image/jpeg", "image/webp"}


def _name_field() -> NameField:
    return NameField(
        label=_("Name"),
        max_length=60,
        error_messages={
            "required": _("Enter the map's name."),
            "max_length": _("Keep this to %(limit_value)d characters; it has %(show_value)d."),
        },
    )


class RenameMapForm(forms.Form):
    """A map's name."""

    name = _name_field()


class MapForm(forms.Form):
    """A new map: its name and its image."""

    name = _name_field()
    #: Called like the one field whose files are taken and sealed as they arrive.
    new_files = forms.FileField(
        label=_("Image"),
        help_text=_("A PNG, JPEG or WebP image of up to 10 MB, such as a plan of the playground."),
        allow_empty_file=True,
        error_messages={
            "required": _("Choose an image."),
            "max_length": _("The image's file name is too long. Rename the file first."),
        },
    )

    def clean_new_files(self) -> UUID:
        """Return the staged file's reference; say at the field why one may not come in."""
        sent: Any = self.cleaned_data["new_files"]
        if sent.name.lower().endswith((".svg", ".svgz")):
            raise ValidationError(
                _(
                    "An SVG drawing can hold programs, so it cannot be a map. Save it as a PNG"
                    " image first."
                )
            )
        attachment = getattr(sent, "attachment", None)
        if attachment is None:
            raise ValidationError(getattr(sent, "error", "") or _("Choose the image again."))
        if attachment.content_type not in _KINDS:
            raise ValidationError(_("This is not a PNG, JPEG or WebP image."))
        ref: UUID = attachment.ref
        return ref

    def cleaned(self) -> dict[str, Any]:
        """Return what a new map is made of."""
        return {"name": self.cleaned_data["name"], "sent": self.cleaned_data["new_files"]}
