"""Reading the DfE's register, Get Information About Schools: the extract of all establishments.

A CSV in Windows-1252 with a header; columns are found by name, in any order. Source: formats.md.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

ENCODING = "cp1252"


class RegisterRefused(Exception):
    """The file is not the register's extract; the words say what to do."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One establishment, as the register has it; what it leaves empty is empty or None."""

    urn: str
    name: str
    status: str
    kind: str
    phase: str
    local_authority_code: str
    local_authority: str
    trust_code: str
    trust: str
    ukprn: str
    street: str
    locality: str
    address3: str
    town: str
    county: str
    postcode: str
    website: str
    telephone: str
    head_title: str
    head_given_name: str
    head_family_name: str
    low_age: int | None
    high_age: int | None
    pupils: int | None
    opened_on: date | None
    closed_on: date | None


#: Names in the file of what is text, of what is a number, and of what is a day.
_TEXTS = {
    "urn": "URN",
    "name": "EstablishmentName",
    "status": "EstablishmentStatus (name)",
    "kind": "TypeOfEstablishment (name)",
    "phase": "PhaseOfEducation (name)",
    "local_authority_code": "LA (code)",
    "local_authority": "LA (name)",
    "trust_code": "Trusts (code)",
    "trust": "Trusts (name)",
    "ukprn": "UKPRN",
    "street": "Street",
    "locality": "Locality",
    "address3": "Address3",
    "town": "Town",
    "county": "County (name)",
    "postcode": "Postcode",
    "website": "SchoolWebsite",
    "telephone": "TelephoneNum",
    "head_title": "HeadTitle (name)",
    "head_given_name": "HeadFirstName",
    "head_family_name": "HeadLastName",
}
_NUMBERS = {
    "low_age": "StatutoryLowAge",
    "high_age": "StatutoryHighAge",
    "pupils": "NumberOfPupils",
}
_DAYS = {"opened_on": "OpenDate", "closed_on": "CloseDate"}
_LONGEST = 200
_URN = re.compile(r"[0-9]{6}")


def read_register(path: Path) -> Iterator[Entry]:
    """Read the extract line by line.

    Raises:
        RegisterRefused: It is in another encoding, lacks a column, or a line of it cannot be
            read; with the line's number.
    """
    with path.open(encoding=ENCODING, newline="") as lines:
        rows = csv.DictReader(lines, strict=True)
        try:
            _check_header(rows.fieldnames or [])
            for row in rows:
                yield _entry(row, rows.line_num)
        except UnicodeDecodeError:
            raise RegisterRefused(
                f"After line {rows.line_num}: this is not Windows-1252. Download the extract again,"
                " and do not save it with another program."
            ) from None
        except csv.Error:
            raise RegisterRefused(f"Line {rows.line_num} is no line of a CSV file.") from None


def _check_header(names: Sequence[str]) -> None:
    wanted = (*_TEXTS.values(), *_NUMBERS.values(), *_DAYS.values())
    if missing := [name for name in wanted if name not in names]:
        raise RegisterRefused(
            f"Columns are missing: {', '.join(missing)}. Choose “all establishment data” at Get"
            " Information About Schools."
        )


def _entry(row: dict[str, str | None], line: int) -> Entry:
    said = {name: " ".join((row[column] or "").split()) for name, column in _TEXTS.items()}
    if not _URN.fullmatch(said["urn"]) or not said["name"]:
        raise RegisterRefused(f"Line {line}: a URN of six digits and a name are needed.")
    if any(len(word) > _LONGEST for word in said.values()):
        raise RegisterRefused(f"Line {line}: a word is longer than {_LONGEST} letters.")
    facts: dict[str, Any] = {
        **said,
        **{name: _number(row[column], column, line) for name, column in _NUMBERS.items()},
        **{name: _day(row[column], column, line) for name, column in _DAYS.items()},
    }
    return Entry(**facts)


def _number(said: str | None, column: str, line: int) -> int | None:
    word = (said or "").strip()
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and len(word) < 7):
        raise RegisterRefused(f"Line {line}, {column}: give a whole number.")
    return int(word)


def _day(said: str | None, column: str, line: int) -> date | None:
    word = (said or "").strip()
    if not word:
        return None
    try:
        return datetime.strptime(word, "%d-%m-%Y").date()  # noqa: DTZ007 - a day, no moment
    except ValueError:
        raise RegisterRefused(f"Line {line}, {column}: give a day as dd-mm-yyyy.") from None
