"""Files on a form: sealed by now, whether they were sent before it or with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.attachments.selectors import staged_files
from safeguarding.forms.typed_again import TypedAgainForm
from schools import choices
from ui.choices import StoredFile
from ui.names import unlinked_file_name
from ui.widgets import FileDrop, Files

if TYPE_CHECKING:
    from uuid import UUID

    from schools.actors import StaffActor
    from ui.fields import ChosenFiles

_NOT_STORED = _("This file could not be stored.")


class SealedFileDrop(FileDrop):
    """Files that came with the form are sealed by now and count like those sent before it."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Files:
        """Return the references of all that was sealed, and what was refused."""
        given = super().value_from_datadict(data, files, name)
        sealed = [one for up in given.uploads if (one := getattr(up, "attachment", None))]
        refused = [up for up in given.uploads if not getattr(up, "attachment", None)]
        return Files(refs=[*given.refs, *(str(one.ref) for one in sealed)], uploads=refused)


class TakesFiles(TypedAgainForm):
    """A form with a field ``files``, whose widget is told by ``describe_files`` what was sent.

    Attributes:
        actor: Who fills it in; the files are theirs.
    """

    actor: StaffActor

    def describe_files(self, refs: Any) -> list[StoredFile]:
        """Return the files of references, to be shown again."""
        staged = staged_files(choices.known_refs(refs), self.actor)
        return [
            StoredFile(str(one.ref), unlinked_file_name(one.filename), one.size) for one in staged
        ]

    def clean_files(self) -> list[UUID]:
        """Return every file's reference; a file that was refused says why, the others stay."""
        chosen: ChosenFiles = self.cleaned_data["files"]
        if chosen.uploads:
            raise ValidationError(
                [
                    f"{unlinked_file_name(one.name or '')}: {getattr(one, 'error', '') or _NOT_STORED}"
                    for one in chosen.uploads
                ]
            )
        if len(staged_files(chosen.refs, self.actor)) < len(set(chosen.refs)):
            raise ValidationError(_("A file you added is no longer there. Add it again."))
        return chosen.refs
