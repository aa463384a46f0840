"""Files in a form sent without JavaScript: sealed while the form is being read.

The only upload handler there is, so no file of a form is ever written down unsealed.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpResponseBase
from django.http.request import UnreadablePostError
from django.utils.translation import gettext_lazy as _

from core.attachments import services
from core.attachments.errors import FileRefused, StorageUnavailable
from core.attachments.gate import AnyGate, ExportGate, Gate
from core.attachments.models import Attachment
from core.tenancy import NoSchool, current_school

#: The one field of a form whose files are taken; files in others are dropped.
FIELD = "new_files"
_UNAVAILABLE = _("Files cannot be stored just now. Try again in a few minutes.")


View = Callable[..., HttpResponseBase]


def takes_exports(view: View) -> View:
    """Let the files of a page's form in through `ExportGate`: put it around the page's entrance."""
    view.gate = ExportGate  # type: ignore[attr-defined] # a mark that the handler reads
    return view


class SealedUpload(UploadedFile):
    """What a form gets for a file: the staged attachment, or the sentence that says why not.

    Attributes:
        attachment: The staged file, None if it was refused.
        error: A sentence for the person who chose it, empty if it was sealed.
    """

    def __init__(self, *, attachment: Attachment | None, name: str, error: str) -> None:
        super().__init__(file=BytesIO(), name=name, size=attachment.size if attachment else 0)
        self.attachment = attachment
        self.error = error


class SealingUploadHandler(FileUploadHandler):
    """Seals each file of the field ``new_files`` as it streams."""

    chunk_size = 256 * 1024

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._count = 0
        self._sealing: services.Sealing | None = None
        self._error = ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to seal a file, if somebody is logged in at a school to seal it for."""
        super().new_file(*args, **kwargs)
        self._sealing, self._error = None, ""
        if not self._is_wanted():
            return
        self._count += 1
        if self._count > services.MOST_AT_ONCE:
            self._error = services.too_many()
            return
        try:
            self._sealing = services.Sealing(
                actor=self.request.actor,  # type: ignore[union-attr] # set by the middleware
                filename=self.file_name or "",
                gate=self._gate(),
            )
        except (FileRefused, StorageUnavailable) as refused:
            self._refuse(refused)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal the next bytes; return nothing, so that nobody else sees them."""
        if self._sealing:
            try:
                self._sealing.write(raw_data)
            except (FileRefused, StorageUnavailable) as refused:
                self._refuse(refused)

    def file_complete(self, file_size: int) -> SealedUpload | None:
        """Return the sealed file or its refusal; nothing for a file that nobody asked for."""
        attachment = None
        if self._sealing:
            try:
                attachment, self._sealing = self._sealing.finish(), None
            except (FileRefused, StorageUnavailable) as refused:
                self._refuse(refused)
        if not attachment and not self._error:
            return None
        return SealedUpload(attachment=attachment, name=self.file_name or "", error=self._error)

    def upload_interrupted(self) -> None:
        """Refuse the whole form: it broke off within a file, so its last fields are missing."""
        if self._sealing:
            self._sealing.abort()
        raise UnreadablePostError("The form broke off.")

    def _refuse(self, refused: FileRefused | StorageUnavailable) -> None:
        if self._sealing:
            self._sealing.abort()
        self._sealing = None
        self._error = str(_UNAVAILABLE) if isinstance(refused, StorageUnavailable) else str(refused)

    def _gate(self) -> Callable[[str], AnyGate]:
        match = getattr(self.request, "resolver_match", None)
        gate: Callable[[str], AnyGate] = getattr(getattr(match, "func", None), "gate", Gate)
        return gate

    def _is_wanted(self) -> bool:
        actor = getattr(self.request, "actor", None)
        if self.field_name != FIELD or actor is None or actor.user_id is None:
            return False
        try:
            current_school()
        except NoSchool:
            return False
        return True
