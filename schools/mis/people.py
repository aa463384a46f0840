"""users.csv: pupils and staff, with everything that is wrong in a row said at once.

Source: formats, “OneRoster 1.1 CSV”, “Unique Pupil Number (DfE)”, “School year groups”.
"""

import re
from datetime import date
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from schools import upn as upns
from schools.mis.csv_file import Line
from schools.mis.grades import is_code, year_group_of
from schools.mis.manifest import Mode
from schools.mis.problems import Problem, Weight
from schools.mis.rows import StaffRow, StudentRow

NAME = "users.csv"
NEEDED = (
    "sourcedId",
    "role",
    "givenName",
    "familyName",
    "email",
    "grades",
    "identifier",
    "userIds",
)

# As long as the columns that they go into.
MAX_NAME = 100
MAX_EMAIL = 254
MAX_UPN = 32
MAX_YEAR_GROUP = 10
MAX_SOURCED_ID = 255

_USER_ID = re.compile(r"\{([^:{}]*):([^{}]*)\}")


class Role(StrEnum):
    """The standard's roles."""

    ADMINISTRATOR = "administrator"
    AIDE = "aide"
    GUARDIAN = "guardian"
    PARENT = "parent"
    PROCTOR = "proctor"
    RELATIVE = "relative"
    STUDENT = "student"
    TEACHER = "teacher"


_STAFF = {Role.ADMINISTRATOR, Role.AIDE, Role.PROCTOR, Role.TEACHER}


class Status(StrEnum):
    """Whether a row says that its subject is there or has gone."""

    ACTIVE = "active"
    GONE = "tobedeleted"


def status_of(line: Line, mode: Mode) -> Status | None:
    """Return the row's status, None if it is none; a bulk file need not say it."""
    text = line["status"]
    if not text and mode is Mode.BULK:
        return Status.ACTIVE
    return Status(text) if text in set(Status) else None


def day_of(text: str) -> date | None:
    """Read an ISO 8601 calendar date, None if it is none."""
    try:
        return date.fromisoformat(text) if len(text) == len("2020-01-31") else None
    except ValueError:
        return None


