"""What the files of one export say, as plain facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from schools.mis.problems import Problem


@dataclass(frozen=True, kw_only=True, repr=False)
class StudentRow:
    """A pupil in users.csv."""

    line: int
    sourced_id: str
    given_name: str
    family_name: str
    upn: str
    upn_is_valid: bool
    year_group: str


@dataclass(frozen=True, kw_only=True, repr=False)
class StaffRow:
    """A member of staff in users.csv."""

    line: int
    sourced_id: str
    given_name: str
    family_name: str
    email: str
    is_enabled: bool


@dataclass(frozen=True, kw_only=True, repr=False)
class BirthDate:
    """A pupil's row in demographics.csv; ``born_on`` is None where the cell is empty."""

    line: int
    born_on: date | None


@dataclass(frozen=True, kw_only=True, repr=False)
class ClassPlace:
    """What enrollments.csv says of a pupil's class; ``title`` is empty for none.

    Attributes:
        line: Where it is said; 0 when a whole file says it by leaving the pupil out.
        title: The class.
        left: Titles of classes that the pupil is said to have left (delta files).
    """

    line: int
    title: str
    left: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, repr=False)
class Roster:
    """Everything that a folder says about one school.

    Attributes:
        students: Pupils, in the order of the file.
        staff: Staff, in the order of the file.
        gone: sourcedId -> line of people that the file says have left.
        listed: Every sourcedId of this school in users.csv, bad rows and all, so that nobody
            becomes a leaver because of a typing mistake in their row.
        mentioned: Every sourcedId in users.csv, whoever they are.
        is_bulk: Whether users.csv names everybody, so that who is missing has left …
        hides_somebody: … unless it is not known of every row whose it is.
        birth_dates: sourcedId -> what demographics.csv says, for those it names.
        classes: sourcedId -> what enrollments.csv says, for those it speaks of.
        rows: How many rows of data were read, all files together.
        ignored: How many rows of users.csv are of people that are not imported (families, other
            schools of the trust).
        problems: What is wrong, by file and line.
    """

    students: tuple[StudentRow, ...] = ()
    staff: tuple[StaffRow, ...] = ()
    gone: Mapping[str, int] = field(default_factory=dict)
    listed: frozenset[str] = frozenset()
    mentioned: frozenset[str] = frozenset()
    is_bulk: bool = False
    hides_somebody: bool = False
    birth_dates: Mapping[str, BirthDate] = field(default_factory=dict)
    classes: Mapping[str, ClassPlace] = field(default_factory=dict)
    rows: int = 0
    ignored: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def is_everyone(self) -> bool:
        """Whether a person who is not listed has left."""
        return self.is_bulk and not self.hides_somebody
