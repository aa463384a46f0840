"""The record is only ever added to, whoever asks (threat t45)."""

import psycopg
import pytest
from django.db import Error, connection, transaction

from core.audit import guards, sealing
from core.audit.models import AuditEntry, AuditSeal
from core.audit.verification import verify
from core.identifiers import uuid7
from core.tenancy import in_control_plane
from tests.core.audit.conftest import ask, ask_as_owner, by_hand, found, write
from tests.owner import owners_cursor

ENTRY = (
    "INSERT INTO audit_auditentry ({columns}ref, happened_at, had_key, key, request_id, verb,"
    " subject_kind, students, facts) {overriding} VALUES ({values}uuidv7(), now(), false, '', '',"
    " 'tests.done', '', '{{}}', '{{}}') RETURNING id"
)


def entry(columns="", values="", overriding=""):
    return ENTRY.format(columns=columns, values=values, overriding=overriding)


def refused(sql, *values, match="only ever added to"):
    with pytest.raises(Error, match=match), transaction.atomic(), owners_cursor() as cursor:
        cursor.execute(sql, values)


CHANGES = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "MERGE INTO {table} USING (VALUES (1)) one ON true WHEN MATCHED THEN DELETE",
)


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("table", "column"), [("audit_auditentry", "user_id"), ("audit_auditseal", "number")]
)
def test_t45_no_change_of_the_record_is_taken_from_its_owner(record, table, column, change):
    write(2)
    sealing.seal_all()
    with owners_cursor() as cursor:
        cursor.execute(
            "SELECT tableowner = current_user FROM pg_tables WHERE tablename = %s", [table]
        )
        assert cursor.fetchone() == (True,)
    refused(change.format(table=table, column=column))
    assert AuditEntry.objects.count() == AuditSeal.objects.latest("number").entries


def test_t45_nor_through_the_models(record):
    [row] = write()
    for attempt in (row.delete, row.save, AuditEntry.objects.all().delete):
        with pytest.raises(Error, match="permission denied"), transaction.atomic():
            attempt()


def test_t45_nor_from_the_control_planes_owner(db):
    with in_control_plane():
        assert guards.missing_guards() == []
        write()
        refused("DELETE FROM audit_auditentry")
        assert sealing.seal_all()
        assert found() == {}


def test_t45_an_entry_gets_id_instant_and_transaction_from_the_database(record):
    before = ask("SELECT clock_timestamp()")
    number = ask(
        entry("recorded_at, transaction, ", "'2001-01-01', 7, "),
    )
    row = AuditEntry.objects.get(pk=number)
    assert row.recorded_at >= before
    assert row.transaction == ask("SELECT pg_current_xact_id()::text::bigint")
    assert number == ask_as_owner("SELECT last_value FROM audit_auditentry_id_seq")
    for overriding in ("", "OVERRIDING SYSTEM VALUE"):
        refused(entry("id, ", f"{number + 1}, ", overriding), match="from its sequence")
    with (
        pytest.raises(psycopg.Error, match="from its sequence"),
        transaction.atomic(),
        owners_cursor() as cursor,
        cursor.copy("COPY audit_auditentry (id, ref, verb) FROM STDIN") as copy,
    ):
        copy.write_row([number + 1, uuid7(), "tests.done"])


@pytest.mark.parametrize(
    ("number", "previous", "sealed_at"),
    [
        ("number + 2", "hash", "clock_timestamp()"),
        ("number", "hash", "clock_timestamp()"),
        ("number + 1", "previous", "clock_timestamp()"),
        ("number + 1", "hash", "clock_timestamp() - interval '1 hour'"),
        ("number + 1", "hash", "clock_timestamp() + interval '1 hour'"),
    ],
)
def test_t45_a_seal_follows_the_last_one_now(record, number, previous, sealed_at):
    write()
    sealing.seal_all()
    write()
    sealing.seal_all()
    forged = (
        "INSERT INTO audit_auditseal SELECT {}, {}, hash, {}, ids, digests, highest, awaited, entries"
        " FROM audit_auditseal ORDER BY number DESC LIMIT 1"
    )
    refused(forged.format(number, previous, sealed_at), match="follows the one before")
    with owners_cursor() as cursor:
        cursor.execute(forged.format("number + 1", "hash", "clock_timestamp()"))
    assert {"SEAL_BENT"} <= set(found())


@pytest.mark.parametrize("table", ["audit_auditentry", "safeguarding_incident"])
def test_t45_a_trigger_that_is_off_is_named(record, table):
    with owners_cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    missing = guards.missing_guards()
    assert missing
    assert all(name.endswith(f" on {table}") for name in missing)
    assert found() == {"GUARD_OFF": len(missing)}


@pytest.mark.parametrize(
    "change",
    [
        "DROP TRIGGER audit_refuse_change ON audit_auditentry",
        "ALTER TABLE audit_auditentry ENABLE TRIGGER audit_refuse_change",
        "ALTER TABLE audit_auditentry ENABLE REPLICA TRIGGER audit_refuse_change",
        """CREATE OR REPLACE TRIGGER audit_refuse_change BEFORE DELETE ON audit_auditentry
           FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE OR REPLACE TRIGGER audit_refuse_change BEFORE DELETE OR UPDATE ON audit_auditentry
           FOR EACH ROW WHEN (OLD.user_id = 1) EXECUTE FUNCTION audit_refuse()""",
    ],
)
def test_t45_a_trigger_that_is_weaker_is_named(record, change):
    assert found() == {}
    with owners_cursor() as cursor:
        cursor.execute(change)
        cursor.execute("SELECT 1")
    assert guards.missing_guards() == ["audit_refuse_change on audit_auditentry"]


def test_t45_a_function_that_does_nothing_is_named(record):
    with owners_cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION audit_keep_change() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NULL; END'"
        )
    missing = guards.missing_guards()
    assert "audit_keep_change on safeguarding_incident" in missing
    assert len(missing) == len(guards.history_tables())


def test_t45_rows_with_a_history_are_not_truncated(in_school_a):
    refused("TRUNCATE safeguarding_incident CASCADE")
    refused("TRUNCATE schools_student CASCADE")


def test_t45_switching_triggers_off_for_a_session_switches_none_of_these_off(services, school_a):
    name = connection.settings_dict["NAME"]
    with psycopg.connect(services.postgres.owner_url, dbname=name) as own:
        own.execute("SET session_replication_role = replica")
        own.execute(f'SET search_path = "{school_a.schema_name}"')
        assert own.execute(entry()).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only ever added to"):
            own.execute("UPDATE audit_auditentry SET user_id = 2")
        own.rollback()


def test_t45_what_an_owner_bends_with_the_triggers_off_is_named_though_they_are_on_again(record):
    [row] = write()
    sealing.seal_all()
    assert by_hand("UPDATE audit_auditentry SET user_id = 2 WHERE id = %s", row.id) == 1
    assert guards.missing_guards() == []
    assert not verify().holds
