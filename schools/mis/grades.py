"""OneRoster ``grades`` to year groups: the one table."""

import re

from schools.terms import YearGroup

_YEARS = {str(year): YearGroup(str(year)) for year in range(1, 14)}

#: Spellings without spaces and in lower case. CEDS codes are those of the OneRoster standard.
_TABLE: dict[str, YearGroup] = {
    "n1": YearGroup.N1,
    "n2": YearGroup.N2,
    "r": YearGroup.R,
    "nursery": YearGroup.N2,
    "nursery1": YearGroup.N1,
    "nursery2": YearGroup.N2,
    "reception": YearGroup.R,
    "yearr": YearGroup.R,
    "pr": YearGroup.N1,
    "pk": YearGroup.N2,
    "kg": YearGroup.R,
    **{
        spelling: year_group
        for number, year_group in _YEARS.items()
        for spelling in (
            number,
            number.zfill(2),
            f"year{number}",
            f"year{number.zfill(2)}",
            f"yr{number}",
            f"y{number}",
        )
    },
}

#: What an unknown grade may look like and still be no piece of somebody's name.
_CODE = re.compile(r"[A-Za-z]{0,2}[0-9]{1,2}|(Year|Yr|Grade) ?[0-9]{1,3}|E[12]|IT|TK|PS|UG|X")


def year_group_of(grade: str) -> YearGroup | None:
    """Return the year group that a grade of the export stands for, None if it is not known."""
    return _TABLE.get("".join(grade.split()).lower())


def is_code(grade: str) -> bool:
    """Say whether an unknown grade is short and code-like enough to be repeated in a report."""
    return bool(_CODE.fullmatch(grade))
