"""A folder with a OneRoster 1.1 CSV export, read into plain facts.

Nothing here knows what the school already has; ``schools.mis.plan`` compares.
Source: formats, “OneRoster 1.1 CSV”.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date

from schools.mis import enrolments
from schools.mis import people as users
from schools.mis.csv_file import Folder, Line, UnreadableError, lines_of
from schools.mis.enrolments import Homerooms
from schools.mis.manifest import Mode, modes_of
from schools.mis.people import People, Status, day_of, status_of
from schools.mis.problems import Problem, Weight
from schools.mis.rows import BirthDate, Roster

_EARLIEST = date(1990, 1, 1)


def read_folder(folder: Folder, *, urn: str, today: date) -> Roster:
    """Read an export.

    Args:
        folder: Where its files are.
        urn: The school's own number, which tells its rows from those of a trust's other schools.
        today: The school's day.

    Returns:
        What the files say, with everything that is wrong in them. Never raises for what is in
        the files: one that cannot be read at all is a fatal problem.
    """
    try:
        return _Folder(folder, modes_of(folder)).read(urn, today)
    except UnreadableError as unreadable:
        return Roster(problems=(unreadable.problem,))


class _Folder:
    def __init__(self, folder: Folder, modes: Mapping[str, Mode]) -> None:
        self._folder = folder
        self._modes = modes
        self._problems: list[Problem] = []
        self._rows = 0

    def read(self, urn: str, today: date) -> Roster:
        people = self._read_people(self._find_org(urn))
        is_bulk = self._modes["users"] is Mode.BULK
        everybody = people.lines if is_bulk else None
        birth_dates = self._read_birth_dates(everybody, today)
        homerooms = self._read_homerooms(everybody, today)
        pupils = frozenset(student.sourced_id for student in people.students)
        return Roster(
            students=tuple(people.students),
            staff=tuple(people.staff),
            gone=people.gone,
            listed=frozenset(people.listed),
            mentioned=frozenset(people.lines),
            is_bulk=is_bulk,
            hides_somebody=people.hides_somebody,
            birth_dates=birth_dates,
            classes=homerooms.places(pupils),
            rows=self._rows,
            ignored=people.ignored,
            problems=tuple(sorted(self._problems + people.problems + homerooms.problems)),
        )

    def _find_org(self, urn: str) -> str | None:
        schools = {
            line["sourcedId"]: line["identifier"]
            for line in self._lines("orgs", ("sourcedId", "type", "identifier"))
            if line["type"] == "school"
        }
        ours = [org for org, identifier in schools.items() if identifier == urn]
        if len(ours) == 1:
            return ours[0]
        if len(schools) > 1:
            reason = "several schools, and not one of them with this school's URN"
            raise UnreadableError(Problem("orgs.csv", 0, "identifier", reason, Weight.FATAL))
        for org, identifier in schools.items():
            if identifier:
                reason = "is not this school's URN: make sure that these are its files"
                self._report("orgs.csv", 0, "identifier", reason, Weight.NOTICE)
            return org
        return None

    def _read_people(self, org: str | None) -> People:
        mode = self._modes["users"]
        people = People(mode=mode, org=org)
        for line in self._lines("users", users.NEEDED):
            people.take(line)
        if mode is Mode.BULK and not people.listed:
            self._report(users.NAME, 0, "", "has nobody of this school", Weight.FATAL)
        return people

    def _read_birth_dates(
        self, people: Container[str] | None, today: date
    ) -> Mapping[str, BirthDate]:
        birth_dates: dict[str, BirthDate] = {}
        mode = self._modes["demographics"]
        for line in self._lines("demographics", ("sourcedId", "birthDate")):
            if reason := _why_not_birth_date(line, mode, people, today):
                self._report("demographics.csv", line.number, *reason)
            elif line["sourcedId"] in birth_dates:
                first = birth_dates[line["sourcedId"]].line
                reason = ("sourcedId", f"is the same as in line {first}")
                self._report("demographics.csv", line.number, *reason)
            elif status_of(line, mode) is Status.ACTIVE:
                birth_dates[line["sourcedId"]] = BirthDate(
                    line=line.number, born_on=day_of(line["birthDate"])
                )
        return birth_dates

    def _read_homerooms(self, people: Container[str] | None, today: date) -> Homerooms:
        homerooms = Homerooms(
            classes=self._modes["classes"], enrolments=self._modes["enrollments"], today=today
        )
        for line in self._lines("classes", enrolments.CLASSES_NEEDED):
            homerooms.take_class(line)
        for line in self._lines("enrollments", enrolments.ENROLMENTS_NEEDED):
            homerooms.take_enrolment(line, people)
        return homerooms

    def _lines(self, file: str, needed: Sequence[str]) -> Iterator[Line]:
        if self._modes[file] is Mode.ABSENT:
            return
        for line in lines_of(self._folder / f"{file}.csv", needed=needed):
            self._rows += 1
            yield line

    def _report(
        self, file: str, line: int, column: str, reason: str, weight: Weight = Weight.BAD_ROW
    ) -> None:
        self._problems.append(Problem(file, line, column, reason, weight))


def _why_not_birth_date(
    line: Line, mode: Mode, people: Container[str] | None, today: date
) -> tuple[str, str] | None:
    if line.reason:
        return "", line.reason
    if not line["sourcedId"]:
        return "sourcedId", "is empty"
    if people is not None and line["sourcedId"] not in people:
        return "sourcedId", "is nobody in users.csv"
    if status_of(line, mode) is None:
        return "status", "must be active or tobedeleted"
    if not line["birthDate"]:
        return None
    born_on = day_of(line["birthDate"])
    if born_on is None:
        return "birthDate", "is not a date (YYYY-MM-DD)"
    return None if _EARLIEST <= born_on <= today else ("birthDate", "is not a pupil's")
