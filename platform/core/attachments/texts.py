"""Plain text: every byte of it must be text, and it may not be a page or a script in disguise."""

import codecs
import re

from core.attachments.errors import FileRefused
from core.attachments.kinds import CSV, EML, TEXT, Kind, danger_of

_BYTES = bytes([9, 10, 12, 13, *range(32, 127), *range(128, 256)])
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
#: A browser that guesses would take these for a page wherever they stand.
_MARKUP = re.compile(r"<(?:script|html|svg|iframe|object|embed)\b|<!doctype html", re.IGNORECASE)
_HEADER = re.compile(r"^(?:From|To|Subject|Date|Message-ID|Received|MIME-Version):", re.I | re.M)

NOT_TEXT = "This is not plain text, whatever its name says."
WEB_PAGE = "This file holds parts of a web page, which cannot be attached."
NOT_EMAIL = "This file is named like an email but is none."


class TextWatch:
    """Watches a text stream by."""

    def __init__(self, kind: Kind | None) -> None:
        self._kind = kind
        self._wide: codecs.IncrementalDecoder | None = None
        self._is_first = True

    def feed(self, chunk: bytes) -> None:
        """See the next bytes; the first ones are the file's whole head.

        Raises:
            FileRefused: Not text, or a page or an email where there should be none.
        """
        if self._is_first:
            self._is_first = False
            self._begin(chunk)
        if self._wide:
            if _CONTROLS.search(self._decoded(chunk)):
                raise FileRefused(NOT_TEXT)
        elif chunk.translate(None, _BYTES):
            raise FileRefused(NOT_TEXT)

    def finish(self) -> tuple[Kind, ...]:
        """Return the kind, which for text is what the name says.

        Raises:
            FileRefused: The text breaks off within a character.
        """
        if self._wide:
            self._decoded(b"", final=True)
        return (self._kind,) if self._kind else (TEXT, CSV)

    def _begin(self, head: bytes) -> None:
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._wide = codecs.getincrementaldecoder("utf-16")()
        text = head.decode("utf-16" if self._wide else "latin-1", errors="replace")
        if self._kind is EML:
            if len(set(_HEADER.findall(text))) < 2:
                raise FileRefused(NOT_EMAIL)
        elif danger := danger_of(text.lstrip("\ufeff").encode()):
            raise FileRefused(f"This is {danger}, which cannot be attached.")
        elif _MARKUP.search(text):
            raise FileRefused(WEB_PAGE)

    def _decoded(self, chunk: bytes, *, final: bool = False) -> str:
        assert self._wide
        try:
            return self._wide.decode(chunk, final)
        except UnicodeDecodeError:
            raise FileRefused(NOT_TEXT) from None
