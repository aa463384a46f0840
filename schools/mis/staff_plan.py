"""Which staff an import would add, change and switch off.

Nothing here touches what a person may do: new staff come into the default access group, and the
access group of those who are there is the school's own business.
"""

from collections.abc import Collection, Mapping, Sequence

from schools.mis import people
from schools.mis.changes import Change, Kind, KnownStaff, Whose, differing
from schools.mis.problems import Problem, Weight
from schools.mis.rows import Roster, StaffRow


class StaffPlan:
    """Compares staff, recognised by the MIS's identifier, else by their email address.

    Attributes:
        changes: What would happen.
        unchanged: How many stay as they are.
        problems: Rows that what the school has speaks against.
    """

    def __init__(
        self, roster: Roster, known: Sequence[KnownStaff], other_emails: Collection[str]
    ) -> None:
        self.changes: list[Change] = []
        self.unchanged = 0
        self.problems: list[Problem] = []
        self._roster = roster
        self._known = known
        self._other_emails = other_emails
        self._by_sourced_id = {one.sourced_id: one for one in known if one.sourced_id}
        self._by_email = {one.email: one for one in known}
        self._compare()

    def _compare(self) -> None:
        met: set[int] = set()
        leaving: list[tuple[KnownStaff, int]] = []
        for row in self._roster.staff:
            known = self._match(row)
            if known:
                met.add(known.id)
            if reason := self._why_not(row, known):
                self._report(row, "email", reason, Weight.BAD_ROW)
            elif known and known.is_active and not row.is_enabled:
                leaving.append((known, row.line))
            else:
                self._plan_row(row, known)
        leaving += [
            (one, self._roster.gone.get(one.sourced_id, 0))
            for one in self._known
            if one.id not in met and self._has_left(one)
        ]
        self._plan_leavers(leaving)

    def _match(self, row: StaffRow) -> KnownStaff | None:
        if one := self._by_sourced_id.get(row.sourced_id):
            return one
        one = self._by_email.get(row.email)
        return one if one and self._is_same(one, row) else None

    def _is_same(self, one: KnownStaff, row: StaffRow) -> bool:
        """Whether an account under another identifier, or none, is this person's.

        Schools give a leaver's address to the next person of that name, who must not come into
        what the leaver wrote and was told; so the name must agree, and the old identifier be gone.
        """
        if not one.sourced_id:
            return True
        names = (one.given_name.casefold(), one.family_name.casefold())
        is_named_so = names == (row.given_name.casefold(), row.family_name.casefold())
        return is_named_so and one.sourced_id not in self._roster.mentioned

    def _why_not(self, row: StaffRow, known: KnownStaff | None) -> str:
        holder = self._by_email.get(row.email)
        is_taken = holder is not known if holder else row.email in self._other_emails
        return "belongs to another account" if is_taken else ""

    def _has_left(self, one: KnownStaff) -> bool:
        if not one.is_active or not one.sourced_id:
            return False
        is_missing = self._roster.is_everyone and one.sourced_id not in self._roster.listed
        return is_missing or one.sourced_id in self._roster.gone

    def _plan_row(self, row: StaffRow, known: KnownStaff | None) -> None:
        wanted: dict[str, object] = {
            "sourced_id": row.sourced_id,
            "given_name": row.given_name,
            "family_name": row.family_name,
            "email": row.email,
        }
        if known is None:
            self._add(Kind.CREATE if row.is_enabled else None, row.line, wanted)
        elif known.is_active:
            self._add(Kind.UPDATE, row.line, differing(known, wanted), known)
        else:
            self.unchanged += 1
            if row.is_enabled:
                # Somebody may have switched it off for a reason that the MIS does not know.
                reason = "account is switched off here; switch it on by hand if they are back"
                self._report(row, "sourcedId", reason, Weight.NOTICE)

    def _plan_leavers(self, leaving: Sequence[tuple[KnownStaff, int]]) -> None:
        administrators = {one.id for one in self._known if one.is_active and one.administers}
        none_left = administrators <= {one.id for one, _ in leaving}
        for one, line in leaving:
            if none_left and one.administers:
                reason = "the school's last administrators stay, though the file lets them go"
                problem = Problem(people.NAME, line, "sourcedId", reason, Weight.NOTICE)
                self.problems.append(problem)
                self.unchanged += 1
            else:
                self._add(Kind.LEAVE, line, {"is_active": False}, one)

    def _add(
        self,
        kind: Kind | None,
        line: int,
        values: Mapping[str, object],
        known: KnownStaff | None = None,
    ) -> None:
        if kind and values:
            self.changes.append(
                Change(whose=Whose.STAFF, kind=kind, line=line, values=values, known=known)
            )
        else:
            self.unchanged += 1

    def _report(self, row: StaffRow, column: str, reason: str, weight: Weight) -> None:
        self.problems.append(Problem(people.NAME, row.line, column, reason, weight))
