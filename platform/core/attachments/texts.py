"""Plain text: every byte of it must be text, and it may not be a page or a script in disguise."""

import codecs
import re

from django.utils.translation import gettext_lazy as _

from core.attachments.errors import FileRefused
from core.attachments.kinds import CSV, DANGEROUS, EML, TEXT, Kind, danger_of

#: The bytes of ASCII text and of whatever encoding Windows, Excel or UTF-8 use beyond it.
_TEXT_BYTES = bytes([9, 10, 12, 13, *range(32, 127), *range(128, 256)])
#: A browser that guesses would take these for a page wherever they stand.
_MARKUP = re.compile(r"<(?:script|html|svg|iframe|object|embed)\b|<!doctype html", re.IGNORECASE)
_HEADER = re.compile(
    r"^(?:From|To|Subject|Date|Message-ID|Received|MIME-Version):", re.IGNORECASE | re.MULTILINE
)

NOT_TEXT = _("This is not plain text, whatever its name says.")
WEB_PAGE = _("This file holds parts of a web page, which cannot be attached.")
NOT_EMAIL = _("This file is named like an email but is none.")


class TextWatch:
    """Watches a text stream by."""

    def __init__(self, kind: Kind | None, head: bytes) -> None:
        """Look at the beginning.

        Raises:
            FileRefused: A page, a script, or no email although the name says so.
        """
        self._kind = kind
        is_wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        self._wide = codecs.getincrementaldecoder("utf-16")() if is_wide else None
        text = head.decode("utf-16" if is_wide else "latin-1", errors="replace")
        if kind is EML:
            if len(set(_HEADER.findall(text))) < 2:
                raise FileRefused(NOT_EMAIL)
        elif danger := danger_of(text.encode(errors="replace")):
            raise FileRefused(DANGEROUS % {"danger": danger})
        elif _MARKUP.search(text):
            raise FileRefused(WEB_PAGE)

    def feed(self, chunk: bytes) -> None:
        """See the next bytes.

        Raises:
            FileRefused: Not text.
        """
        self._check(chunk)

    def finish(self) -> tuple[Kind, ...]:
        """Return the kind, which for text is what the name says.

        Raises:
            FileRefused: The text breaks off within a character.
        """
        self._check(b"", final=True)
        return (self._kind,) if self._kind else (TEXT, CSV)

    def _check(self, chunk: bytes, *, final: bool = False) -> None:
        if self._wide:
            try:
                chunk = self._wide.decode(chunk, final).encode()
            except UnicodeError:
                raise FileRefused(NOT_TEXT) from None
        if chunk.translate(None, _TEXT_BYTES):
            raise FileRefused(NOT_TEXT)
