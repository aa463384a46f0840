"""Files for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

#: Tells spreadsheets that what follows is UTF-8.
BOM = "\ufeff"
#: A cell that begins like this is a formula to a spreadsheet (OWASP, “CSV Injection”).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_of(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV, each cell a text and none a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    return text.getvalue()


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
