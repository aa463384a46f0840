"""Rows: where their tables live, what hangs on what, and what they say of themselves."""

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from config.schemas import INSTALLED_APPS, PUBLIC_APPS, SHARED_APPS, TABLELESS_APPS, TENANT_APPS
from core.tenancy import in_control_plane

pytestmark = pytest.mark.architecture

OURS = ("core.", "tenants", "schools", "safeguarding", "notifications", "helpdesk", "support")

#: What is deleted along with what it refers to, and why it may be.
MAY_GO_ALONG = {
    "tenants.Domain.tenant": "a host name without a school leads nowhere",
    "safeguarding.DraftFile.draft": "a draft's list of files, not the files",
    "schools.StudentSearch.student": "folded by the database out of the student's own names",
    "schools.StaffSearch.staff": "likewise",
}


def our_models():
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name.startswith(OURS)
    ]


def foreign_keys():
    return [
        field
        for model in our_models()
        if not model._meta.auto_created
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.model is model
    ]


def tables_of(app_names):
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name in app_names and model._meta.managed
    } | {"django_migrations"}


def tables_in(schema):
    with in_control_plane(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname = %s AND relkind IN ('r', 'p')",
            [schema],
        )
        return {name for (name,) in cursor.fetchall()}


def test_every_app_is_placed_and_nothing_is_both_tableless_and_has_tables():
    named = {config.name for config in apps.get_app_configs()}
    assert named == set(INSTALLED_APPS) == set(settings.INSTALLED_APPS)
    tableless = [m for m in apps.get_models() if m._meta.app_config.name in TABLELESS_APPS]
    assert tableless == []
    assert not set(PUBLIC_APPS) & set(TENANT_APPS)


def test_a_school_has_its_own_tables_and_no_others(school_a, school_b):
    for school in (school_a, school_b):
        assert tables_in(school.schema_name) == tables_of(TENANT_APPS)


def test_public_has_no_table_of_a_school(school_a):
    assert tables_in("public") == tables_of(SHARED_APPS)
    only_at_schools = tables_of(set(TENANT_APPS) - set(SHARED_APPS)) - {"django_migrations"}
    assert {"schools_student", "safeguarding_incident"} <= only_at_schools
    assert not only_at_schools & tables_in("public")


def test_nothing_refers_from_one_schema_to_another(school_a):
    with in_control_plane(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE one.relnamespace <> other.relnamespace), count(*)"
            " FROM pg_constraint c JOIN pg_class one ON one.oid = c.conrelid"
            " JOIN pg_class other ON other.oid = c.confrelid WHERE c.contype = 'f'"
        )
        across, all_of_them = cursor.fetchone()
    assert all_of_them > 50
    assert across == 0


def test_nothing_of_ours_is_deleted_along_with_something_else():
    keys = foreign_keys()
    assert len(keys) > 20
    going = {str(key) for key in keys if key.remote_field.on_delete is not models.PROTECT}
    assert going == set(MAY_GO_ALONG)


def test_no_row_stores_a_content_type():
    # Its ids differ from school to school.
    assert [str(key) for key in foreign_keys() if key.related_model is ContentType] == []
    generic = [
        m for m in our_models() for f in m._meta.private_fields if isinstance(f, GenericForeignKey)
    ]
    assert generic == []


def test_there_is_no_django_admin():
    assert not apps.is_installed("django.contrib.admin")


def test_a_row_says_of_itself_its_reference_or_its_id():
    said = {}
    for model in our_models():
        if model._meta.auto_created:
            continue
        row = model(pk=17)
        expected = {str(getattr(row, "ref", 17)), "17"}
        if str(row) not in expected:
            said[model.__name__] = str(row)
    # A host name is nobody's secret.
    assert set(said) <= {"Domain"}


def test_every_row_with_an_address_has_a_reference_that_cannot_be_guessed():
    with_ref = [m for m in our_models() if any(f.name == "ref" for f in m._meta.get_fields())]
    assert len(with_ref) > 10
    for model in with_ref:
        ref = model._meta.get_field("ref")
        assert isinstance(ref, models.UUIDField), model
        assert ref.unique, model
        assert ref.get_default().version == 7, model
        assert ref.get_default() != ref.get_default()
