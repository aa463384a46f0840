"""Makes the demo schools' exports: ``python -m infra.demo_data.make`` from the repository's root.

Seeded, so that the same files come out every time. Everybody is invented.
"""

import csv
import random
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from uuid import UUID

from infra.demo_data import names
from infra.demo_data.invented import GREENWOOD, HILLSIDE, Name, School
from schools.upn import LETTERS, check_letter

#: The academic year that the pupils' ages fit: it begins on 1 September of this year.
YEAR_BEGINS = 2026

Row = Mapping[str, str]

HEADERS = {
    "manifest": "propertyName,value",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,"
    "parentSourcedId,schoolYear",
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "courses": "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,"
    "orgSourcedId,subjects,subjectCodes",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,"
    "location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "users": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
    "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    "demographics": "sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,"
    "asian,blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,"
    "demographicRaceTwoOrMoreRaces,hispanicOrLatinoEthnicity,countryOfBirthCode,"
    "stateOfBirthAbbreviation,cityOfBirth,publicSchoolResidenceStatus",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,"
    "userSourcedId,role,primary,beginDate,endDate",
}
ABSENT = ("categories", "classResources", "courseResources", "lineItems", "resources", "results")


def export(school: School, folder: Path) -> None:
    """Write the school's export into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, rows in _Export(school).files().items():
        _write(folder / f"{file}.csv", HEADERS[file].split(","), rows, school)


def _write(path: Path, header: list[str], rows: Iterable[Row], school: School) -> None:
    encoding = "utf-8-sig" if school.is_excel else "utf-8"
    with path.open("w", encoding=encoding, newline="") as text:
        line_end = "\r\n" if school.is_excel else "\n"
        writer = csv.DictWriter(text, header, restval="", lineterminator=line_end)
        writer.writeheader()
        writer.writerows(rows)


class _Export:
    def __init__(self, school: School) -> None:
        self._school = school
        self._random = random.Random(school.seed)  # noqa: S311 - invented names, no secret
        self._taken: set[Name] = {name for some in school.pupils.values() for name in some}
        self._upns: set[str] = set()
        self._namesakes: Counter[str] = Counter()
        self._org = self._id()
        self._year = self._id()
        self._rows: dict[str, list[Row]] = {file: [] for file in HEADERS}

    def files(self) -> Mapping[str, list[Row]]:
        org = {"name": self._school.name, "type": "school", "identifier": self._school.urn}
        self._rows["orgs"].append({"sourcedId": self._org, **org})
        self._add_sessions()
        teachers = self._add_staff()
        courses = {
            title: self._add("courses", title=title, orgSourcedId=self._org)
            for title in ("Registration", *self._school.subjects)
        }
        self._add_classes(courses, teachers)
        self._rows["manifest"] = list(_manifest(self._school.name))
        return self._rows

    def _id(self) -> str:
        return str(UUID(int=self._random.getrandbits(128), version=4))

    def _add(self, file: str, **cells: str) -> str:
        sourced_id = self._id()
        self._rows[file].append({"sourcedId": sourced_id, **cells})
        return sourced_id

    def _add_sessions(self) -> None:
        first, last = date(YEAR_BEGINS, 9, 1), date(YEAR_BEGINS + 1, 8, 31)
        year = {"schoolYear": str(last.year)}
        days = {"startDate": str(first), "endDate": str(last)}
        title = f"{first.year}/{last.year % 100}"
        row = {"sourcedId": self._year, "title": title, "type": "schoolYear", **days, **year}
        self._rows["academicSessions"].append(row)
        for title, start, end in (
            ("Autumn term", date(first.year, 9, 1), date(first.year, 12, 18)),
            ("Spring term", date(last.year, 1, 4), date(last.year, 3, 25)),
            ("Summer term", date(last.year, 4, 12), date(last.year, 7, 21)),
        ):
            days = {"startDate": str(start), "endDate": str(end)}
            parent = {"parentSourcedId": self._year}
            self._add("academicSessions", title=title, type="term", **days, **parent, **year)

    def _add_staff(self) -> list[str]:
        people = list(self._school.staff)
        given, family = names.words(names.STAFF_GIVEN), names.words(names.STAFF_FAMILY)
        self._random.shuffle(given)
        self._random.shuffle(family)
        unnamed = zip(cycle(given), cycle(family), strict=False)
        for role, number in self._school.staff_roles.items():
            for _ in range(number - sum(role == one[3] for one in self._school.staff)):
                first, last = next(unnamed)
                people.append((self._new_address(first, last), first, last, role))
        added = [(role, self._add_user(role, first, last, email=email))
                 for email, first, last, role in people]  # fmt: skip
        return [sourced_id for role, sourced_id in added if role == "teacher"]

    def _new_address(self, given: str, family: str) -> str:
        plain = unicodedata.normalize("NFD", f"{given[0]}.{family}").lower()
        name = "".join(one for one in plain if one in "abcdefghijklmnopqrstuvwxyz.-")
        self._namesakes[name] += 1
        number = self._namesakes[name] if self._namesakes[name] > 1 else ""
        return f"{name}{number}@{self._school.domain}"

    def _add_user(self, role: str, given: str, family: str, **cells: str) -> str:
        username = cells.get("email", "") or f"pupil{len(self._rows['users']):04}"
        return self._add(
            "users",
            enabledUser="true",
            orgSourcedIds=self._org,
            role=role,
            username=username,
            givenName=given,
            familyName=family,
            **cells,
        )

    def _add_classes(self, courses: Mapping[str, str], teachers: list[str]) -> None:
        teacher = cycle(teachers)
        wanted = {year: list(pupils) for year, pupils in self._school.pupils.items()}
        of_year: dict[int, list[str]] = {}
        for one in self._school.classes:
            there = self._add_class(one.title, one.year, "homeroom", courses["Registration"])
            self._enrol(there, [next(teacher)], "teacher")
            pupils = [self._add_pupil(one.year, wanted) for _ in range(one.size)]
            self._enrol(there, pupils, "student")
            of_year.setdefault(one.year, []).extend(pupils)
        for year, pupils in of_year.items():
            for subject in self._school.subjects:
                there = self._add_class(
                    f"Year {year} {subject}", year, "scheduled", courses[subject]
                )
                self._enrol(there, [next(teacher)], "teacher")
                self._enrol(there, pupils, "student")

    def _add_class(self, title: str, year: int, kind: str, course: str) -> str:
        return self._add(
            "classes",
            title=title,
            grades=self._grade(year),
            courseSourcedId=course,
            classType=kind,
            schoolSourcedId=self._org,
            termSourcedIds=self._year,
        )

    def _enrol(self, there: str, people: list[str], role: str) -> None:
        for person in people:
            self._add(
                "enrollments",
                classSourcedId=there,
                schoolSourcedId=self._org,
                userSourcedId=person,
                role=role,
                primary="true" if role == "teacher" else "false",
            )

    def _add_pupil(self, year: int, wanted: dict[int, list[Name]]) -> str:
        given, family = wanted[year].pop() if wanted.get(year) else self._new_name()
        upn = self._new_upn(year)
        number = f"{len(self._upns):05}"
        where = (
            {"userIds": f"{{UPN:{upn}}},{{MIS:{number}}}"}
            if self._school.upn_column == "userIds"
            else {"userIds": f"{{MIS:{number}}}", "identifier": upn}
        )
        pupil = self._add_user("student", given, family, grades=self._grade(year), **where)
        begin = date(YEAR_BEGINS - 5 - year, 9, 1)
        born_on = begin + timedelta(days=self._random.randrange(365))
        self._rows["demographics"].append({"sourcedId": pupil, "birthDate": str(born_on)})
        return pupil

    def _grade(self, year: int) -> str:
        return self._school.grade.format(year) if year else "R"

    def _new_name(self) -> Name:
        while True:
            given_of, family_of, other = self._random.choices(
                names.HERITAGES, weights=names.SHARES, k=3
            )
            if self._random.random() > 0.08:
                family_of = given_of
            given = self._random.choice(names.words(given_of[0]))
            family = self._random.choice(names.words(family_of[1]))
            if self._random.random() < 0.05:
                family = f"{family}-{self._random.choice(names.words(other[1]))}"
            if (given, family) not in self._taken:
                self._taken.add((given, family))
                return given, family

    def _new_upn(self, year: int) -> str:
        entry = (YEAR_BEGINS - year) % 100
        while True:
            begin = f"{self._random.choice(self._school.primaries)}{entry:02}"
            serial = f"{self._random.randrange(1, 1000):03}"
            if self._random.random() < 0.03:
                serial = serial[:2] + self._random.choice(LETTERS)
            upn = check_letter(begin + serial) + begin + serial
            if upn not in self._upns:
                self._upns.add(upn)
                return upn


def _manifest(system: str) -> Iterable[Row]:
    said = {"manifest.version": "1.0", "oneroster.version": "1.1"}
    said |= {f"file.{file}": "bulk" for file in HEADERS if file != "manifest"}
    said |= {f"file.{file}": "absent" for file in ABSENT}
    said |= {"source.systemName": f"{system} MIS", "source.systemCode": "demo"}
    return ({"propertyName": name, "value": value} for name, value in said.items())


if __name__ == "__main__":
    here = Path(__file__).parent
    export(GREENWOOD, here / "greenwood")
    export(HILLSIDE, here / "hillside")
