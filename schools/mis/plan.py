"""What an import would change: the files compared with what the school has, purely."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schools.mis import people
from schools.mis.changes import (
    Change,
    Kind,
    KnownStaff,
    KnownStudent,
    Whose,
    why_too_many_leave,
)
from schools.mis.problems import Problem, Weight
from schools.mis.rows import Roster
from schools.mis.staff_plan import StaffPlan
from schools.mis.student_plan import StudentPlan, unknown_people


@dataclass(frozen=True, kw_only=True, repr=False)
class ImportPlan:
    """What an import would change.

    Attributes:
        changes: One for each row that changes.
        unchanged: How many of the school's rows stay as they are.
        problems: What is wrong, in the files and against what the school has.
    """

    changes: tuple[Change, ...] = ()
    unchanged: Mapping[Whose, int]
    problems: tuple[Problem, ...] = ()

    def of(self, whose: Whose, *kinds: Kind) -> list[Change]:
        """Return the changes of some kinds."""
        return [one for one in self.changes if one.whose is whose and one.kind in kinds]

    def counts(self) -> Mapping[tuple[Whose, Kind], int]:
        """Count the changes by whose and kind."""
        return Counter((one.whose, one.kind) for one in self.changes)

    def is_refused(self, *, keep_good_rows: bool) -> bool:
        """Say whether nothing may be written: a fatal problem, or a bad row too many."""
        weights = {problem.weight for problem in self.problems}
        return Weight.FATAL in weights or (Weight.BAD_ROW in weights and not keep_good_rows)


def plan_import(
    roster: Roster,
    *,
    students: Sequence[KnownStudent],
    staff: Sequence[KnownStaff],
    other_emails: Collection[str] = (),
    today: date,
    allow_leavers: bool = False,
) -> ImportPlan:
    """Compare an export with what the school has.

    Args:
        roster: What the files say.
        students: All the school's students, those who left too.
        staff: All the school's staff, those switched off too.
        other_emails: Addresses of accounts that are no member of staff's.
        today: The school's day, on which leavers leave.
        allow_leavers: Let more than a quarter leave at once.
    """
    student_plan = StudentPlan(roster, students, today)
    staff_plan = StaffPlan(roster, staff, other_emails)
    changes = (*student_plan.changes, *staff_plan.changes)
    known = {one.sourced_id for one in students} | {one.sourced_id for one in staff}
    problems = [
        *roster.problems,
        *student_plan.problems,
        *staff_plan.problems,
        *unknown_people(roster, known),
        *_why_nobody_left(roster),
    ]
    if not allow_leavers:
        on_roll = {
            Whose.STUDENT: sum(one.is_current for one in students),
            Whose.STAFF: sum(one.is_active for one in staff),
        }
        problems += _too_many_leavers(changes, on_roll)
    return ImportPlan(
        changes=changes,
        unchanged={Whose.STUDENT: student_plan.unchanged, Whose.STAFF: staff_plan.unchanged},
        problems=tuple(sorted(problems)),
    )


def _too_many_leavers(changes: Sequence[Change], on_roll: Mapping[Whose, int]) -> list[Problem]:
    leaving = Counter(one.whose for one in changes if one.kind is Kind.LEAVE)
    found = (why_too_many_leave(leaving[whose], on_roll[whose], whose) for whose in Whose)
    return [problem for problem in found if problem]


def _why_nobody_left(roster: Roster) -> list[Problem]:
    if not (roster.is_bulk and roster.hides_somebody):
        return []
    reason = "with rows whose owner is not known, nobody missing is taken to have left"
    return [Problem(people.NAME, 0, "", reason, Weight.NOTICE)]