class People:
    """Collects users.csv row by row.

    Attributes:
        students: Pupils of this school.
        staff: Staff of this school.
        gone: sourcedId -> line of people who have left.
        lines: sourcedId -> first line, everybody in the file.
        listed: sourcedIds of this school's people, bad rows and all.
        ignored: Rows of people who are not imported.
        problems: What is wrong.
    """

    def __init__(self, *, mode: Mode, org: str | None) -> None:
        self.students: list[StudentRow] = []
        self.staff: list[StaffRow] = []
        self.gone: dict[str, int] = {}
        self.lines: dict[str, int] = {}
        self.listed: set[str] = set()
        self.ignored = 0
        self.problems: list[Problem] = []
        self._mode = mode
        self._org = org
        self._common_orgs: set[str] | None = None
        self._upns: dict[str, int] = {}
        self._emails: dict[str, int] = {}
        self._has_password = False

    @property
    def hides_somebody(self) -> bool:
        """Whether it is not known of every row whose it is."""
        return any(
            problem.weight is Weight.BAD_ROW and problem.column in {"", "sourcedId"}
            for problem in self.problems
        )

    def take(self, line: Line) -> None:
        """Read one row."""
        sourced_id = self._identified(line)
        if sourced_id is None or not self._is_ours(line):
            return
        self.listed.add(sourced_id)
        if line["password"]:
            self._note_password(line)
        status = status_of(line, self._mode)
        if status is None:
            self._report(line, "status", "must be active or tobedeleted")
        elif status is Status.GONE:
            self.gone[sourced_id] = line.number
        else:
            self._take_active(line, sourced_id)

    def _identified(self, line: Line) -> str | None:
        sourced_id = line["sourcedId"]
        if line.reason:
            self._report(line, "", line.reason)
        elif not sourced_id:
            self._report(line, "sourcedId", "is empty")
        elif len(sourced_id) > MAX_SOURCED_ID:
            self._report(line, "sourcedId", f"is longer than {MAX_SOURCED_ID} characters")
        elif sourced_id in self.lines:
            self._report(line, "sourcedId", f"is the same as in line {self.lines[sourced_id]}")
        else:
            self.lines[sourced_id] = line.number
            return sourced_id
        if sourced_id:
            self.lines.setdefault(sourced_id, line.number)
            self.listed.add(sourced_id)
        return None

    def _is_ours(self, line: Line) -> bool:
        orgs = set(line.each("orgSourcedIds"))
        if self._org is not None:
            is_ours = not orgs or self._org in orgs
            self.ignored += not is_ours
            return is_ours
        if orgs and self._common_orgs != set():
            self._common_orgs = orgs if self._common_orgs is None else self._common_orgs & orgs
            if not self._common_orgs:
                reason = "people of several schools, and orgs.csv does not say which is this one"
                self._report(line, "orgSourcedIds", reason, Weight.FATAL)
        return True

    def _take_active(self, line: Line, sourced_id: str) -> None:
        if line["role"] not in set(Role):
            self._report(line, "role", _why_not_role(line["role"]))
            return
        is_student, is_staff = line["role"] == Role.STUDENT, line["role"] in _STAFF
        if not (is_student or is_staff):
            self.ignored += 1
        elif self._is_well_named(line):
            (self._take_student if is_student else self._take_staff)(line, sourced_id)

    def _is_well_named(self, line: Line) -> bool:
        before = len(self.problems)
        for column in ("givenName", "familyName"):
            if not line[column]:
                self._report(line, column, "is empty")
            elif len(line[column]) > MAX_NAME:
                self._report(line, column, f"is longer than {MAX_NAME} characters")
        return len(self.problems) == before

    def _take_student(self, line: Line, sourced_id: str) -> None:
        column, upn = _upn_in(line)
        if len(upn) > MAX_UPN:
            self._report(line, column, f"is longer than {MAX_UPN} characters")
            return
        fault = upns.fault_of(upn) if upn else None
        if fault:
            self._report(line, column, f"UPN {fault.sentence}; kept as given", Weight.NOTICE)
        elif upn and upn in self._upns:
            self._report(line, column, f"UPN is the same as in line {self._upns[upn]}")
            return
        elif upn:
            self._upns[upn] = line.number
        self.students.append(
            StudentRow(
                line=line.number,
                sourced_id=sourced_id,
                given_name=line["givenName"],
                family_name=line["familyName"],
                upn=upn,
                upn_is_valid=fault is None,
                year_group=self._year_group(line),
            )
        )

    def _year_group(self, line: Line) -> str:
        grades = line.each("grades")
        if not grades:
            return ""
        if year_group := next(filter(None, map(year_group_of, grades)), None):
            return year_group.value
        grade = grades[0] if len(grades[0]) <= MAX_YEAR_GROUP else ""
        shown = f" ({grade})" if is_code(grade) else ""
        kept = "kept as given" if grade else "and too long to keep"
        self._report(line, "grades", f"no known year group{shown}; {kept}", Weight.NOTICE)
        return grade

    def _take_staff(self, line: Line, sourced_id: str) -> None:
        email = line["email"].lower()
        if reason := self._why_not_email(email):
            self._report(line, "email", reason)
            return
        if line["enabledUser"] not in {"", "true", "false"}:
            self._report(line, "enabledUser", "must be true or false")
            return
        self._emails[email] = line.number
        self.staff.append(
            StaffRow(
                line=line.number,
                sourced_id=sourced_id,
                given_name=line["givenName"],
                family_name=line["familyName"],
                email=email,
                is_enabled=line["enabledUser"] != "false",
            )
        )

    def _why_not_email(self, email: str) -> str:
        if not email:
            return "is empty, and staff log in with it"
        if email in self._emails:
            return f"is the same as in line {self._emails[email]}"
        try:
            validate_email(email)
        except ValidationError:
            return "is not an email address"
        return f"is longer than {MAX_EMAIL} characters" if len(email) > MAX_EMAIL else ""

    def _note_password(self, line: Line) -> None:
        if not self._has_password:
            self._has_password = True
            reason = "passwords in this file are ignored: nobody is given one"
            self._report(line, "password", reason, Weight.NOTICE)

    def _report(
        self, line: Line, column: str, reason: str, weight: Weight = Weight.BAD_ROW
    ) -> None:
        self.problems.append(Problem(NAME, line.number, column, reason, weight))


def _upn_in(line: Line) -> tuple[str, str]:
    for pair in line.each("userIds"):
        match = _USER_ID.fullmatch(pair)
        if match and match[1].strip().upper() == "UPN" and match[2].strip():
            return "userIds", upns.tidied(match[2])
    return "identifier", upns.tidied(line["identifier"])


def _why_not_role(role: str) -> str:
    if role.lower() in set(Role):
        return f"is not a role; capitals matter ({role.lower()})"
    return "is not a role of OneRoster 1.1" if role else "is empty"
