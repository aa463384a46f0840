"""The history of rows is written by the database, whoever changes them and how."""

# ruff: noqa: S608 - our own words

import psycopg
import pytest
from django.db import connection, transaction

from core.audit.models import AuditEntry
from core.identifiers import uuid7
from core.tenancy import in_control_plane
from safeguarding.models import Alert, Incident, IncidentLink
from safeguarding.services.alerts import mark_as_read
from safeguarding.services.incidents import Link
from schools.models import AlertGroup, Category, Student
from tenants.models import School
from tests.core.audit.conftest import ask_as_owner
from tests.factories import (
    categories,
    make_action,
    make_incident,
    make_staff,
    make_student,
    staff_row,
)
from tests.owner import owners_cursor

pytestmark = pytest.mark.django_db


def history(verb="", **where):
    entries = AuditEntry.objects.filter(verb__startswith=f"row.{verb}", **where)
    return list(entries.order_by("id"))


def test_a_new_incident_has_its_columns_its_categories_and_its_links_on_record(teacher, dsl):
    student, linked = make_student(), make_student()
    incident = make_incident(
        teacher,
        student=student,
        text="A quiet text.",
        recipients=[dsl],
        links=[Link(student=linked, is_monitored=True)],
        agencies=["Police"],
    )
    [row] = history(subject_kind="safeguarding.incident")
    assert (row.verb, row.subject_ref) == ("row.inserted", incident.ref)
    assert row.changes["text"] == [None, "A quiet text."]
    assert row.changes["student_id"] == [None, student.pk]
    assert row.changes["recorded_at"][1].endswith("+00:00")
    assert "closed_at" not in row.changes
    kinds = [one.subject_kind for one in history(subject_ref=incident.ref)]
    assert sorted(kinds) == [
        "safeguarding.incident",
        "safeguarding.incident_agencies",
        "safeguarding.incident_categories",
        "safeguarding.incidentlink",
    ]
    [alert] = history(subject_kind="safeguarding.alert")
    assert alert.subject_ref == Alert.objects.get().ref
    assert history(subject_kind="safeguarding.monitoring")
    assert history(subject_kind="schools.agency")


def test_an_action_its_categories_and_its_agencies_are_on_record(dsl):
    incident = make_incident(dsl)
    action = make_action(dsl, incident, categories=categories(), agencies=["Police"])
    kinds = {one.subject_kind for one in history(subject_ref=action.ref)}
    assert kinds == {
        "safeguarding.action",
        "safeguarding.action_categories",
        "safeguarding.action_agencies",
    }


def test_who_changed_a_row_is_told_by_the_transaction_they_share(teacher, dsl):
    incident = make_incident(dsl, recipients=[teacher])
    assert mark_as_read(actor=teacher, ref=incident.ref) == 1
    [read] = history("updated", subject_kind="safeguarding.alert")
    entry = AuditEntry.objects.get(verb="alert.read")
    assert set(read.changes) == {"read_at"}
    assert read.changes["read_at"][0] is None
    assert read.transaction == entry.transaction
    assert entry.user_id == teacher.user_id


def test_a_change_by_hand_stands_there_with_nobody_to_answer_for_it(teacher):
    incident = make_incident(teacher, text="As it was.")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE safeguarding_incident SET text = 'As it suits.'")
    [row] = history("updated")
    assert row.changes == {"text": ["As it was.", "As it suits."]}
    assert (row.subject_ref, row.user_id) == (incident.ref, None)


def test_an_update_that_changes_nothing_writes_nothing(teacher):
    make_incident(teacher)
    before = AuditEntry.objects.count()
    Incident.objects.update(text="A quiet text.")
    Student.objects.all().first().save()
    assert AuditEntry.objects.count() == before


def test_what_is_taken_away_is_on_record_with_what_it_was(dsl):
    linked = make_student()
    incident = make_incident(dsl, links=[Link(student=linked)])
    IncidentLink.objects.all().delete()
    [row] = history("deleted")
    assert (row.subject_kind, row.subject_ref) == ("safeguarding.incidentlink", incident.ref)
    assert row.changes["student_id"] == [linked.pk, None]


def test_members_of_an_alert_group_come_and_go_under_its_reference(in_school_a):
    person = make_staff()
    team = AlertGroup.objects.create(name="Site team")
    team.members.add(staff_row(person))
    team.members.clear()
    kind = "schools.alertgroup_members"
    assert [one.verb for one in history(subject_kind=kind, subject_ref=team.ref)] == [
        "row.inserted",
        "row.deleted",
    ]


