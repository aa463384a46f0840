"""classes.csv and enrollments.csv: the homeroom class of each pupil.

Source: formats, “OneRoster 1.1 CSV”.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date

from schools.mis.csv_file import Line
from schools.mis.manifest import Mode
from schools.mis.people import Role, Status, day_of, status_of
from schools.mis.problems import Problem
from schools.mis.rows import ClassPlace

CLASSES = "classes.csv"
CLASSES_NEEDED = ("sourcedId", "title", "classType")
ENROLMENTS = "enrollments.csv"
ENROLMENTS_NEEDED = ("classSourcedId", "userSourcedId", "role")

#: As long as the column that it goes into.
MAX_CLASS_NAME = 60

_HOMEROOM = "homeroom"
_CLASS_TYPES = {_HOMEROOM, "scheduled"}


@dataclass(frozen=True)
class _Place:
    # Ordered best first: now rather than then, primary, first in the file.
    rank: tuple[int, int, int]
    title: str


class Homerooms:
    """Collects classes.csv, then enrollments.csv, row by row.

    Attributes:
        problems: What is wrong.
    """

    def __init__(self, *, classes: Mode, enrolments: Mode, today: date) -> None:
        self.problems: list[Problem] = []
        self._classes_mode = classes
        self._enrolments_mode = enrolments
        self._today = today
        self._titles: dict[str, str] = {}
        self._known: set[str] = set()
        self._places: dict[str, list[_Place]] = {}
        self._left: dict[str, set[str]] = {}
        self._lines: dict[str, int] = {}

    def take_class(self, line: Line) -> None:
        """Read one row of classes.csv."""
        self._known.add(line["sourcedId"])
        reason = self._why_not_class(line)
        if reason:
            self.problems.append(Problem(CLASSES, line.number, *reason))
        elif line["classType"] == _HOMEROOM:
            self._titles[line["sourcedId"]] = line["title"]

    def take_enrolment(self, line: Line, people: Container[str] | None) -> None:
        """Read one row of enrollments.csv.

        Args:
            line: The row.
            people: Everybody in users.csv, None if that file does not name everybody.
        """
        if reason := self._why_not_enrolment(line, people):
            self.problems.append(Problem(ENROLMENTS, line.number, *reason))
            return
        title = self._titles.get(line["classSourcedId"])
        if title is None or line["role"] != Role.STUDENT:
            return
        pupil = line["userSourcedId"]
        self._lines.setdefault(pupil, line.number)
        if status_of(line, self._enrolments_mode) is Status.GONE:
            self._left.setdefault(pupil, set()).add(title)
        else:
            place = _Place(self._rank(line), title)
            self._places.setdefault(pupil, []).append(place)

    def places(self, pupils: frozenset[str]) -> dict[str, ClassPlace]:
        """Return what the files say of each pupil's class: sourcedId -> place.

        Args:
            pupils: Everybody of whom a bulk file says, by silence, that they have no class.
        """
        if Mode.ABSENT in {self._classes_mode, self._enrolments_mode}:
            return {}
        is_all = self._classes_mode is self._enrolments_mode is Mode.BULK
        spoken_of = set(self._lines) | (set(pupils) if is_all else set())
        return {pupil: self._place(pupil) for pupil in spoken_of}

    def _place(self, pupil: str) -> ClassPlace:
        places = self._places.get(pupil, ())
        return ClassPlace(
            line=self._lines.get(pupil, 0),
            title=min(places, key=lambda place: place.rank).title if places else "",
            left=frozenset(self._left.get(pupil, ())) if not places else frozenset(),
        )

    def _rank(self, line: Line) -> tuple[int, int, int]:
        begins = day_of(line["beginDate"]) or date.min
        ends = day_of(line["endDate"]) or date.max
        # In the holidays last year's class is a better answer than none or than next year's.
        when = 0 if begins <= self._today < ends else 1 if ends <= self._today else 2
        return when, line["primary"] != "true", line.number

    def _why_not_class(self, line: Line) -> tuple[str, str] | None:
        if line.reason:
            return "", line.reason
        if not line["sourcedId"]:
            return "sourcedId", "is empty"
        if status_of(line, self._classes_mode) is None:
            return "status", "must be active or tobedeleted"
        if line["classType"] not in _CLASS_TYPES:
            return "classType", "must be homeroom or scheduled"
        if not line["title"]:
            return "title", "is empty"
        if len(line["title"]) > MAX_CLASS_NAME:
            return "title", f"is longer than {MAX_CLASS_NAME} characters"
        return None

    def _why_not_enrolment(
        self, line: Line, people: Container[str] | None
    ) -> tuple[str, str] | None:
        if line.reason:
            return "", line.reason
        if status_of(line, self._enrolments_mode) is None:
            return "status", "must be active or tobedeleted"
        if line["role"] not in set(Role):
            return "role", "is not a role of OneRoster 1.1"
        if not line["userSourcedId"]:
            return "userSourcedId", "is empty"
        if people is not None and line["userSourcedId"] not in people:
            return "userSourcedId", "is nobody in users.csv"
        if self._classes_mode is Mode.BULK and line["classSourcedId"] not in self._known:
            return "classSourcedId", "is no class in classes.csv"
        return self._why_not_day(line)

    def _why_not_day(self, line: Line) -> tuple[str, str] | None:
        for column in ("beginDate", "endDate"):
            if line[column] and day_of(line[column]) is None:
                return column, "is not a date (YYYY-MM-DD)"
        return None
