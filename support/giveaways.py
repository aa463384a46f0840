"""What gives a student away in a text apart from a name: a UPN, a day of birth. Pure.

Dates are read as people in England and Wales write them: 7/2/2012, 07.02.12, 2012-02-07,
07022012, 7 February 2012, 7th of Feb ’12, February 7, 2012, 7 Chwefror 2012.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schools.upn import LETTERS

_MONTHS = (
    ("january", "jan", "ionawr", "ion"),
    ("february", "feb", "chwefror", "chwef"),
    ("march", "mar", "mawrth"),
    ("april", "apr", "ebrill", "ebr"),
    ("may", "mai"),
    ("june", "jun", "mehefin", "meh"),
    ("july", "jul", "gorffennaf", "gorff"),
    ("august", "aug", "awst"),
    ("september", "sept", "sep", "medi"),
    ("october", "oct", "hydref", "hyd"),
    ("november", "nov", "tachwedd", "tach"),
    ("december", "dec", "rhagfyr", "rhag"),
)
_MONTH = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words}
_A_MONTH = rf"(?P<word>{'|'.join(sorted(_MONTH, key=len, reverse=True))})\.?"
_A_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|af|il|ydd|fed|eg|ain)?"
_A_YEAR = r"['\u2019]?(?P<year>\d{4}|\d{2})"
_SEPARATED = r"\s*(?P<by>[./\-\u2010-\u2014])\s*"
_GAP = r"[\s,_\-]*"

_DATES = tuple(
    re.compile(rf"(?<!\d){written}(?!\d)", re.IGNORECASE)
    for written in (
        rf"(?P<day>\d{{1,2}}){_SEPARATED}(?P<month>\d{{1,2}})\s*(?P=by)\s*(?P<year>\d{{4}}|\d{{2}})",
        rf"(?P<year>\d{{4}}){_SEPARATED}(?P<month>\d{{1,2}})\s*(?P=by)\s*(?P<day>\d{{1,2}})",
        r"(?P<day>\d{1,2})[ _](?P<month>\d{1,2})[ _](?P<year>\d{4})",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        rf"{_A_DAY}{_GAP}(?:of\s+|o\s+)?{_A_MONTH}{_GAP}{_A_YEAR}",
        rf"{_A_MONTH}{_GAP}{_A_DAY}[\s,_\-]+{_A_YEAR}",
    )
)
_UPN = re.compile(
    rf"(?<![A-Z0-9])[{LETTERS}](?:[ -]?[0-9]){{11}}[ -]?[0-9{LETTERS}](?![A-Z0-9])", re.IGNORECASE
)
#: What an MIS may hold in a UPN's place, of any shape: letters and digits, one digit at least.
_MAYBE_UPN = re.compile(r"(?<![A-Z0-9])(?=[A-Z]*[0-9])[A-Z0-9]{5,32}(?![A-Z0-9])", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Day:
    """A date in a text.

    Attributes:
        start: Index of its first character.
        end: Index after its last.
        on: The days that it may mean: a year of two digits has two.
    """

    start: int
    end: int
    on: tuple[date, ...]


def days_in(text: str) -> list[Day]:
    """Return every date that a text holds, in order; places may overlap."""
    found = (
        Day(match.start(), match.end(), days)
        for pattern in _DATES
        for match in pattern.finditer(text)
        if (days := tuple(_days(match)))
    )
    return sorted(set(found))


def upns_in(text: str) -> list[tuple[int, int]]:
    """Return every place with the shape of a UPN, whether its check letter fits or not."""
    return [match.span() for match in _UPN.finditer(text)]


def maybe_upns_in(text: str) -> list[tuple[int, int, str]]:
    """Return every place that may be a UPN of a wrong shape, with it in upper case."""
    return [(*match.span(), match.group().upper()) for match in _MAYBE_UPN.finditer(text)]


def _days(match: re.Match[str]) -> Iterator[date]:
    told = match.groupdict()
    month = _MONTH[told["word"].lower()] if told.get("word") else int(told["month"])
    year = told["year"]
    for number in [int(year)] if len(year) == 4 else [2000 + int(year), 1900 + int(year)]:
        try:
            yield date(number, month, int(told["day"]))
        except ValueError:
            continue
