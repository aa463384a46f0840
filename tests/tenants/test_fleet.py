"""Migrating a fleet: what is pending is found at once, and one school's fault stays its own."""

from io import StringIO

import psycopg
import pytest
from celery.exceptions import Reject
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.school_tasks import _open_school
from core.tenancy import in_control_plane
from schools.services.onboarding import onboard_school
from tenants import schema_state
from tenants.models import School, SchoolMigration, new_schema_name
from tenants.services import blueprints, fleet
from tenants.services.migrating import migrate_fleet, pending
from tenants.services.walls import raise_walls
from tests.factories import forget_school
from tests.tenants.fleet import BESIDE, CODE, HEAD, TABLE, at_owner, later, settings_of_owner

SLUGS = ("fleet-ash", "fleet-birch", "fleet-cedar")


@pytest.fixture(scope="module")
def fleet_schools(django_db_setup, django_db_blocker):
    """Three schools beside whatever others there are; committed, and taken away again."""
    with django_db_blocker.unblock():
        schools = [
            onboard_school(
                slug=slug, name=slug, urn=f"{880000 + number}", admin_email=f"head@{slug}.example"
            )
            for number, slug in enumerate(SLUGS)
        ]
        yield schools
        for school in schools:
            with in_control_plane():
                SchoolMigration.objects.filter(school=school).delete()
            forget_school(school)


