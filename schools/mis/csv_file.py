"""One CSV file of an export, row by row: RFC 4180, UTF-8 with or without a byte-order mark."""

import csv
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Protocol

from schools.mis.problems import Problem, Weight


class UnreadableError(Exception):
    """A file cannot be read at all; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class Source(Protocol):
    """A file: on a disk (``pathlib.Path``), or as it was uploaded."""

    @property
    def name(self) -> str:
        """Its name, without a folder."""

    def open(self, *args: Any, **kwargs: Any) -> IO[Any]:
        """Open it for reading."""


class Folder(Protocol):
    """Files by name."""

    def __truediv__(self, name: str, /) -> Source:
        """Return the file of this name, which need not be there."""


@dataclass(frozen=True, repr=False)
class Line:
    """One row of a file.

    Attributes:
        number: Line in the file where the row starts.
        cells: Header -> text, trimmed.
        reason: Why the cells cannot be trusted, empty if they can.
    """

    number: int
    cells: dict[str, str]
    reason: str = ""

    def __getitem__(self, column: str) -> str:
        """Return the cell's text, empty where the file has no such column."""
        return self.cells.get(column, "")

    def each(self, column: str) -> list[str]:
        """Return the members of a list in one cell (a comma-separated list, RFC 4180)."""
        inner = next(csv.reader([self[column]]), [])
        return [one.strip() for one in inner if one.strip()]


def lines_of(path: Source, *, needed: Sequence[str]) -> Iterator[Line]:
    """Read a file row by row; rows whose cells are all empty are passed over.

    Args:
        path: The file.
        needed: Headers without which the file is of no use, in any order.

    Raises:
        UnreadableError: Not there, not UTF-8, not CSV, or without the headers.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as text:
            yield from _lines(path.name, text, needed)
    except UnicodeDecodeError:
        line = _first_line_not_utf_8(path)
        reason = "is not UTF-8: export it again with that encoding"
        raise UnreadableError(Problem(path.name, line, "", reason, Weight.FATAL)) from None
    except OSError as error:
        reason = f"cannot be opened ({error.strerror or 'input/output error'})"
        raise UnreadableError(Problem(path.name, 0, "", reason, Weight.FATAL)) from None


def _lines(name: str, text: Iterator[str], needed: Sequence[str]) -> Iterator[Line]:
    rows = csv.reader(text, strict=True)
    try:
        headers = _checked_headers(name, next(rows, []), needed)
        start = rows.line_num + 1
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield _line(start, headers, cells)
            start = rows.line_num + 1
    except csv.Error:
        # The module's own message may repeat what stands in the file.
        reason = "is not CSV from here on (a quotation mark opened and not closed, or misplaced)"
        raise UnreadableError(
            Problem(name, max(rows.line_num, 1), "", reason, Weight.FATAL)
        ) from None


def _line(number: int, headers: list[str], cells: list[str]) -> Line:
    named = {header: _trimmed(cell) for header, cell in zip(headers, cells, strict=False)}
    if len(cells) != len(headers):
        return Line(number, named, f"has {len(cells)} cells, the header has {len(headers)}")
    if any(_has_control_character(cell) for cell in named.values()):
        return Line(number, named, "has a control character")
    return Line(number, named)


def _trimmed(cell: str) -> str:
    return unicodedata.normalize("NFC", " ".join(cell.split()))


def _has_control_character(cell: str) -> bool:
    return not cell.isprintable() and any(unicodedata.category(one) == "Cc" for one in cell)


def _checked_headers(name: str, headers: list[str], needed: Sequence[str]) -> list[str]:
    headers = [header.strip() for header in headers]
    if reason := _why_not_headers(headers, needed):
        raise UnreadableError(Problem(name, 1, "", reason, Weight.FATAL))
    return headers


def _why_not_headers(headers: list[str], needed: Sequence[str]) -> str:
    # Names only headers that we look for: without a header row the first line is a person's.
    if len(headers) == 1 and (";" in headers[0] or "\t" in headers[0]):
        return "has semicolons or tabs between its cells, as Excel saves it: export it with commas"
    missing = [column for column in needed if column not in headers]
    lower = {header.lower() for header in headers}
    if any(column.lower() in lower for column in missing):
        return f"header in other capitals than: {', '.join(missing)}"
    if missing:
        return f"header is missing: {', '.join(missing)}"
    repeated = [column for column in needed if headers.count(column) > 1]
    return f"header is there twice: {', '.join(repeated)}" if repeated else ""


def _first_line_not_utf_8(path: Source) -> int:
    with path.open("rb") as raw:
        for number, line in enumerate(raw, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 0
