"""The words of a plan: whom the school has, and what happens to their rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from schools.mis import people
from schools.mis.problems import Problem, Weight

#: A file that would make more than this share leave is taken for a broken one …
LARGEST_SHARE_LEAVING = 0.25
#: … unless they are so few that a share means nothing.
FEWEST_TO_REFUSE = 5


class Kind(StrEnum):
    """What happens to a person's row."""

    CREATE = "create"
    UPDATE = "update"
    RETURN = "return"
    LEAVE = "leave"


class Whose(StrEnum):
    """Whose row it is."""

    STUDENT = "student"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, repr=False)
class KnownStudent:
    """A student whom the school has."""

    id: int
    ref: UUID
    sourced_id: str
    given_name: str
    family_name: str
    upn: str
    upn_is_valid: bool
    born_on: date | None
    year_group: str
    class_name: str
    is_current: bool
    left_on: date | None


@dataclass(frozen=True, kw_only=True, repr=False)
class KnownStaff:
    """A member of staff whom the school has, with their account."""

    id: int
    ref: UUID
    user_id: int
    sourced_id: str
    given_name: str
    family_name: str
    email: str
    is_active: bool
    administers: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class Change:
    """What happens to one person's row.

    Attributes:
        whose: Student or staff.
        kind: What happens; for staff, leaving means that the account is switched off.
        line: Where the file says so; 0 where it says it by leaving the person out.
        values: Column -> new value, only those that differ (all of them for a new row).
        known: The row that changes, None for a new one.
        file: The file that says so.
    """

    whose: Whose
    kind: Kind
    line: int
    values: Mapping[str, Any]
    known: KnownStudent | KnownStaff | None = None
    file: str = people.NAME

    @property
    def row_id(self) -> int | None:
        """Id of the row that changes."""
        return self.known.id if self.known else None


def differing(known: object, wanted: Mapping[str, object]) -> dict[str, object]:
    """Return the members of ``wanted`` that ``known`` does not have already."""
    return {name: value for name, value in wanted.items() if getattr(known, name) != value}


def why_too_many_leave(leaving: int, among: int, whose: Whose) -> Problem | None:
    """Say it if so many would leave that the file must be taken for a broken one."""
    if leaving < FEWEST_TO_REFUSE or leaving <= among * LARGEST_SHARE_LEAVING:
        return None
    who = "current students" if whose is Whose.STUDENT else "active staff"
    reason = f"{leaving} of {among} {who} would leave, which is more than a quarter"
    return Problem(people.NAME, 0, "", reason, Weight.FATAL)
