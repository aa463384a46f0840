"""Every change of a row is on record, by the database's own hand, at every school."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from core.audit import guards
from core.tenancy import in_control_plane, in_school

pytestmark = pytest.mark.architecture


def test_every_table_of_these_apps_has_its_history_or_a_reason(school_a, school_b):
    for school in (school_a, school_b):
        with in_school(school):
            assert guards.missing_guards() == []
            kept = guards.history_tables()
        assert {"safeguarding_incident", "safeguarding_incident_categories"} <= kept
        assert {"schools_student", "schools_alertgroup_members", "accounts_user"} <= kept
        assert len(kept) >= 19
    with in_control_plane():
        assert guards.missing_guards() == []
        assert guards.history_tables() == {
            "accounts_user",
            "accounts_keyreset",
            "tenants_school",
            "tenants_domain",
            "tenants_operator",
            "helpdesk_accessrequest",
            "helpdesk_agent",
            "helpdesk_agent_teams",
            "helpdesk_alarm",
            "helpdesk_article",
            "helpdesk_articleversion",
            "helpdesk_cannedreply",
            "helpdesk_incidentnotice",
            "helpdesk_officecalendar",
            "helpdesk_officialcall",
            "helpdesk_officialcompletion",
            "helpdesk_officialrecord",
            "helpdesk_specialday",
            "helpdesk_tag",
            "helpdesk_target",
            "helpdesk_team",
            "helpdesk_ticket",
            "helpdesk_ticket_tags",
            "helpdesk_ticketmessage",
            "helpdesk_topicteam",
            "helpdesk_webinar",
            "helpdesk_webinarplace",
            "helpdesk_weeklyhours",
        }


def test_no_reason_stands_for_a_table_that_is_gone():
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert set(settings.WITHOUT_HISTORY) <= tables
    assert set(settings.HISTORY_APPS) >= {"schools", "safeguarding", "core.accounts", "tenants"}


def test_no_secret_is_among_the_columns_that_are_kept(in_school_a):
    secret = {"password", "sealed", "text_keyset", "files_keyset", "data", "session_data"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, encode(t.tgargs, 'escape') FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE t.tgname = 'audit_keep_change' AND a.attnum > 0 AND NOT a.attisdropped"
        )
        columns = cursor.fetchall()
    assert len(columns) > 100
    for table, column, arguments in columns:
        only = arguments.split("\\000")[3]
        if column in secret:
            assert only, table
            assert column not in only.split(","), table
