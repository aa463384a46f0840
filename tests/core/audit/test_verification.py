"""``verify_audit`` names what was bent, taken away and slipped in (threat t45)."""

# ruff: noqa: S608 - our own words

from datetime import UTC, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.audit import anchors, chain, sealing
from core.audit.findings import Fault
from core.audit.models import AuditEntry, AuditSeal
from core.audit.verification import verify
from core.identifiers import uuid7
from core.tenancy import in_school
from tests.core.audit.conftest import ask, by_hand, found, named, write
from tests.owner import owners_cursor

COLUMNS = {
    "ref": "uuidv7()",
    "happened_at": "happened_at - interval '1 microsecond'",
    "recorded_at": "recorded_at + interval '1 microsecond'",
    "transaction": "transaction + 1",
    "user_id": "NULL",
    "had_key": "NOT had_key",
    "key": "''",
    "address": "'192.0.2.8'",
    "request_id": "'x'",
    "verb": "verb || ' '",
    "subject_kind": "'x'",
    "subject_ref": "uuidv7()",
    "students": "ARRAY[uuidv7()]",
    "facts": """'{"n": 2}'""",
    "changes": "'null'",
}


@pytest.fixture
def chained(holds):
    """Thirty entries in three seals, ten in each."""
    rows = []
    for _ in range(3):
        rows += write(10, n=1)
        sealing.seal_all()
    holds()
    return rows


def test_a_record_that_nobody_touched_holds(chained, holds):
    report = holds()
    assert report.entries == AuditEntry.objects.count() > 30
    head = AuditSeal.objects.latest("number")
    assert (report.head_number, report.head_hash) == (head.number, bytes(head.hash).hex())
    assert (report.unsealed, report.anchored_at) == (0, None)
    write(2)
    assert holds().unsealed == 2


def test_every_column_of_an_entry_is_bent_below():
    assert set(COLUMNS) == {field.column for field in AuditEntry._meta.fields} - {"id"}


@pytest.mark.parametrize("column", sorted(COLUMNS))
@pytest.mark.parametrize("place", [0, 14, 29])
def test_t45_a_bent_row_is_named_whichever_its_column(chained, column, place):
    row = chained[place]
    by_hand(f"UPDATE audit_auditentry SET {column} = {COLUMNS[column]} WHERE id = %s", row.id)
    faults = verify().faults
    assert {fault: tally.count for fault, tally in faults.items()} == {Fault.BENT: 1}
    assert faults[Fault.BENT].first.startswith(f"id {row.id}, ")


def test_t45_the_first_of_many_bent_rows_is_named_and_the_rest_are_counted(chained):
    by_hand("UPDATE audit_auditentry SET user_id = 2 WHERE id >= %s", chained[4].id)
    faults = verify().faults
    assert faults[Fault.BENT].first == named(chained[4])
    assert faults[Fault.BENT].count == 26


@pytest.mark.parametrize("value", ["'infinity'", "'-infinity'"])
@pytest.mark.parametrize("column", ["happened_at", "recorded_at"])
def test_t45_an_instant_out_of_all_bounds_is_named_too(chained, column, value):
    row = chained[14]
    by_hand(f"UPDATE audit_auditentry SET {column} = {value} WHERE id = %s", row.id)
    assert verify().faults[Fault.BENT].first.startswith(f"id {row.id}, ")


@pytest.mark.parametrize("place", [0, 14, 29])
def test_t45_a_missing_row_is_named(chained, place):
    row = chained[place]
    by_hand("DELETE FROM audit_auditentry WHERE id = %s", row.id)
    faults = verify().faults
    assert {fault: tally.count for fault, tally in faults.items()} == {Fault.MISSING: 1}
    assert faults[Fault.MISSING].first.startswith(f"id {row.id}, ")


def insert_by_hand(number, *, recorded_at="now()"):
    by_hand(
        "INSERT INTO audit_auditentry (id, ref, happened_at, recorded_at, transaction, had_key, key,"
        " request_id, verb, subject_kind, students, facts)"
        f" VALUES (%s, %s, {recorded_at}, {recorded_at}, 1, false, '', '', 'tests.slipped_in', '',"
        " '{}', '{}')",
        number,
        uuid7(),
    )


def rechain():
    """Make every link and every digest right again, as somebody who has read the code would."""
    seals = ask("SELECT array_agg(number ORDER BY number) FROM audit_auditseal")
    for number in seals:
        digests = f"""(SELECT string_agg({chain.ENTRY_DIGEST}, ''::bytea ORDER BY e.id)
            FROM audit_auditentry e WHERE e.id = ANY (s.ids))"""
        with owners_cursor() as cursor:
            cursor.execute("ALTER TABLE audit_auditseal DISABLE TRIGGER ALL")
            cursor.execute(
                "UPDATE audit_auditseal s SET previous = coalesce((SELECT hash FROM audit_auditseal"
                " WHERE number = s.number - 1), decode(repeat('00', 32), 'hex')),"
                f" digests = {digests} WHERE number = %(number)s",
                chain.parameters() | {"number": number},
            )
            cursor.execute(
                f"UPDATE audit_auditseal s SET hash = {chain.SEAL_HASH} WHERE number = %(number)s",
                chain.parameters() | {"number": number},
            )
    by_hand("SELECT 1", table="audit_auditseal")


