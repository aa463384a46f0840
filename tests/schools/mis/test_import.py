"""An export, imported into a school on a real PostgreSQL."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import User
from core.actors import Actor
from core.audit.models import AuditEntry
from core.tenancy import in_school
from infra.demo_data.invented import GREENWOOD
from schools.mis.problems import Weight
from schools.mis.report import ImportReport
from schools.models import AccessGroup, Staff, Student
from schools.services.mis_import import import_students_and_staff
from tests.factories import make_staff, make_student
from tests.schools.mis.exports import (
    TODAY,
    enrolment,
    homeroom,
    pupil,
    said,
    teacher,
    write_export,
)

DEMO = Path(__file__).parents[3] / "infra" / "demo_data"
UPN, OTHER_UPN = "H801200001001", "K801200001002"

pytestmark = pytest.mark.usefixtures("in_school_a", "on_the_day")


@pytest.fixture
def on_the_day(time_machine: Any) -> None:
    time_machine.move_to("2026-11-23T12:00:00Z", tick=True)


@dataclass
class Mis:
    """Writes an export and imports it."""

    folder: Path

    def export(self, **files: Any) -> Path:
        return write_export(self.folder, **files)

    def take(self, *, options: dict[str, bool] | None = None, **files: Any) -> ImportReport:
        folder = self.export(**files) if files else self.folder
        return import_students_and_staff(actor=Actor(), folder=folder, **(options or {}))


@pytest.fixture
def mis(tmp_path: Path) -> Mis:
    return Mis(tmp_path)


def rows() -> list[Any]:
    """Every row of the tables that an import writes, and who wrote each version of it."""
    with connection.cursor() as cursor:
        found: list[Any] = []
        for model in (Student, Staff, User):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"SELECT xmin::text, t.* FROM {table} t ORDER BY t.id")  # noqa: S608 - our own tables
            found += cursor.fetchall()
    return found


def test_greenwoods_pupils_and_staff_arrive_whole():
    report = import_students_and_staff(actor=Actor(), folder=DEMO / "greenwood")
    assert not report.plan.problems
    maddy = Student.objects.get(given_name="Maddy", family_name="Greenwood")
    assert (maddy.year_group, maddy.class_name, maddy.upn_is_valid) == ("1", "1 Beech", True)
    assert date(2020, 9, 1) <= maddy.born_on <= date(2021, 8, 31)
    assert Student.objects.current().count() == 210
    assert Staff.objects.exclude(sourced_id="").count() == 24
    for email, given, family, _ in GREENWOOD.staff:
        staff = Staff.objects.get(user__email=email)
        assert (staff.given_name, staff.family_name) == (given, family)


def test_a_second_time_no_row_is_touched():
    import_students_and_staff(actor=Actor(), folder=DEMO / "hillside")
    before = rows()
    report = import_students_and_staff(actor=Actor(), folder=DEMO / "hillside")
    assert not report.plan.changes
    assert rows() == before


@pytest.mark.parametrize("number", [1, 3, 100])
def test_the_number_of_statements_does_not_grow_with_the_school(number, mis):
    users = [pupil(f"p{place}") for place in range(number)]
    users += [teacher(f"t{place}") for place in range(number)]
    assert not Student.objects.exists()
    with CaptureQueriesContext(connection) as created:
        mis.take(users=users)
    with CaptureQueriesContext(connection) as again:
        mis.take()
    with CaptureQueriesContext(connection) as changed:
        mis.take(users=[{**row, "givenName": f"Anna {row['sourcedId']}"} for row in users])
    assert (len(created), len(again), len(changed)) == (10, 7, 9)


def test_a_dry_run_writes_nothing_and_says_what_would_change(mis):
    before, audited = rows(), AuditEntry.objects.count()
    report = mis.take(options={"dry_run": True}, users=[pupil("p1"), teacher("t1")])
    assert report.changes() == ["users.csv:2: student create", "users.csv:3: staff create"]
    assert not report.is_refused
    assert (rows(), AuditEntry.objects.count()) == (before, audited)


def test_a_leaver_becomes_inactive_and_a_returner_current_again(mis):
    mis.take(users=[pupil("p1"), pupil("p2")])
    ref = Student.objects.get(sourced_id="p1").ref
    mis.take(users=[pupil("p2")])
    one = Student.objects.get(ref=ref)
    assert (one.is_current, one.left_on) == (False, TODAY)
    assert not Student.objects.current().filter(ref=ref).exists()
    mis.take(users=[pupil("p1", grades="5"), pupil("p2")])
    one.refresh_from_db()
    assert (one.is_current, one.left_on, one.year_group) == (True, None, "5")
    assert Student.objects.count() == 2


def test_everything_that_changed_is_written_and_nothing_else(mis):
    user = pupil("p1", identifier=UPN)
    folder = {
        "classes": [homeroom("c1", "4B"), homeroom("c2", "5B")],
        "enrollments": [enrolment("p1", "c1")],
        "demographics": [{"sourcedId": "p1", "birthDate": "2018-09-01"}],
    }
    mis.take(users=[user], **folder)
    Student.objects.update(preferred_given_name="Nini")
    moved = {**user, "givenName": "Nïa", "grades": "5", "identifier": OTHER_UPN}
    folder["enrollments"] = [enrolment("p1", "c2")]
    folder["demographics"] = [{"sourcedId": "p1", "birthDate": ""}]
    mis.take(users=[moved], **folder)
    one = Student.objects.get()
    assert (one.given_name, one.preferred_given_name, one.year_group) == ("Nïa", "Nini", "5")
    assert (one.upn, one.class_name, one.born_on) == (OTHER_UPN, "5B", None)


def test_two_pupils_swap_their_upns(mis):
    mis.take(users=[pupil("p1", identifier=UPN), pupil("p2", identifier=OTHER_UPN)])
    mis.take(users=[pupil("p1", identifier=OTHER_UPN), pupil("p2", identifier=UPN)])
    assert Student.objects.get(sourced_id="p1").upn == OTHER_UPN
    assert Student.objects.get(sourced_id="p2").upn == UPN


def test_a_returners_upn_waits_until_its_new_owner_gives_it_up(mis):
    mis.take(users=[pupil("p1", identifier=UPN), pupil("p2")])
    mis.take(users=[pupil("p2")])
    Student.objects.filter(sourced_id="p2").update(upn=UPN)
    mis.take(users=[pupil("p1", identifier=UPN), pupil("p2", identifier=OTHER_UPN)])
    assert list(Student.objects.order_by("sourced_id").values_list("upn", "is_current")) == [
        (UPN, True),
        (OTHER_UPN, True),
    ]


def test_text_is_stored_to_the_last_character(mis):
    longest = {"givenName": "é" * 100, "familyName": 'O\'Brien, \\{x}%s "B" NULL'}
    mis.take(users=[pupil("p1")])
    mis.take(users=[pupil("p1", **longest)])
    one = Student.objects.get()
    assert (one.given_name, one.family_name) == tuple(longest.values())


def test_t41_script_in_a_name_is_stored_as_text(mis):
    mis.take(users=[pupil("p1", givenName="<script>alert(1)</script>")])
    assert Student.objects.get().given_name == "<script>alert(1)</script>"


# Staff ------------------------------------------------------------------------------------------


def test_g1_02_imported_staff_are_given_no_password_and_no_key(mis):
    mis.take(users=[teacher("t1", role="administrator", password="secret", email="A.B@X.example")])
    staff = Staff.objects.get(sourced_id="t1")
    assert staff.user.email == "a.b@x.example"
    assert not staff.user.has_usable_password()
    assert staff.access_group == AccessGroup.objects.get(is_default=True)
    assert not staff.access_group.holds_key


def test_t33_an_import_never_changes_what_a_person_may_do(mis):
    head = make_staff("head", kind="administrator", email="t1@school.example")
    mis.take(users=[teacher("t1", role="aide", familyName="Nair"), pupil("p1")])
    staff = Staff.objects.get(pk=head.staff_id)
    assert (staff.sourced_id, staff.family_name) == ("t1", "Nair")
    assert staff.access_group.administers


def test_t34_staff_who_left_are_switched_off_with_their_account(mis):
    mis.take(users=[teacher("t1"), teacher("t2")])
    mis.take(users=[teacher("t2")])
    staff = Staff.objects.get(sourced_id="t1")
    assert (staff.is_active, staff.user.is_active) == (False, False)
    assert Staff.objects.get(sourced_id="t2").is_active


def test_who_was_added_by_hand_stays(mis):
    by_hand = make_staff("cook")
    mis.take(users=[teacher("t1")])
    assert Staff.objects.get(pk=by_hand.staff_id).is_active


def test_an_address_follows_the_mis(mis):
    mis.take(users=[teacher("t1"), teacher("t2")])
    mis.take(users=[teacher("t1", email="new@school.example"), teacher("t2")])
    assert Staff.objects.get(sourced_id="t1").user.email == "new@school.example"
    assert Staff.objects.get(sourced_id="t2").user.email == "t2@school.example"


def test_an_account_that_is_no_staffs_is_not_taken_over(mis):
    User.objects.create_user(email="t1@school.example")
    report = mis.take(users=[teacher("t1")])
    assert report.is_refused
    assert not Staff.objects.filter(sourced_id="t1").exists()


# Bad rows ---------------------------------------------------------------------------------------

MIXED = [pupil("p1"), pupil("p2", familyName=""), teacher("t1", email="nobody")]


def test_good_rows_fall_with_the_bad_ones(mis):
    report = mis.take(users=MIXED)
    assert report.is_refused
    assert [problem.line for problem in report.plan.problems] == [3, 4]
    assert not Student.objects.exists()


def test_good_rows_stand_if_that_is_wanted(mis):
    report = mis.take(users=MIXED, options={"keep_good_rows": True})
    assert not report.is_refused
    assert [one.sourced_id for one in Student.objects.all()] == ["p1"]


def test_nobody_leaves_because_their_row_is_bad(mis):
    mis.take(users=[pupil("p1"), pupil("p2")])
    mis.take(users=[pupil("p1"), pupil("p2", givenName="")], options={"keep_good_rows": True})
    assert Student.objects.current().count() == 2


def test_a_truncated_file_is_refused_whatever_is_asked(mis):
    everybody = [pupil(f"p{number}") for number in range(20)]
    mis.take(users=everybody)
    report = mis.take(users=everybody[:14], options={"keep_good_rows": True})
    assert report.is_refused
    assert Student.objects.current().count() == 20
    mis.take(users=everybody[:14], options={"allow_leavers": True})
    assert Student.objects.current().count() == 14


def test_t68_an_import_that_breaks_off_leaves_nothing_behind(mis, monkeypatch):
    def break_off(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    before = rows()
    monkeypatch.setattr("core.audit.services.record", break_off)
    with pytest.raises(KeyboardInterrupt):
        mis.take(users=[pupil("p1"), teacher("t1")])
    assert rows() == before


# The record and the neighbours ------------------------------------------------------------------


def test_the_record_has_counts_and_references_and_no_names(mis):
    mis.take(users=[pupil("p1"), pupil("p2"), teacher("t1")])
    mis.take(users=[pupil("p2"), teacher("t1", email="new@school.example")])
    entry = AuditEntry.objects.filter(verb="mis.imported").latest("id")
    leaver, staff = Student.objects.get(sourced_id="p1"), Staff.objects.get(sourced_id="t1")
    assert entry.students == [leaver.ref]
    first = AuditEntry.objects.filter(verb="mis.imported").earliest("id")
    assert set(first.students) == set(Student.objects.values_list("ref", flat=True))
    assert entry.facts == {
        "students_created": 0,
        "students_changed": 0,
        "students_returned": [],
        "students_left": [str(leaver.ref)],
        "staff_created": [],
        "staff_changed": 1,
        "staff_readdressed": [str(staff.ref)],
        "staff_switched_off": [],
        "problems": 0,
    }


@pytest.mark.isolation
def test_the_school_next_door_sees_nothing_of_it(mis, school_b):
    mis.take(users=[pupil("p1"), teacher("t1")])
    assert Student.objects.count() == 1
    with in_school(school_b):
        assert not Student.objects.exists()
        assert not Staff.objects.filter(sourced_id="t1").exists()


def test_students_without_an_identifier_are_known_by_their_upn(mis):
    by_hand = make_student("Nia", "Evans", upn=UPN, year_group="4", class_name="4B")
    mis.take(users=[pupil("p1", identifier=UPN)])
    by_hand.refresh_from_db()
    assert by_hand.sourced_id == "p1"
    assert Student.objects.count() == 1


def test_another_schools_urn_is_noticed(mis):
    orgs = [{"sourcedId": "o1", "type": "school", "identifier": "999999"}]
    report = mis.take(users=[pupil("p1")], orgs=orgs)
    assert not report.is_refused
    assert [where[0] for where in said(report.plan, Weight.NOTICE)] == ["orgs.csv"]
