"""Reading and writing lists of schools that are to be brought on."""

import csv
from collections.abc import Iterable, Sequence
from typing import IO

from core.spreadsheets import csv_of
from tenants.services.onboardings import Asked

NEEDED = ("urn", "admin_email")
COLUMNS = tuple(Asked.__dataclass_fields__)
#: A list is brought on in one go; a longer one is two lists.
LONGEST = 2000


class ListRefused(Exception):
    """The file is no list of schools; the words say what to do."""


def read_list(file: IO[str]) -> tuple[list[Asked], list[int]]:
    """Return what a CSV asks for, and the line on which each school stands.

    Raises:
        ListRefused: It is no UTF-8 CSV, its columns are others, or it names no school or too many.
    """
    rows = csv.DictReader(file, strict=True)
    try:
        names = [name.strip().lower() for name in rows.fieldnames or []]
        _check_header(names)
        rows.fieldnames = names
        asked, lines = [], []
        for row in rows:
            said = {name: (row[name] or "").strip() for name in names}
            kept = {name: word for name, word in said.items() if word or name in NEEDED}
            asked.append(Asked(**kept))
            lines.append(rows.line_num)
    except (UnicodeDecodeError, csv.Error):
        raise ListRefused("This is no UTF-8 CSV with a header. Save it as “CSV UTF-8”.") from None
    if not 0 < len(asked) <= LONGEST:
        raise ListRefused(f"The file names {len(asked)} schools; give 1 to {LONGEST}.")
    return asked, lines


def _check_header(names: Sequence[str]) -> None:
    if missing := [name for name in NEEDED if name not in names]:
        raise ListRefused(f"Columns are missing: {', '.join(missing)}.")
    if any(name not in COLUMNS for name in names):
        raise ListRefused(f"There are unknown columns. Known are: {', '.join(COLUMNS)}.")


def list_of(asked: Iterable[Asked]) -> str:
    """Return a CSV as ``read_list`` reads it, in which no cell is a formula."""
    rows = ([str(getattr(one, name)) for name in COLUMNS] for one in asked)
    return csv_of([COLUMNS, *rows])
