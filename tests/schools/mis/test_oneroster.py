"""A folder with an export, read."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.demo_data.invented import GREENWOOD, HILLSIDE
from infra.demo_data.make import export
from schools.mis.problems import Weight
from schools.upn import is_temporary
from tests.schools.mis.exports import (
    enrolment,
    homeroom,
    pupil,
    read,
    said,
    teacher,
    write_export,
)

DEMO = Path(__file__).parents[3] / "infra" / "demo_data"
VALID_UPN = "H801200001001"


# The folder and its manifest --------------------------------------------------------------------


def test_pupils_and_staff_are_told_apart_by_role(tmp_path):
    users = [pupil("p1"), teacher("t1"), teacher("t2", role="aide")]
    users += [{**teacher("g1"), "role": role, "sourcedId": role} for role in ("guardian", "parent")]
    roster = read(write_export(tmp_path, users=users))
    assert [row.sourced_id for row in roster.students] == ["p1"]
    assert [row.sourced_id for row in roster.staff] == ["t1", "t2"]
    assert roster.ignored == 2
    assert roster.is_everyone
    assert not roster.problems


@pytest.mark.parametrize(
    ("manifest", "column"),
    [
        ({"oneroster.version": "1.2"}, "oneroster.version"),
        ({"manifest.version": ""}, "manifest.version"),
        ({"file.users": "Bulk"}, "file.users"),
        ({"file.users": "absent"}, "file.users"),
    ],
)
def test_a_manifest_that_is_not_understood_refuses_everything(tmp_path, manifest, column):
    said_so = {
        "manifest.version": "1.0",
        "oneroster.version": "1.1",
        "file.users": "bulk",
        **manifest,
    }
    lines = "".join(f"{name},{value}\n" for name, value in said_so.items())
    write_export(tmp_path, users=[pupil("p1")])
    (tmp_path / "manifest.csv").write_text(f"propertyName,value\n{lines}")
    (problem,) = read(tmp_path).problems
    assert (problem.file, problem.column) == ("manifest.csv", column)
    assert problem.weight is Weight.FATAL


def test_a_folder_without_a_manifest(tmp_path):
    assert said(read(tmp_path), Weight.FATAL) == [("manifest.csv", 0, "")]


def test_a_file_that_the_manifest_promises_must_be_there(tmp_path):
    write_export(tmp_path, users=[pupil("p1")], demographics=[])
    (tmp_path / "demographics.csv").unlink()
    assert said(read(tmp_path), Weight.FATAL) == [("demographics.csv", 0, "")]


def test_a_file_that_the_manifest_calls_absent_is_left_alone(tmp_path):
    days = [{"sourcedId": "p1", "birthDate": "rubbish"}]
    folder = write_export(
        tmp_path, modes={"demographics": "absent"}, users=[pupil("p1")], demographics=days
    )
    assert not read(folder).problems


def test_a_bulk_file_with_nobody_in_it_refuses_everything(tmp_path):
    assert said(read(write_export(tmp_path, users=[])), Weight.FATAL) == [("users.csv", 0, "")]


# Whose rows -------------------------------------------------------------------------------------

TRUST = [
    {"sourcedId": "o1", "type": "school", "identifier": "123456"},
    {"sourcedId": "o2", "type": "school", "identifier": "123457"},
    {"sourcedId": "o3", "type": "district", "identifier": ""},
]


def test_t22_pupils_of_a_trusts_other_school_are_not_read(tmp_path):
    users = [pupil("p1"), pupil("p2", orgSourcedIds="o2"), pupil("p3", orgSourcedIds="o2,o1")]
    roster = read(write_export(tmp_path, orgs=TRUST, users=users))
    assert [row.sourced_id for row in roster.students] == ["p1", "p3"]
    assert roster.listed == {"p1", "p3"}
    assert roster.ignored == 1


def test_t22_several_schools_and_none_of_them_ours(tmp_path):
    folder = write_export(tmp_path, orgs=TRUST, users=[pupil("p1")])
    assert said(read(folder, urn="999999"), Weight.FATAL) == [("orgs.csv", 0, "identifier")]


def test_t22_several_schools_and_no_orgs_to_tell_them_apart(tmp_path):
    users = [pupil("p1"), pupil("p2", orgSourcedIds="o2"), pupil("p3", orgSourcedIds="o3")]
    roster = read(write_export(tmp_path, users=users))
    assert said(roster, Weight.FATAL) == [("users.csv", 3, "orgSourcedIds")]


def test_another_urn_than_the_schools_is_noticed(tmp_path):
    folder = write_export(tmp_path, orgs=TRUST[:1], users=[pupil("p1")])
    assert not read(folder).problems
    assert said(read(folder, urn="999999"), Weight.NOTICE) == [("orgs.csv", 0, "identifier")]


# Rows of users.csv ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (pupil(""), "sourcedId"),
        (pupil("x" * 256), "sourcedId"),
        (pupil("p1", role="Student"), "role"),
        (pupil("p1", role="Elsie"), "role"),
        (pupil("p1", role=""), "role"),
        (pupil("p1", status="inactive"), "status"),
        (pupil("p1", givenName=""), "givenName"),
        (pupil("p1", familyName=" "), "familyName"),
        (pupil("p1", familyName="x" * 101), "familyName"),
        (pupil("p1", identifier="x" * 33), "identifier"),
        (teacher("t1", email=""), "email"),
        (teacher("t1", email="tom.okafor"), "email"),
        (teacher("t1", email="tom@school.example\nBcc: all@school.example"), "email"),
        (teacher("t1", email=f"{'x' * 250}@school.example"), "email"),
        (teacher("t1", enabledUser="yes"), "enabledUser"),
    ],
)
def test_a_bad_row_is_reported_with_file_line_and_column(tmp_path, row, column):
    roster = read(write_export(tmp_path, users=[pupil("p0"), row]))
    assert said(roster) == [("users.csv", 3, column)]
    assert [one.sourced_id for one in (*roster.students, *roster.staff)] == ["p0"]


def test_every_bad_row_is_reported_at_once(tmp_path):
    users = [pupil("p1", givenName="", familyName=""), teacher("t1", email=""), pupil("")]
    assert said(read(write_export(tmp_path, users=users))) == [
        ("users.csv", 2, "familyName"),
        ("users.csv", 2, "givenName"),
        ("users.csv", 3, "email"),
        ("users.csv", 4, "sourcedId"),
    ]


@pytest.mark.parametrize(
    ("users", "column"),
    [
        ([pupil("p1"), pupil("p1")], "sourcedId"),
        ([pupil("p1", identifier=VALID_UPN), pupil("p2", identifier=VALID_UPN)], "identifier"),
        ([teacher("t1", email="a@b.example"), teacher("t2", email="A@B.example")], "email"),
    ],
)
def test_what_must_be_unique_names_the_other_line(tmp_path, users, column):
    roster = read(write_export(tmp_path, users=users))
    assert said(roster) == [("users.csv", 3, column)]
    assert "line 2" in roster.problems[0].reason


@pytest.mark.parametrize(
    ("cells", "upn", "is_valid"),
    [
        ({"userIds": f"{{UPN:{VALID_UPN}}}"}, VALID_UPN, True),
        ({"userIds": f"{{MIS:7}},{{upn: {VALID_UPN.lower()}}}"}, VALID_UPN, True),
        ({"userIds": "{MIS:7}", "identifier": "H801 2000 01001"}, VALID_UPN, True),
        ({"userIds": f"{{UPN:{VALID_UPN}}}", "identifier": "7"}, VALID_UPN, True),
        ({"identifier": "j80120 0001001"}, "j80120 0001001", False),
        ({"userIds": "{UPN:H80120000100}"}, "H80120000100", False),
        ({}, "", True),
    ],
)
def test_a_wrong_upn_is_kept_as_given_and_flagged(tmp_path, cells, upn, is_valid):
    roster = read(write_export(tmp_path, users=[pupil("p1", **cells)]))
    (student,) = roster.students
    assert (student.upn, student.upn_is_valid) == (upn, is_valid)
    assert len(said(roster, Weight.NOTICE)) == (not is_valid)


def test_an_unknown_grade_is_kept_and_reported(tmp_path):
    users = [pupil("p1", grades="14"), pupil("p2", grades="Mars"), pupil("p3", grades="UG,05")]
    users += [pupil("p4", grades=""), pupil("p5", grades="a class of its own")]
    roster = read(write_export(tmp_path, users=users))
    assert [row.year_group for row in roster.students] == ["14", "Mars", "5", "", ""]
    assert said(roster, Weight.NOTICE) == [("users.csv", line, "grades") for line in (2, 3, 6)]
    assert "(14)" in roster.problems[0].reason
    assert "Mars" not in roster.problems[1].reason


def test_g1_02_a_password_is_ignored_and_said_to_be_once(tmp_path):
    users = [teacher("t1", password="secret1"), teacher("t2", password="secret2")]
    roster = read(write_export(tmp_path, users=users))
    assert said(roster, Weight.NOTICE) == [("users.csv", 2, "password")]
    assert len(roster.staff) == 2
    assert "secret1" not in str(roster.problems[0])


def test_a_row_that_hides_whose_it_is_stops_the_guessing_of_leavers(tmp_path):
    roster = read(write_export(tmp_path, users=[pupil("p1"), pupil("")]))
    assert roster.is_bulk
    assert not roster.is_everyone


def test_the_owner_of_a_bad_row_is_listed_all_the_same(tmp_path):
    roster = read(write_export(tmp_path, users=[pupil("p1"), pupil("p2", givenName="")]))
    assert roster.listed == {"p1", "p2"}
    assert roster.is_everyone


def test_delta_rows_say_who_has_gone(tmp_path):
    users = [
        pupil("p1", status="active"),
        {"sourcedId": "p2", "status": "tobedeleted"},
        pupil("p3"),
    ]
    roster = read(write_export(tmp_path, modes={"users": "delta"}, users=users))
    assert [row.sourced_id for row in roster.students] == ["p1"]
    assert roster.gone == {"p2": 3}
    assert said(roster) == [("users.csv", 4, "status")]
    assert not roster.is_everyone


# The other files --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("01/09/2018", "birthDate"),
        ("2018-02-30", "birthDate"),
        ("20180901", "birthDate"),
        ("2026-11-24", "birthDate"),
        ("1018-09-01", "birthDate"),
    ],
)
def test_a_birth_date_that_is_none(tmp_path, text, column):
    days = [{"sourcedId": "p1", "birthDate": text}]
    roster = read(write_export(tmp_path, users=[pupil("p1")], demographics=days))
    assert said(roster) == [("demographics.csv", 2, column)]
    assert not roster.birth_dates


def test_birth_dates(tmp_path):
    days = [
        {"sourcedId": "p1", "birthDate": "2018-09-01"},
        {"sourcedId": "p2", "birthDate": ""},
        {"sourcedId": "p1", "birthDate": "2018-09-02"},
        {"sourcedId": "p9", "birthDate": "2018-09-02"},
        {"sourcedId": "", "birthDate": "2018-09-02"},
    ]
    roster = read(write_export(tmp_path, users=[pupil("p1"), pupil("p2")], demographics=days))
    assert {key: one.born_on for key, one in roster.birth_dates.items()} == {
        "p1": date(2018, 9, 1),
        "p2": None,
    }
    assert said(roster) == [("demographics.csv", line, "sourcedId") for line in (4, 5, 6)]


def titles(roster):
    return {pupil: place.title for pupil, place in roster.classes.items()}


CLASSES = [
    homeroom("c1", "4B"),
    homeroom("c2", "4C"),
    homeroom("c3", "Spanish", classType="scheduled"),
]


def test_the_class_is_the_homeroom_class(tmp_path):
    folder = write_export(
        tmp_path,
        users=[pupil("p1"), pupil("p2"), teacher("t1")],
        classes=CLASSES,
        enrollments=[
            enrolment("p1", "c3"),
            enrolment("p1", "c1"),
            enrolment("t1", "c1", role="teacher"),
        ],
    )
    roster = read(folder)
    assert not roster.problems
    assert titles(roster) == {"p1": "4B", "p2": ""}


@pytest.mark.parametrize(
    ("first", "second", "title"),
    [
        ({}, {}, "4B"),
        ({}, {"primary": "true"}, "4C"),
        ({"endDate": "2026-07-20", "primary": "true"}, {}, "4C"),
        ({"beginDate": "2027-09-01"}, {"endDate": "2026-07-20"}, "4C"),
        ({"beginDate": "2026-09-01", "endDate": "2027-07-20"}, {"beginDate": "2027-09-01"}, "4B"),
        ({"endDate": "2026-11-23"}, {}, "4C"),
    ],
)
def test_of_two_homerooms_the_present_one_then_the_primary_one(tmp_path, first, second, title):
    places = [enrolment("p1", "c1", **first), enrolment("p1", "c2", **second)]
    folder = write_export(tmp_path, users=[pupil("p1")], classes=CLASSES, enrollments=places)
    assert titles(read(folder)) == {"p1": title}


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (enrolment("p9", "c1"), "userSourcedId"),
        (enrolment("", "c1"), "userSourcedId"),
        (enrolment("p1", "c9"), "classSourcedId"),
        (enrolment("p1", "c1", role="pupil"), "role"),
        (enrolment("p1", "c1", status="gone"), "status"),
        (enrolment("p1", "c1", endDate="20/07/2026"), "endDate"),
    ],
)
def test_a_bad_enrolment(tmp_path, row, column):
    folder = write_export(tmp_path, users=[pupil("p1")], classes=CLASSES, enrollments=[row])
    assert said(read(folder)) == [("enrollments.csv", 2, column)]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (homeroom("", "4B"), "sourcedId"),
        (homeroom("c1", ""), "title"),
        (homeroom("c1", "x" * 61), "title"),
        (homeroom("c1", "4B", classType="Homeroom"), "classType"),
        (homeroom("c1", "4B", status="gone"), "status"),
    ],
)
def test_a_bad_class(tmp_path, row, column):
    folder = write_export(tmp_path, users=[pupil("p1")], classes=[row], enrollments=[])
    assert said(read(folder)) == [("classes.csv", 2, column)]


def test_without_classes_nothing_is_said_of_anybodys_class(tmp_path):
    folder = write_export(tmp_path, users=[pupil("p1")], enrollments=[enrolment("p1", "c1")])
    assert titles(read(folder)) == {}


def test_delta_enrolments_speak_only_of_those_they_name(tmp_path):
    folder = write_export(
        tmp_path,
        modes={"users": "delta", "enrollments": "delta"},
        users=[pupil("p1", status="active"), pupil("p2", status="active")],
        classes=CLASSES,
        enrollments=[enrolment("p1", "c1", status="tobedeleted")],
    )
    roster = read(folder)
    assert titles(roster) == {"p1": ""}
    assert roster.classes["p1"].left == {"4B"}


# Everything at once -----------------------------------------------------------------------------


@pytest.mark.parametrize(("school", "folder"), [(GREENWOOD, "greenwood"), (HILLSIDE, "hillside")])
def test_the_demo_schools_are_what_their_script_makes(tmp_path, school, folder):
    export(school, tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in (DEMO / folder).iterdir()}


@pytest.mark.parametrize(
    ("school", "folder", "pupils", "staff"),
    [(GREENWOOD, "greenwood", 210, 24), (HILLSIDE, "hillside", 420, 45)],
)
def test_the_demo_schools_are_read_without_a_problem(school, folder, pupils, staff):
    roster = read(DEMO / folder, urn=school.urn)
    assert not roster.problems
    assert (len(roster.students), len(roster.staff)) == (pupils, staff)
    assert all(student.upn_is_valid for student in roster.students)
    assert any(is_temporary(student.upn) for student in roster.students)
    assert all(titles(roster)[student.sourced_id] for student in roster.students)
    for student in roster.students:
        year = 0 if student.year_group == "R" else int(student.year_group)
        born_on = roster.birth_dates[student.sourced_id].born_on
        assert date(2021 - year, 9, 1) <= born_on <= date(2022 - year, 8, 31)


MARK = "§"
cells = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
columns = st.sampled_from(
    ["sourcedId", "role", "givenName", "familyName", "email", "identifier", "userIds", "grades"]
)


@given(
    changes=st.lists(st.tuples(st.integers(0, 2), columns, cells), max_size=5),
    mode=st.sampled_from(["bulk", "delta"]),
)
def test_any_cells_are_read_or_reported_and_never_repeated(changes, mode, tmp_path_factory):
    users = [dict(pupil("p1")), dict(pupil("p2")), dict(teacher("t1"))]
    for row, column, text in changes:
        users[row][column] = MARK + text
    folder = tmp_path_factory.mktemp("export")
    roster = read(write_export(folder, modes={"users": mode}, users=users))
    assert all(problem.reason and MARK not in problem.reason for problem in roster.problems)
    assert len({row.sourced_id for row in (*roster.students, *roster.staff)}) == len(
        roster.students
    ) + len(roster.staff)
