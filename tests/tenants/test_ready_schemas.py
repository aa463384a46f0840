"""Schemas that wait for a school."""

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from core.tenancy import in_control_plane, in_school
from schools.models import Category
from schools.services.onboarding import onboard_school
from schools.terms import DEFAULT_CATEGORIES
from tenants.models import ReadySchema, School
from tenants.schema_state import newest
from tenants.services import blueprints, fleet, pool
from tests.factories import forget_school
from tests.tenants.fleet import at_owner

ELM = {"slug": "elm-pool", "name": "Elm", "urn": "870001", "admin_email": "head@elm.example"}


@pytest.fixture(autouse=True)
def two_wait(django_db_setup, django_db_blocker, settings):
    settings.READY_SCHEMAS = 2
    with django_db_blocker.unblock():
        _empty()
        yield
        with in_control_plane():
            for school in School.objects.filter(urn__startswith="8700"):
                forget_school(school)
        _empty()


def _empty():
    for ready in waiting():
        blueprints.drop_schema(ready.schema_name)
        with in_control_plane():
            ready.delete()


def waiting():
    with in_control_plane():
        return list(ReadySchema.objects.order_by("pk"))


def there(schema):
    return bool(at_owner("SELECT 1 FROM pg_namespace WHERE nspname = %s", schema))


def test_the_pool_is_filled_and_no_more():
    assert pool.fill() == 2
    assert pool.fill() == 0
    assert all(ready.is_made and there(ready.schema_name) for ready in waiting())
    names = [ready.schema_name for ready in waiting()]
    assert all(len(keys) > 50 for keys in fleet.applied_by_schema(names).values())


def test_a_school_claims_a_ready_schema_without_the_owners_hand(settings, monkeypatch):
    pool.fill()
    first, second = (ready.schema_name for ready in waiting())
    with monkeypatch.context() as without:
        without.delitem(connections.settings, "owner")
        without.setattr(settings, "TENANT_DB_ALIAS", "default")
        school = onboard_school(**ELM)
    assert (school.schema_name, school.migrated_to) == (first, newest())
    assert [ready.schema_name for ready in waiting()] == [second]
    assert Client(HTTP_HOST=school.host).get("/login/").status_code == 200
    with in_school(school):
        assert Category.objects.count() == len(DEFAULT_CATEGORIES)


def test_without_a_ready_schema_one_is_made():
    assert waiting() == []
    school = onboard_school(**ELM)
    assert there(school.schema_name)
    assert school.migrated_to == newest()


def test_a_claim_that_is_taken_back_leaves_the_schema_in_the_pool(monkeypatch):
    pool.fill()
    before = [ready.schema_name for ready in waiting()]
    monkeypatch.setattr(School, "save", lambda *_args, **_kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        onboard_school(**ELM)
    assert [ready.schema_name for ready in waiting()] == before


def test_two_who_claim_at_once_get_different_schemas():
    pool.fill()
    other = connection.copy()
    try:
        with in_control_plane(), transaction.atomic():
            mine = pool.take_one()
            other.set_schema_to_public()
            with other.cursor() as theirs:
                theirs.execute(
                    "SELECT schema_name FROM tenants_readyschema ORDER BY id"
                    " LIMIT 1 FOR UPDATE SKIP LOCKED"
                )
                assert theirs.fetchone()[0] != mine
            transaction.set_rollback(True)
    finally:
        other.close()


def test_ready_schemas_of_other_migrations_are_dropped_and_never_claimed():
    pool.fill()
    old, good = waiting()
    with in_control_plane():
        ReadySchema.objects.filter(pk=old.pk).update(fingerprint="0" * 64)
        with transaction.atomic():
            assert pool.take_one() == good.schema_name
            transaction.set_rollback(True)
    assert pool.fill() == 1
    assert not there(old.schema_name)
    assert not at_owner("SELECT 1 FROM pg_roles WHERE rolname = %s", old.schema_name)
    assert old.schema_name not in {ready.schema_name for ready in waiting()}


@pytest.mark.parametrize("step", ["make_schema", "note"])
def test_filling_that_was_killed_is_finished_by_the_next(step, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_args):
        raise Killed

    before = strays()
    with monkeypatch.context() as patched:
        patched.setattr(blueprints, step, killed)
        with pytest.raises(Killed):
            pool.fill()
    assert [ready.is_made for ready in waiting()] == [False, False]
    with in_control_plane(), transaction.atomic():
        assert pool.take_one() is None
    assert pool.fill() == 2
    assert all(ready.is_made for ready in waiting())
    assert strays() == before


def strays():
    """How many schemas are neither a school's nor ready for one."""
    schemas = at_owner("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 's\\_%'")[0][0]
    with in_control_plane():
        return schemas - ReadySchema.objects.count() - School.objects.count()
