"""manifest.csv: which files an export has, and whether each tells everything or only changes.

Source: formats, “OneRoster 1.1 CSV”.
"""

from collections.abc import Mapping
from enum import StrEnum

from schools.mis.csv_file import Folder, UnreadableError, lines_of
from schools.mis.problems import Problem, Weight

NAME = "manifest.csv"

#: The files that are read; the standard's others are left alone.
FILES = ("orgs", "users", "demographics", "classes", "enrollments")

_ABOUT_PEOPLE = ("users", "demographics", "enrollments")

_VERSIONS = {"manifest.version": "1.0", "oneroster.version": "1.1"}


class Mode(StrEnum):
    """What a file tells."""

    BULK = "bulk"
    DELTA = "delta"
    ABSENT = "absent"


def modes_of(folder: Folder) -> Mapping[str, Mode]:
    """Read the manifest: file without its ending -> mode.

    Raises:
        UnreadableError: No manifest, another version, an unknown mode, or nothing to read.
    """
    said: dict[str, tuple[int, str]] = {}
    for line in lines_of(folder / NAME, needed=("propertyName", "value")):
        said[line["propertyName"]] = (line.number, line["value"])
    for name, version in _VERSIONS.items():
        number, value = said.get(name, (0, ""))
        if value != version:
            raise _refusal(number, name, f"must be {version}")
    modes = {file: _mode(file, *said.get(f"file.{file}", (0, Mode.ABSENT))) for file in FILES}
    if all(modes[file] is Mode.ABSENT for file in _ABOUT_PEOPLE):
        raise _refusal(0, "file.users", "is absent, and so is every other file about people")
    return modes


def _mode(file: str, number: int, value: str) -> Mode:
    try:
        return Mode(value)
    except ValueError:
        raise _refusal(number, f"file.{file}", "must be bulk, delta or absent") from None


def _refusal(line: int, name: str, reason: str) -> UnreadableError:
    return UnreadableError(Problem(NAME, line, name, reason, Weight.FATAL))
