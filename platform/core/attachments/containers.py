"""Looking into the containers of Office files without unpacking them and without keeping them.

A zip tells its parts at its end, an OLE file anywhere, so both are watched while they stream by:
of a zip the first and the last bytes are kept, of an OLE file only the names that were seen.
"""

import io
import re
import struct
import zipfile
import zlib
from typing import IO, cast

from django.utils.translation import gettext_lazy as _

from core.attachments.errors import FileRefused
from core.attachments.kinds import HEAD, IN_OLE, IN_ZIP, Kind

#: Room for the list of some 5,000 parts; Office writes it, and often ``[Content_Types].xml``, last.
_TAIL = 512 * 1024
_MAX_PARTS = 10_000
#: Beyond this an Office file is a zip bomb for whoever opens it.
_MAX_UNPACKED = 2_000_000_000
_MAX_PART_READ = 1_000_000

_MACROS = re.compile(r"vbaproject|vbadata|xl/macrosheets/|^basic/|^scripts/", re.IGNORECASE)
_MACRO_TYPES = re.compile(rb"macroenabled|macrosheet|vbaproject", re.IGNORECASE)

ARCHIVE = _("This is an archive. Take the files out of it and attach them one by one.")
MACROS = _("This file holds macros. Save it without macros and attach it again.")
PASSWORD = _("This file is locked with a password. Save it without one and attach it again.")
UNREADABLE = _("This file is damaged or cannot be checked. Save it anew and attach it again.")

#: What the standard library says of bent zips, and of ways of packing that Office does not use.
_BENT = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(OSError, EOFError, ValueError, NotImplementedError),
)


class ZipWatch:
    """Watches a zip stream by and says which kind of Office file it is."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._size = 0

    def feed(self, chunk: bytes) -> None:
        """See the next bytes."""
        self._head += chunk[: HEAD - len(self._head)]
        self._tail += chunk
        del self._tail[:-_TAIL]
        self._size += len(chunk)

    def finish(self) -> tuple[Kind, ...]:
        """Return the kind.

        Raises:
            FileRefused: An archive, a file with macros, a zip bomb, or a damaged file.
        """
        ends = _Ends(bytes(self._head), bytes(self._tail), self._size)
        try:
            with zipfile.ZipFile(cast(IO[bytes], ends)) as package:
                _check_parts(package.infolist())
                return _kind_of(package)
        except _BENT:
            raise FileRefused(UNREADABLE) from None
        except RuntimeError:  # an encrypted part
            raise FileRefused(PASSWORD) from None


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    if any(_MACROS.search(part.filename) for part in parts):
        raise FileRefused(MACROS)
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
        raise FileRefused(UNREADABLE)


def _kind_of(package: zipfile.ZipFile) -> tuple[Kind, ...]:
    names = set(package.namelist())
    if "[Content_Types].xml" in names:
        told = _part(package, "[Content_Types].xml")
        # An entity could spell a type that the search below does not see.
        if b"&" in told or b"<!" in told or b"ContentType" not in told:
            raise FileRefused(UNREADABLE)
        if _MACRO_TYPES.search(told):
            raise FileRefused(MACROS)
        types = set(re.findall(r"""ContentType\s*=\s*["']\s*([^"'\s]+)""", told.decode("latin-1")))
    elif "mimetype" in names:
        types = {_part(package, "mimetype").decode("latin-1").strip()}
    else:
        types = set()
    kinds = tuple(kind for kind in IN_ZIP if types.intersection(kind.marks))
    if len(kinds) != 1:
        raise FileRefused(ARCHIVE)
    return kinds


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(_MAX_PART_READ)


class _Ends:
    """A file of which only the first and the last bytes are known; the middle cannot be read."""

    def __init__(self, head: bytes, tail: bytes, size: int) -> None:
        self._head, self._tail, self._size = head, tail, size
        self._at = 0

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("before the start")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        end = self._size if size < 0 else min(self._at + size, self._size)
        start, self._at = self._at, max(end, self._at)
        tail_starts = self._size - len(self._tail)
        if start >= tail_starts:
            return self._tail[start - tail_starts : max(end - tail_starts, 0)]
        if end <= len(self._head):
            return self._head[start:end]
        if len(self._head) >= tail_starts:
            return (
                self._head[start:] + self._tail[len(self._head) - tail_starts : end - tail_starts]
            )
        raise OSError("not kept")


def _entry(name: str) -> bytes:
    # MS-CFB, 2.6.1: 64 bytes of UTF-16 name, then its length with the closing NUL.
    encoded = name.encode("utf-16-le")
    return encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded) + 2)


_ENTRY_SIZE = 128
_NAMES = {_entry(name): kind for kind in IN_OLE for name in kind.marks}
_VBA = _entry("_VBA_PROJECT")
_LOCKED = _entry("EncryptedPackage")


class OleWatch:
    """Watches an OLE file stream by and collects the directory entries that tell its kind."""

    def __init__(self) -> None:
        self._rest = b""
        self._offset = 0
        self._seen: set[bytes] = set()

    def feed(self, chunk: bytes) -> None:
        """See the next bytes."""
        window = self._rest + chunk
        for entry in (*_NAMES, _VBA, _LOCKED):
            if entry not in self._seen and self._holds(window, entry):
                self._seen.add(entry)
        keep = min(len(window), _ENTRY_SIZE)
        self._offset += len(window) - keep
        self._rest = window[len(window) - keep :]

    def _holds(self, window: bytes, entry: bytes) -> bool:
        at = window.find(entry)
        while at >= 0:
            if (self._offset + at) % _ENTRY_SIZE == 0:  # entries lie on this grid, texts rarely do
                return True
            at = window.find(entry, at + 1)
        return False

    def finish(self) -> tuple[Kind, ...]:
        """Return the kinds seen: several where one document is embedded in another.

        Raises:
            FileRefused: A file with macros or a password, or nothing of Office's.
        """
        if _LOCKED in self._seen:
            raise FileRefused(PASSWORD)
        kinds = tuple(
            kind for kind in IN_OLE if any(_NAMES.get(entry) is kind for entry in self._seen)
        )
        if not kinds:
            raise FileRefused(UNREADABLE)
        # An email may carry such a document; what it carries is not opened with it.
        if _VBA in self._seen and kinds[0].content_type != "application/vnd.ms-outlook":
            raise FileRefused(MACROS)
        return kinds
