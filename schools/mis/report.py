"""What an import did or would do, without naming a pupil."""

from dataclasses import dataclass

from schools.mis.changes import Change, Kind, Whose
from schools.mis.plan import ImportPlan
from schools.mis.problems import Weight

_COUNTED = (
    ("students new", Whose.STUDENT, Kind.CREATE),
    ("students changed", Whose.STUDENT, Kind.UPDATE),
    ("students back", Whose.STUDENT, Kind.RETURN),
    ("students left", Whose.STUDENT, Kind.LEAVE),
    ("staff new", Whose.STAFF, Kind.CREATE),
    ("staff changed", Whose.STAFF, Kind.UPDATE),
    ("staff switched off", Whose.STAFF, Kind.LEAVE),
)


@dataclass(frozen=True, kw_only=True, repr=False)
class ImportReport:
    """What an import did, or would do.

    Attributes:
        plan: The changes and the problems.
        is_dry_run: Whether nothing was to be written.
        is_refused: Whether the problems forbid writing.
        rows: How many rows of data the files have.
        ignored: How many rows of users.csv are of people who are not imported.
    """

    plan: ImportPlan
    is_dry_run: bool
    is_refused: bool
    rows: int
    ignored: int

    def table(self) -> list[tuple[str, int]]:
        """Return what is counted: words -> number."""
        counts = self.plan.counts()
        return [
            ("rows read", self.rows),
            *((words, counts.get((whose, kind), 0)) for words, whose, kind in _COUNTED),
            ("students unchanged", self.plan.unchanged[Whose.STUDENT]),
            ("staff unchanged", self.plan.unchanged[Whose.STAFF]),
            ("people passed over", self.ignored),
            ("bad rows", self._weighing(Weight.BAD_ROW)),
            ("notices", self._weighing(Weight.NOTICE)),
        ]

    def changes(self) -> list[str]:
        """Return one line for each row that changes: where, whose, what, which columns."""
        return [_told(change) for change in self.plan.changes]

    def _weighing(self, weight: Weight) -> int:
        return sum(problem.weight is weight for problem in self.plan.problems)


def _told(change: Change) -> str:
    where = f"{change.file}:{change.line}" if change.line else f"not in {change.file}"
    who = f" {change.known.ref}" if change.known else ""
    columns = f" ({', '.join(change.values)})" if change.kind is Kind.UPDATE else ""
    return f"{where}: {change.whose} {change.kind}{who}{columns}"
