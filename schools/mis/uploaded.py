"""An export as it was uploaded, in memory: a zip, or its CSV files one by one; never on a disk."""

import errno
import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO

from schools.mis.csv_file import UnreadableError
from schools.mis.problems import Problem, Weight

#: What a school's export may come to, unpacked: a hundred thousand rows are some 20 MB.
MOST_UNPACKED = 200_000_000
_MOST_FILES = 200
_BENT = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError),
    *(ValueError, NotImplementedError, RuntimeError),
)


class UploadedFile:
    """One CSV file; opens like a path."""

    def __init__(self, name: str, content: bytes | None) -> None:
        self.name = name
        self._content = content

    def open(
        self, mode: str = "r", *, encoding: str | None = None, newline: str | None = None
    ) -> IO[str] | IO[bytes]:
        """Open it for reading.

        Raises:
            FileNotFoundError: The export does not have it.
        """
        if self._content is None:
            raise FileNotFoundError(errno.ENOENT, "it is not among the files that you uploaded")
        content = io.BytesIO(self._content)
        return content if "b" in mode else io.TextIOWrapper(content, encoding, newline=newline)


class UploadedExport:
    """The files of an export by name; ``/`` finds one, as in a folder."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = dict(files)

    def __truediv__(self, name: str) -> UploadedFile:
        """Return the file of this name, which need not be there."""
        return UploadedFile(name, self._files.get(name))

    @classmethod
    def of(cls, uploads: Mapping[str, bytes]) -> "UploadedExport":
        """Take the files out of what was uploaded.

        Args:
            uploads: Name and content of each upload, zips among them.

        Raises:
            UnreadableError: A zip is damaged, locked, or unpacks to too much; a file is there
                twice.
        """
        files: dict[str, bytes] = {}
        for name, content in uploads.items():
            is_zip = name.lower().endswith(".zip")
            for inner, text in (_unpacked(content) if is_zip else {name: content}).items():
                if inner in files:
                    raise _refusal(inner, "is there twice: upload one export at a time")
                files[inner] = text
        return cls(files)


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _files_in(package)
    except _BENT as error:
        reason = "cannot be unpacked: it is damaged, cut off or locked. Export it again"
        raise _refusal("the zip", reason) from error


def _files_in(package: zipfile.ZipFile) -> dict[str, bytes]:
    wanted = [one for one in package.infolist() if _is_ours(one)]
    # The sizes are the zip's own word, and no more than that is ever unpacked of a part.
    if len(wanted) > _MOST_FILES or sum(one.file_size for one in wanted) > MOST_UNPACKED:
        reason = (
            f"unpacks to more than {MOST_UNPACKED // 1_000_000} MB, which no school's export is"
        )
        raise _refusal("the zip", reason)
    found: dict[str, bytes] = {}
    for one in wanted:
        name = one.filename.rpartition("/")[2]
        if name in found:
            raise _refusal(name, "is there twice in the zip")
        found[name] = package.read(one)
    return found


def _is_ours(part: zipfile.ZipInfo) -> bool:
    name = part.filename.rpartition("/")[2]
    return (
        name.lower().endswith(".csv")
        and not name.startswith(".")
        and "__MACOSX" not in part.filename
    )


def _refusal(file: str, reason: str) -> UnreadableError:
    return UnreadableError(Problem(file, 0, "", reason, Weight.FATAL))
