"""The preview of an import: the first rows of each kind with old and new values, and problems."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schools.mis.changes import FEWEST_TO_REFUSE, Change, Kind, Whose
from schools.mis.plan import ImportPlan
from schools.mis.rows import Roster
from schools.terms import YearGroup

ROWS_SHOWN = 10
PROBLEMS_SHOWN = 200
#: A larger share of leavers than this needs somebody to say that it is right.
SHARE_TO_CONFIRM = 0.10
#: In the order in which a row tells them.
_SHOWN = ("given_name", "family_name", "year_group", "class_name", "born_on", "upn", "email")
_NAMES = ("given_name", "family_name")


@dataclass(frozen=True, kw_only=True, repr=False)
class Value:
    """One value; a name is shown like a student's."""

    display_name: str
    is_name: bool
    year_label: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)
class Difference:
    """A column's old and new value."""

    column: str
    was: Value
    is_now: Value


@dataclass(frozen=True, kw_only=True, repr=False)
class Row:
    """One person whom the import concerns; has a student's name and year as pages know them."""

    ref: str
    display_name: str
    year_label: str
    differences: list[Difference]


@dataclass(frozen=True, kw_only=True, repr=False)
class Group:
    """Rows that have the same happening to them.

    Attributes:
        code: ``student.create`` and so on.
        number: How many there are in all.
    """

    code: str
    number: int
    rows: list[Row]

    @property
    def is_about_students(self) -> bool:
        """Whether the rows are pupils'."""
        return self.code.startswith(Whose.STUDENT.value)


def counts_of(plan: ImportPlan, roster: Roster) -> dict[str, int]:
    """Return what is counted, by code."""
    counts = {f"{whose}.{kind}": number for (whose, kind), number in plan.counts().items()}
    unchanged = {f"{whose}.unchanged": plan.unchanged[whose] for whose in Whose}
    return {**counts, **unchanged, "rows": roster.rows, "problems": len(plan.problems)}


def digest_of(plan: ImportPlan) -> str:
    """Return a fingerprint of every change that the plan would make."""
    told = sorted(
        json.dumps([one.whose, one.kind, one.row_id, dict(one.values)], default=str, sort_keys=True)
        for one in plan.changes
    )
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def needs_consent(plan: ImportPlan, counts: Mapping[str, int]) -> bool:
    """Say whether an unusual share of pupils or staff would leave."""
    return any(
        (leaving := counts.get(f"{whose}.{Kind.LEAVE}", 0)) >= FEWEST_TO_REFUSE
        and leaving > SHARE_TO_CONFIRM * _known(counts, whose)
        for whose in Whose
    )


def told(plan: ImportPlan) -> dict[str, Any]:
    """Return the preview as plain values, to be sealed."""
    groups = {
        f"{whose}.{kind}": [_row(one) for one in plan.of(whose, kind)[:ROWS_SHOWN]]
        for whose in Whose
        for kind in Kind
    }
    problems = [
        [one.file, one.line, one.column, one.reason, one.weight.value]
        for one in plan.problems[:PROBLEMS_SHOWN]
    ]
    return {"groups": groups, "problems": problems}


def groups_of(plain: Mapping[str, Any], counts: Mapping[str, int]) -> list[Group]:
    """Return the groups of a preview that was opened."""
    return [
        Group(code=code, number=counts.get(code, 0), rows=[_shown(row) for row in rows])
        for code, rows in plain["groups"].items()
        if rows
    ]


def _known(counts: Mapping[str, int], whose: Whose) -> int:
    return sum(counts.get(f"{whose}.{word}", 0) for word in (Kind.UPDATE, Kind.LEAVE, "unchanged"))


def _row(change: Change) -> list[Any]:
    now = {**_columns(change.known), **change.values}
    was = _columns(change.known) if change.kind is Kind.UPDATE else {}
    name = f"{now.get('given_name', '')} {now.get('family_name', '')}".strip()
    columns = [c for c in _SHOWN if c in change.values] if was else []
    differences = [[c, _text(c, was.get(c)), _text(c, change.values[c])] for c in columns]
    ref = str(change.known.ref) if change.known else ""
    return [ref, name, _text("year_group", now.get("year_group")), differences]


def _columns(known: object) -> dict[str, Any]:
    return {name: getattr(known, name) for name in _SHOWN if hasattr(known, name)}


def _text(column: str, value: object) -> str:
    if column == "year_group" and value in set(YearGroup):
        return YearGroup(str(value)).label
    return "" if value is None else str(value)


def _shown(row: list[Any]) -> Row:
    ref, name, year, differences = row
    return Row(
        ref=ref,
        display_name=name,
        year_label=year,
        differences=[
            Difference(column=column, was=_value(column, was), is_now=_value(column, now))
            for column, was, now in differences
        ],
    )


def _value(column: str, text: str) -> Value:
    return Value(display_name=text, is_name=column in _NAMES and bool(text))
