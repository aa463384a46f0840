"""Which students an import would add, change, let go and take back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from schools.mis import people
from schools.mis.changes import Change, Kind, KnownStudent, Whose, differing
from schools.mis.problems import Problem, Weight
from schools.mis.rows import ClassPlace, Roster, StudentRow


class StudentPlan:
    """Compares pupils, recognised by the MIS's identifier, else by a valid UPN.

    Attributes:
        changes: What would happen.
        unchanged: How many stay as they are.
        problems: Rows that what the school has speaks against.
    """

    def __init__(self, roster: Roster, known: Sequence[KnownStudent], today: date) -> None:
        self.changes: list[Change] = []
        self.unchanged = 0
        self.problems: list[Problem] = []
        self._roster = roster
        self._known = known
        self._today = today
        self._by_sourced_id = {one.sourced_id: one for one in known if one.sourced_id}
        self._by_upn = _newest_by_upn(known)
        self._compare()

    def _compare(self) -> None:
        matched = {row.sourced_id: self._match(row) for row in self._roster.students}
        met = {one.id for one in matched.values() if one}
        leaving = [one for one in self._known if one.id not in met and self._has_left(one)]
        gone = {one.id for one in leaving}
        for row in self._without_doubled_upns(matched, gone):
            self._plan_row(row, matched[row.sourced_id])
        for one in leaving:
            self._plan_leaver(one)
        for one in self._known:
            if one.id not in met | gone and one.is_current:
                self._plan_rest(one)

    def _match(self, row: StudentRow) -> KnownStudent | None:
        if one := self._by_sourced_id.get(row.sourced_id):
            return one
        one = self._by_upn.get(row.upn) if row.upn_is_valid else None
        if one is None or one.sourced_id in self._roster.listed:
            return None
        said = self._roster.birth_dates.get(row.sourced_id)
        is_other = said and said.born_on and one.born_on and said.born_on != one.born_on
        return None if is_other else one

    def _has_left(self, one: KnownStudent) -> bool:
        if not one.is_current or not one.sourced_id:
            return False
        is_missing = self._roster.is_everyone and one.sourced_id not in self._roster.listed
        return is_missing or one.sourced_id in self._roster.gone

    def _without_doubled_upns(
        self, matched: Mapping[str, KnownStudent | None], gone: set[int]
    ) -> list[StudentRow]:
        """Leave out rows whose UPN another student keeps, until there is no such row."""
        rows = list(self._roster.students)
        while True:
            changing = {one.id for row in rows if (one := matched[row.sourced_id])} | gone
            kept = {one.upn for one in self._known if _owns_upn(one) and one.id not in changing}
            doubled = [row for row in rows if row.upn_is_valid and row.upn in kept]
            if not doubled:
                return rows
            for row in doubled:
                reason = "UPN belongs to another current student"
                self.problems.append(Problem(people.NAME, row.line, "userIds", reason))
            rows = [row for row in rows if not (row.upn_is_valid and row.upn in kept)]

    def _plan_row(self, row: StudentRow, known: KnownStudent | None) -> None:
        wanted: dict[str, object] = {
            "sourced_id": row.sourced_id,
            "given_name": row.given_name,
            "family_name": row.family_name,
            "upn": row.upn,
            "upn_is_valid": row.upn_is_valid,
            "year_group": row.year_group,
            **self._said_elsewhere(row.sourced_id, known),
        }
        if known is None:
            self._add(Kind.CREATE, row.line, wanted)
        elif known.is_current:
            self._add(Kind.UPDATE, row.line, differing(known, wanted), known)
        else:
            back = {**wanted, "is_current": True, "left_on": None}
            self._add(Kind.RETURN, row.line, differing(known, back), known)

    def _plan_leaver(self, one: KnownStudent) -> None:
        line = self._roster.gone.get(one.sourced_id, 0)
        self._add(Kind.LEAVE, line, {"is_current": False, "left_on": self._today}, one)

    def _plan_rest(self, one: KnownStudent) -> None:
        """A student of whom only other files than users.csv speak (delta)."""
        said = self._said_elsewhere(one.sourced_id, one)
        born, place = self._where_said(one.sourced_id)
        file, line = ("demographics.csv", born) if born else ("enrollments.csv", place)
        self._add(Kind.UPDATE, line, differing(one, said), one, file)

    def _where_said(self, sourced_id: str) -> tuple[int, int]:
        born = self._roster.birth_dates.get(sourced_id)
        place = self._roster.classes.get(sourced_id)
        return (born.line if born else 0), (place.line if place else 0)

    def _said_elsewhere(self, sourced_id: str, known: KnownStudent | None) -> dict[str, object]:
        said: dict[str, object] = {}
        if born := self._roster.birth_dates.get(sourced_id):
            said["born_on"] = born.born_on
        if place := self._roster.classes.get(sourced_id):
            said["class_name"] = _class_name(place, known)
        return said

    def _add(
        self,
        kind: Kind,
        line: int,
        values: Mapping[str, object],
        known: KnownStudent | None = None,
        file: str = people.NAME,
    ) -> None:
        if values:
            self.changes.append(
                Change(
                    whose=Whose.STUDENT, kind=kind, line=line, values=values, known=known, file=file
                )
            )
        else:
            self.unchanged += 1


def unknown_people(roster: Roster, known: Collection[str]) -> list[Problem]:
    """Say which rows of delta files speak of people whom neither file nor school knows."""
    told = roster.mentioned.union(known)
    rows = [
        (file, said.line, column)
        for file, column, facts in (
            ("demographics.csv", "sourcedId", roster.birth_dates),
            ("enrollments.csv", "userSourcedId", roster.classes),
        )
        for sourced_id, said in facts.items()
        if sourced_id not in told
    ]
    return [
        Problem(file, line, column, "is nobody in this school", Weight.NOTICE)
        for file, line, column in rows
    ]


def _class_name(place: ClassPlace, known: KnownStudent | None) -> str:
    if known and place.left and known.class_name not in place.left:
        return known.class_name
    return place.title


def _owns_upn(one: KnownStudent) -> bool:
    return one.is_current and one.upn_is_valid and bool(one.upn)


def _newest_by_upn(known: Sequence[KnownStudent]) -> dict[str, KnownStudent]:
    # The last one wins: those on roll after those who left, and those by when they left.
    ordered = sorted(known, key=lambda one: (one.is_current, one.left_on or date.max, one.id))
    return {one.upn: one for one in ordered if one.upn and one.upn_is_valid}