@pytest.fixture(autouse=True)
def unblocked(fleet_schools, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def command(*options):
    told = StringIO()
    call_command("migrate_fleet", *options, stdout=told, stderr=told)
    return told.getvalue()


def status_of(slug):
    return Client(HTTP_HOST=f"{slug}.localhost").get("/login/").status_code


def statuses():
    return [status_of(slug) for slug in SLUGS]


def has_table(school):
    return at_owner("SELECT to_regclass(%s) IS NOT NULL", f"{school.schema_name}.later")[0][0]


def notes(school):
    with in_control_plane():
        return list(SchoolMigration.objects.filter(school=school).order_by("began_at"))


CATALOGUE = """
SELECT 'column', table_name, column_name, data_type, is_nullable, column_default, is_identity
  FROM information_schema.columns WHERE table_schema = %(name)s
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', ''
  FROM pg_constraint WHERE connamespace = %(name)s::regnamespace
UNION ALL SELECT 'index', tablename, indexname, indexdef, '', '', ''
  FROM pg_indexes WHERE schemaname = %(name)s
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(t.oid), tgenabled::text, '', ''
  FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = %(name)s::regnamespace AND NOT tgisinternal
UNION ALL SELECT 'function', proname, pg_get_functiondef(oid), '', '', '', ''
  FROM pg_proc WHERE pronamespace = %(name)s::regnamespace
UNION ALL SELECT 'grant', relname, relkind::text, relacl::text, '', '', ''
  FROM pg_class WHERE relnamespace = %(name)s::regnamespace AND relkind IN ('r', 'S')
UNION ALL SELECT 'grant', nspname, '', nspacl::text, '', '', '' FROM pg_namespace WHERE nspname = %(name)s
"""


def catalogue(schema):
    """All that there is in a schema, without its name."""
    with psycopg.connect(settings_of_owner()) as owner:
        rows = owner.execute(CATALOGUE, {"name": schema}).fetchall()
    return {tuple(str(word).replace(schema, "SCHEMA") for word in row) for row in rows}


def test_a_schema_made_of_the_blueprint_is_the_one_that_django_would_have_made():
    made, migrated = new_schema_name(), new_schema_name()
    try:
        blueprints.make_schema(made, blueprints.scripts().values())
        at_owner(f"CREATE SCHEMA {migrated}")
        raise_walls(migrated)
        owner = connections["owner"]
        owner.set_schema(migrated, include_public=False)
        MigrationExecutor(owner).migrate(list(schema_state.wanted()))
        owner.set_schema_to_public()
        owner.close()
        raise_walls(migrated)
        assert len(catalogue(made)) > 900
        assert catalogue(made) == catalogue(migrated)
        applied = fleet.applied_by_schema([made, migrated])
        assert applied[made] == applied[migrated] == set(schema_state.wanted())
    finally:
        blueprints.drop_schema(made)
        blueprints.drop_schema(migrated)


def test_nothing_is_pending_and_few_questions_find_that_out():
    assert "up to date" in command()
    with CaptureQueriesContext(connections["owner"]) as asked:
        assert pending() == []
    assert len(asked) <= 3


def test_a_school_that_is_behind_is_not_served_until_it_is_migrated(fleet_schools, tmp_path):
    assert statuses() == [200, 200, 200]
    with later(tmp_path, TABLE, CODE, BESIDE):
        assert statuses() == [503, 503, 503]
        with pytest.raises(Reject):
            _open_school(str(fleet_schools[0].ref), "a.task")
        told = command("--plan")
        assert "schools.9900_later, schools.9901_later, schools.9902_later" in told
        assert statuses() == [503, 503, 503]
        assert not any(map(has_table, fleet_schools))
        told = command()
        assert statuses() == [200, 200, 200]
        assert "about 0:00:00 left" in told
        for school in fleet_schools:
            schema = school.schema_name
            words = at_owner(f"SELECT word FROM {schema}.later")  # noqa: S608 - our own
            names = at_owner(f"SELECT name FROM {schema}.schools_category")  # noqa: S608 - our own
            assert sorted(words) == sorted(names) != []
            assert at_owner(
                "SELECT indisvalid FROM pg_index WHERE indexrelid = %s::regclass",
                f"{schema}.later_word",
            ) == [(True,)]
            (note,) = notes(school)
            assert note.applied == [
                "schools.9900_later",
                "schools.9901_later",
                "schools.9902_later",
            ]
            assert (note.attempts, note.failure) == (1, "")
        assert len({notes(school)[0].run for school in fleet_schools}) == 1
        assert "up to date" in command()


def test_a_school_ahead_of_this_process_is_served(fleet_schools, tmp_path):
    with later(tmp_path, TABLE):
        command()
        with in_control_plane():
            there = School.objects.get(pk=fleet_schools[0].pk).migrated_to
    assert there["schools"] == "9900_later"
    assert not schema_state.is_behind(there)
    assert schema_state.is_behind(there | {"safeguarding": "0001_initial"})
    assert schema_state.is_behind({})


def test_one_schools_failure_is_its_own_and_the_next_run_goes_on(fleet_schools, tmp_path):
    broken = fleet_schools[1]
    with later(tmp_path, TABLE):
        at_owner(f"CREATE TABLE {broken.schema_name}.later (secret text)")
        with pytest.raises(CommandError, match="1 schools failed, 0 were not begun"):
            command("--canaries", SLUGS[0])
        assert statuses() == [200, 503, 200]
        note = notes(broken)[-1]
        assert note.failure == "ProgrammingError 42P07 in schools.9900_later"
        assert note.applied == []
        at_owner(f"DROP TABLE {broken.schema_name}.later")
        told = command()
        assert "1 of 1" in told
        assert statuses() == [200, 200, 200]


def test_where_a_canary_fails_no_other_school_is_begun(fleet_schools, tmp_path):
    with later(tmp_path, TABLE):
        at_owner(f"CREATE TABLE {fleet_schools[2].schema_name}.later (id int)")
        with pytest.raises(CommandError, match=r"1 schools failed, [0-9]+ were not begun"):
            command("--canaries", SLUGS[2])
        assert statuses() == [503, 503, 503]
        assert not has_table(fleet_schools[0])


def test_too_many_failures_stop_the_run(fleet_schools, tmp_path):
    with later(tmp_path, TABLE):
        for school in fleet_schools:
            at_owner(f"CREATE TABLE {school.schema_name}.later (id int)")
        ours = [one for one in pending() if one.school.slug in SLUGS]
        said = []
        outcome = migrate_fleet(
            ours, canaries=(), parallel=1, stop_after=1, tell=lambda one: said.append(one.left)
        )
        assert (len(outcome.failures), outcome.left, said) == (2, 1, [2, 1])


ALTER = (
    HEAD
    + """
    operations = [
        migrations.RunSQL("ALTER TABLE schools_category ADD COLUMN later_on int"),
        migrations.RunSQL("CREATE TABLE later (id int)"),
    ]
"""
)


@pytest.mark.parametrize("is_released", [True, False])
def test_a_lock_is_waited_for_a_little_again_and_again(
    fleet_schools, tmp_path, monkeypatch, is_released
):
    schema, pauses = fleet_schools[0].schema_name, []
    monkeypatch.setattr(fleet, "LOCK_TIMEOUT", "50ms")
    with later(tmp_path, ALTER), psycopg.connect(settings_of_owner()) as page:

        def pause(seconds):
            pauses.append(seconds)
            if is_released and len(pauses) == 2:
                page.commit()

        monkeypatch.setattr(fleet.time, "sleep", pause)
        page.execute(f"LOCK TABLE {schema}.schools_category IN ACCESS SHARE MODE")
        ours = [one for one in pending() if one.school.slug == SLUGS[0]]
        outcome = migrate_fleet(ours, canaries=(), parallel=1, stop_after=1, tell=lambda _one: None)
        page.commit()
        at_owner(f"ALTER TABLE {schema}.schools_category DROP COLUMN IF EXISTS later_on")
    note = notes(fleet_schools[0])[-1]
    if is_released:
        assert (outcome.done, outcome.failures) == (1, {})
        assert (note.attempts, pauses) == (3, [0.5, 1.0])
    else:
        assert outcome.failures == {SLUGS[0]: "OperationalError 55P03 in schools.9900_later"}
        assert (note.attempts, pauses) == (fleet.ATTEMPTS, [0.5, 1.0, 2.0, 4.0])


def test_what_would_differ_from_school_to_school_is_no_blueprint(tmp_path):
    source = (
        HEAD
        + """
    def add(apps, editor):
        import uuid
        category = apps.get_model("schools", "Category")
        category.objects.using(editor.connection.alias).create(name="New", ref=uuid.uuid4())
    operations = [migrations.RunPython(add)]
"""
    )
    with later(tmp_path, source), pytest.raises(Exception, match="furnishing"):
        blueprints.scripts()


def test_a_gap_is_no_newest_migration():
    keys = list(schema_state.wanted())
    safeguarding = [key for key in keys if key[0] == "safeguarding"]
    without_first = set(keys) - {safeguarding[0]}
    assert "safeguarding" not in schema_state.newest(without_first)
    assert schema_state.is_behind(schema_state.newest(without_first))
    assert not schema_state.is_behind(schema_state.newest(set(keys)))