def test_t45_a_row_inserted_where_another_was_deleted_is_named(chained):
    row = chained[14]
    by_hand("DELETE FROM audit_auditentry WHERE id = %s", row.id)
    insert_by_hand(row.id)
    assert found() == {"BENT": 1}


def skip_an_id():
    return ask("SELECT nextval('audit_auditentry_id_seq')")


def test_t45_a_row_inserted_in_the_past_is_named(record, holds):
    write(5)
    free = skip_an_id()
    write(5)
    sealing.seal_all()
    # An hour later nobody waits for that id any more.
    by_hand(
        "UPDATE audit_auditseal SET sealed_at = sealed_at - interval '61 minutes'",
        table="audit_auditseal",
    )
    by_hand("UPDATE audit_auditentry SET recorded_at = recorded_at - interval '61 minutes'")
    rechain()
    write(5)
    sealing.seal_all()
    holds()
    insert_by_hand(free, recorded_at="now() - interval '61 minutes'")
    sealing.seal_all()
    faults = verify().faults
    assert set(faults) == {Fault.INSERTED}
    assert faults[Fault.INSERTED].first.startswith(f"id {free}, ")
    assert "tests.slipped_in" in faults[Fault.INSERTED].first


def test_t45_a_missing_and_an_inserted_row_do_not_make_up_for_each_other(record, holds):
    rows = write(5)
    free = skip_an_id()
    write(5)
    sealing.seal_all()
    by_hand("UPDATE audit_auditseal SET awaited = '{}'", table="audit_auditseal")
    rechain()
    holds()
    insert_by_hand(free)
    by_hand("DELETE FROM audit_auditentry WHERE id = %s", rows[2].id)
    assert found() == {"MISSING": 1, "INSERTED": 1}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("- interval '1 day'", {"MISDATED": 1}),
        ("- interval '2 minutes'", {"MISDATED": 1}),
        ("+ interval '2 minutes'", {"MISDATED": 1}),
        ("- interval '1 second'", {}),
    ],
)
def test_t45_a_new_row_dated_back_or_forward_is_named_once_it_is_sealed(chained, when, expected):
    insert_by_hand(skip_an_id(), recorded_at=f"clock_timestamp() {when}")
    sealing.seal_all()
    assert found() == expected


def test_t45_a_row_dated_back_is_named_before_it_is_sealed(chained):
    insert_by_hand(skip_an_id(), recorded_at="now() - interval '1 day'")
    report = verify()
    assert found() == {"UNSEALED": 1}
    assert "tests.slipped_in" in report.faults[Fault.UNSEALED].first
    assert report.tail_age > timedelta(hours=23).total_seconds()


SEAL_COLUMNS = {
    "previous": "sha256('x')",
    "hash": "sha256('x')",
    "sealed_at": "sealed_at - interval '1 microsecond'",
    "ids": "ids[:5] || ids[7:]",
    "digests": "substr(digests, 33)",
    "highest": "highest + 1",
    "awaited": "int8multirange(int8range(1, 2))",
    "entries": "entries + 1",
}


def test_every_column_of_a_seal_is_bent_below():
    assert set(SEAL_COLUMNS) == {field.column for field in AuditSeal._meta.fields} - {"number"}


@pytest.mark.parametrize("column", sorted(SEAL_COLUMNS))
def test_t45_a_bent_seal_is_named_whichever_its_column(chained, column):
    number = AuditSeal.objects.latest("number").number - 1
    by_hand(
        f"UPDATE audit_auditseal SET {column} = {SEAL_COLUMNS[column]} WHERE number = %s",
        number,
        table="audit_auditseal",
    )
    faults = verify().faults
    assert faults[Fault.SEAL_BENT].first == f"seal {number}"


def test_t45_a_row_bent_with_its_digest_bends_the_seal(chained):
    number = AuditSeal.objects.latest("number").number - 1
    by_hand("UPDATE audit_auditentry SET user_id = 2 WHERE id = %s", chained[14].id)
    by_hand(
        f"""UPDATE audit_auditseal s SET digests = (
            SELECT string_agg({chain.ENTRY_DIGEST.replace("%(school)s", "%s")}, ''::bytea ORDER BY e.id)
            FROM audit_auditentry e WHERE e.id = ANY (s.ids)) WHERE number = %s""",
        str(chain.record_of()),
        number,
        table="audit_auditseal",
    )
    assert found() == {"SEAL_BENT": 1}


def test_t45_a_missing_seal_is_named(chained):
    number = AuditSeal.objects.latest("number").number - 1
    by_hand("DELETE FROM audit_auditseal WHERE number = %s", number, table="audit_auditseal")
    faults = verify().faults
    assert faults[Fault.SEAL_MISSING].first == f"seal {number}"
    assert faults[Fault.INSERTED].count == 10


