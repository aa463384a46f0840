"""Which files may come in: decided by content, and the name must agree with it.

The gate sees a file once, while it streams by. Most kinds are known by their first bytes; Office
files and texts are watched to their end. Nothing is unpacked and nothing is kept but a few hundred
kilobytes. What a file calls itself (its media type in the request) is never asked.
"""

from typing import NoReturn, Protocol

from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from core.attachments import names
from core.attachments.containers import OleWatch, ZipWatch
from core.attachments.errors import FileRefused
from core.attachments.kinds import (
    ALLOWED,
    ARCHIVE,
    AS_TEXT,
    BY_EXTENSION,
    DANGEROUS,
    HEAD,
    IN_OLE,
    IN_ZIP,
    Kind,
    danger_of,
    kinds_of,
)
from core.attachments.texts import TextWatch

EMPTY = _("This file is empty.")
UNKNOWN = format_lazy("{} {}", _("This kind of file cannot be attached."), ALLOWED)
_NOT_THAT = _("The name ends in .%(extension)s, but the content is not that.")
_BUT_THIS = _("The name ends in .%(extension)s, but this is %(content)s.")


class AnyGate(Protocol):
    """What a file passes through on its way in."""

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes; raises `FileRefused`."""

    def finish(self) -> Kind:
        """Return the kind, when the whole file went by; raises `FileRefused`."""


class _Watch(Protocol):
    def feed(self, chunk: bytes) -> None: ...

    def finish(self) -> tuple[Kind, ...]: ...


class Gate:
    """Watches one file stream by."""

    def __init__(self, filename: str) -> None:
        """Look at the name.

        Raises:
            FileRefused: No file that may come in has such an extension.
        """
        self._extension = names.extension(filename)
        if self._extension and self._extension not in BY_EXTENSION:
            raise FileRefused(UNKNOWN)
        self._head = bytearray()
        self._watch: _Watch | None = None

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes.

        Raises:
            FileRefused: They may not come in.
        """
        if self._watch:
            self._watch.feed(chunk)
            return
        self._head += chunk
        if len(self._head) >= HEAD:
            self._judge()

    def finish(self) -> Kind:
        """Return the kind, when the whole file went by.

        Raises:
            FileRefused: It may not come in.
        """
        watch = self._watch or self._judge()
        return self._agreed(watch.finish())

    def _judge(self) -> _Watch:
        head, self._head = bytes(self._head), bytearray()
        if not head:
            raise FileRefused(EMPTY)
        self._watch = self._watch_for(head)
        self._watch.feed(head)
        return self._watch

    def _watch_for(self, head: bytes) -> _Watch:
        named = BY_EXTENSION.get(self._extension)
        kinds = kinds_of(head)
        if kinds is IN_ZIP:
            if named and named not in IN_ZIP:
                self._refuse_disguise(gettext_noop("an Office file or an archive"))
            return ZipWatch()
        if kinds is IN_OLE:
            if named and named not in IN_OLE:
                self._refuse_disguise(gettext_noop("an older Office file, or one with a password"))
            return OleWatch()
        if kinds:
            return _Known((self._agreed(kinds),))
        if danger := danger_of(head):
            raise FileRefused(format_lazy("{} {}", DANGEROUS % {"danger": danger}, ALLOWED))
        if named and named not in AS_TEXT:
            raise FileRefused(_NOT_THAT % {"extension": self._extension})
        return TextWatch(named, head)

    def _agreed(self, kinds: tuple[Kind, ...]) -> Kind:
        if not self._extension:
            return kinds[0]
        if BY_EXTENSION[self._extension] not in kinds:
            self._refuse_disguise(kinds[0].label)
        return BY_EXTENSION[self._extension]

    def _refuse_disguise(self, content: str) -> NoReturn:
        raise FileRefused(_BUT_THIS % {"extension": self._extension, "content": gettext(content)})


class _Known:
    """A kind that its first bytes told."""

    def __init__(self, kinds: tuple[Kind, ...]) -> None:
        self._kinds = kinds

    def feed(self, chunk: bytes) -> None:
        """See the next bytes, which change nothing."""

    def finish(self) -> tuple[Kind, ...]:
        """Return the kind."""
        return self._kinds


class ExportGate:
    """Lets exports of other systems in: zips, which are read and destroyed, and CSV files."""

    def __init__(self, filename: str) -> None:
        """Look at the name.

        Raises:
            FileRefused: It is neither a zip's nor a CSV file's.
        """
        extension = names.extension(filename)
        if extension not in {"zip", "csv"}:
            raise FileRefused(NO_EXPORT)
        self._inner = Gate(filename) if extension == "csv" else None
        self._head = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Look at the next bytes.

        Raises:
            FileRefused: A CSV file is something else.
        """
        if self._inner:
            self._inner.feed(chunk)
        else:
            self._head += chunk[: len(_ZIP) - len(self._head)]

    def finish(self) -> Kind:
        """Return the kind.

        Raises:
            FileRefused: It is not what its name says.
        """
        if self._inner:
            return self._inner.finish()
        if not self._head:
            raise FileRefused(EMPTY)
        if bytes(self._head) != _ZIP:
            raise FileRefused("The name ends in .zip, but this is no zip.")
        return ARCHIVE


NO_EXPORT = "Choose the zip that your MIS exports, or its CSV files."
_ZIP = b"PK\x03\x04"