def test_of_an_account_the_address_and_whether_it_is_on_are_kept_and_never_the_password(
    in_school_a,
):
    person = staff_row(make_staff())
    user = person.user
    user.set_password("correct horse battery staple 7")
    user.save()
    [made] = history(subject_kind="accounts.user", subject_ref=user.ref)
    assert set(made.changes) == {"id", "ref", "email", "is_active"}
    user.is_active = False
    user.save()
    changed = history("updated", subject_kind="accounts.user")[-1]
    assert changed.changes == {"is_active": [True, False]}
    assert not AuditEntry.objects.filter(changes__has_key="password").exists()


def test_of_a_school_the_keysets_are_never_kept(school_a):
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(name="Greenwood", text_keyset=b"-")
        row = history("updated", subject_kind="tenants.school")[-1]
        assert row.changes == {"name": ["Greenwood Primary School", "Greenwood"]}
        assert not AuditEntry.objects.filter(changes__has_any_keys=["text_keyset", "files_keyset"])


@pytest.mark.parametrize("path", ["", "public", "pg_catalog", "{other}, public"])
def test_history_is_written_where_the_row_is_whatever_the_search_path(
    school_a, school_b, in_school_a, path
):
    there = school_b.schema_name
    before = ask_as_owner(f"SELECT count(*) FROM {there}.audit_auditentry")
    mine = AuditEntry.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('search_path', %s, true)", [path.format(other=there) or "''"]
        )
        cursor.execute(
            f"INSERT INTO {school_a.schema_name}.schools_agency (ref, name, is_active)"
            " VALUES (%s, 'Police', true)",
            [uuid7()],
        )
        cursor.execute("SELECT current_setting('search_path')")
        assert cursor.fetchone()[0] == path.format(other=there) or "''"
        cursor.execute("SELECT set_config('search_path', %s, true)", [school_a.schema_name])
    assert AuditEntry.objects.count() == mine + 1
    assert ask_as_owner(f"SELECT count(*) FROM {there}.audit_auditentry") == before


def test_no_temporary_table_comes_in_the_records_place(in_school_a):
    before = AuditEntry.objects.count()
    # A school's role may make none; the owner may.
    with owners_cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE audit_auditentry (LIKE audit_auditentry) ON COMMIT DROP"
        )
    Category.objects.create(name="Bees")
    assert ask_as_owner("SELECT count(*) FROM pg_temp.audit_auditentry") == 0
    assert (
        ask_as_owner(f"SELECT count(*) FROM {in_school_a.schema_name}.audit_auditentry")
        == before + 1
    )


def test_a_renamed_schema_keeps_its_guards_and_its_history(school_b):
    with in_control_plane(), owners_cursor() as cursor:
        cursor.execute(f"ALTER SCHEMA {school_b.schema_name} RENAME TO s_renamed")
        cursor.execute(
            "INSERT INTO s_renamed.schools_agency (ref, name, is_active) VALUES (%s, 'X', true)",
            [uuid7()],
        )
        cursor.execute("SELECT verb FROM s_renamed.audit_auditentry ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == ("row.inserted",)


def test_what_is_rolled_back_leaves_no_history(in_school_a):
    before = AuditEntry.objects.count()
    point = transaction.savepoint()
    Category.objects.create(name="Bees")
    assert AuditEntry.objects.count() == before + 1
    transaction.savepoint_rollback(point)
    assert AuditEntry.objects.count() == before


def test_a_role_that_may_write_a_table_and_the_record_writes_both(services, school_a):
    schema, name = school_a.schema_name, connection.settings_dict["NAME"]
    with psycopg.connect(services.postgres.owner_url, dbname=name) as own:
        own.execute("CREATE ROLE tests_writer NOLOGIN")
        own.execute(f"GRANT USAGE ON SCHEMA {schema} TO tests_writer")
        own.execute(f"GRANT SELECT, INSERT ON {schema}.schools_agency TO tests_writer")
        own.execute(f"GRANT SELECT, INSERT ON {schema}.audit_auditentry TO tests_writer")
        own.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO tests_writer")
        own.execute("GRANT tests_writer TO safeguarding_owner WITH SET TRUE")
        own.execute("SET ROLE tests_writer")
        own.execute(
            f"INSERT INTO {schema}.schools_agency (ref, name, is_active)"
            " VALUES (uuidv7(), 'X', true)"
        )
        entries = f"SELECT count(*) FROM {schema}.audit_auditentry WHERE verb = 'row.inserted'"
        assert own.execute(
            f"{entries} AND transaction = pg_current_xact_id()::text::bigint"
        ).fetchone() == (1,)
        own.rollback()