def test_t45_a_seal_renumbered_is_named(chained):
    by_hand("UPDATE audit_auditseal SET number = number + 100", table="audit_auditseal")
    assert {"SEAL_MISSING", "SEAL_BENT"} <= set(found())


def test_t45_a_tail_cut_off_with_its_seals_is_named_by_the_anchor(chained, holds):
    anchors.anchor_head()
    assert holds().anchored_number == AuditSeal.objects.latest("number").number
    number = AuditSeal.objects.latest("number").number
    by_hand("DELETE FROM audit_auditseal WHERE number = %s", number, table="audit_auditseal")
    by_hand("DELETE FROM audit_auditentry WHERE id >= %s", chained[20].id)
    faults = verify().faults
    assert set(faults) == {Fault.CUT_OFF}
    assert faults[Fault.CUT_OFF].first.startswith(f"seal {number}, anchored ")
    write(3)
    sealing.seal_all()
    assert found() == {"REWRITTEN": 1}


def test_t45_a_whole_chain_made_anew_is_named_by_the_anchor(chained, holds):
    by_hand("UPDATE audit_auditentry SET user_id = 2 WHERE id = %s", chained[14].id)
    assert found() == {"BENT": 1}
    rechain()
    assert found() == {}
    anchors.anchor_head()
    holds()
    by_hand("UPDATE audit_auditentry SET user_id = 3 WHERE id = %s", chained[14].id)
    rechain()
    assert found() == {"REWRITTEN": 1}
    anchors.anchor_head()
    assert found() == {"REWRITTEN": 1}


def test_t45_a_forged_anchor_is_a_finding_and_hides_nothing(chained, holds):
    anchors.anchor_head()
    holds()
    head = AuditSeal.objects.latest("number")
    head.hash = bytes(32)
    assert anchors._put(head)
    assert found() == {"REWRITTEN": 1}


def test_a_store_out_of_reach_is_said_and_is_no_fault(chained, settings, holds):
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    assert not holds().is_anchor_known


def test_t18_t45_the_record_of_another_school_is_named_by_every_row(chained, school_b):
    number = AuditSeal.objects.count()
    with in_school(school_b):
        sealing.seal_all()
    other = type(school_b)(ref=uuid7(), schema_name=ask("SELECT current_schema()"), slug="other")
    with in_school(other):
        faults = verify().faults
    assert faults[Fault.SEAL_BENT].count == number
    assert faults[Fault.BENT].count == AuditEntry.objects.count()


def test_t18_t45_rows_copied_from_another_school_are_named(chained, school_a, school_b, holds):
    ours = ask("SELECT current_schema()")
    with in_school(school_b):
        write(10)
        sealing.seal_all()
        theirs = ask("SELECT current_schema()")
    for table in ("audit_auditseal", "audit_auditentry"):
        by_hand(f"DELETE FROM {ours}.{table}", table=table)
        by_hand(f"INSERT INTO {ours}.{table} SELECT * FROM {theirs}.{table}", table=table)
    faults = verify().faults
    assert faults[Fault.SEAL_BENT].count == AuditSeal.objects.count()
    assert faults[Fault.BENT].count == AuditEntry.objects.count()


TEXTS = st.text(
    st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=20
)
NEW_VALUES = st.one_of(
    st.tuples(st.sampled_from(["verb", "key", "request_id", "subject_kind"]), TEXTS),
    st.tuples(st.sampled_from(["user_id", "transaction"]), st.integers(0, 2**62)),
    st.tuples(st.sampled_from(["subject_ref", "ref"]), st.uuids()),
    st.tuples(st.just("had_key"), st.booleans()),
    st.tuples(st.just("address"), st.ip_addresses().map(str)),
    st.tuples(st.just("students"), st.lists(st.uuids(), max_size=3)),
    st.tuples(
        st.sampled_from(["happened_at", "recorded_at"]),
        st.datetimes(timezones=st.just(UTC)),
    ),
    st.tuples(
        st.sampled_from(["facts", "changes"]),
        st.dictionaries(TEXTS, TEXTS | st.integers() | st.none() | st.booleans(), max_size=3),
    ),
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, 29), change=NEW_VALUES)
def test_t45_any_change_of_any_row_is_named(chained, place, change):
    column, value = change
    row = chained[place]
    point = transaction.savepoint()
    field = AuditEntry._meta.get_field(column)
    prepared = field.get_db_prep_save(value, connection)
    by_hand(f"UPDATE audit_auditentry SET {column} = %s WHERE id = %s", prepared, row.id)
    is_changed = getattr(AuditEntry.objects.get(pk=row.pk), column) != getattr(row, column)
    faults = verify().faults
    transaction.savepoint_rollback(point)
    assert ({Fault.BENT} <= set(faults)) is is_changed
    if is_changed:
        assert faults[Fault.BENT].first.startswith(f"id {row.id}, ")
