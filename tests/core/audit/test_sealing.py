"""Sealing: every entry once, in batches, with what was committed late (threat t45)."""

from django.db import connection

from core.audit import chain, sealing, tasks
from core.audit.models import AuditSeal
from core.audit.selectors import seal_state
from core.tenancy import in_control_plane, in_school
from tenants.models import School
from tenants.selectors import schools_with_unsealed_audit
from tenants.terms import SchoolState
from tests.core.audit.conftest import ask, by_hand, write
from tests.owner import owners_cursor


def last():
    return AuditSeal.objects.latest("number")


def awaited():
    """The ids that may still appear, as the last seal has them."""
    return {number for one in last().awaited for number in range(one.lower, one.upper)}


def test_entries_are_sealed_in_order_and_counted(record, holds):
    before = last()
    rows = write(3)
    assert sealing.seal_all() == 3
    assert last().number == before.number + 1
    assert bytes(last().previous) == bytes(before.hash)
    assert last().ids == [row.id for row in rows]
    assert last().entries == before.entries + 3
    holds()


def test_where_there_is_nothing_to_seal_no_seal_is_made(record):
    number = last().number
    assert sealing.seal_all() == 0
    assert last().number == number


def test_batches_are_bounded_and_follow_each_other(record, holds, monkeypatch):
    monkeypatch.setattr(chain, "MOST_ENTRIES", 4)
    number = last().number
    write(10)
    assert sealing.seal_all(at_most=2) == 8
    assert seal_state().unsealed_count == 2
    assert sealing.seal_all() == 2
    lengths = [len(seal.ids) for seal in AuditSeal.objects.filter(number__gt=number)]
    assert sorted(lengths) == [2, 4, 4]
    holds()


def test_the_state_says_how_far_the_record_is_sealed(record):
    state = seal_state()
    assert (state.unsealed_count, state.oldest_unsealed_at) == (0, None)
    assert state.sealed_until == last().sealed_at
    assert (state.head_number, state.head_hash) == (last().number, bytes(last().hash).hex())
    first, _second = write(2)
    state = seal_state()
    assert (state.unsealed_count, state.oldest_unsealed_at) == (2, first.recorded_at)


def test_the_state_before_the_first_seal(in_school_a):
    write()
    state = seal_state()
    assert state.unsealed_count >= 1
    assert (state.sealed_until, state.head_number, state.head_hash) == (None, 0, "0" * 64)


def commit_late(number):
    """Let an entry appear whose id was drawn before others that are sealed."""
    write()
    by_hand(
        "UPDATE audit_auditentry SET id = %s WHERE id = (SELECT max(id) FROM audit_auditentry)",
        number,
    )


def test_what_was_committed_late_is_sealed_when_it_appears(record, holds):
    drawn = ask("SELECT nextval('audit_auditentry_id_seq')")
    lost = ask("SELECT nextval('audit_auditentry_id_seq')")
    write(2)
    sealing.seal_all()
    assert {drawn, lost} <= awaited()
    assert not awaited() & set(last().ids)
    assert seal_state().unsealed_count == 0
    commit_late(drawn)
    assert seal_state().unsealed_count == 1
    assert holds().unsealed == 1
    highest = last().highest
    assert sealing.seal_all() == 1
    assert last().ids == [drawn]
    assert last().highest == highest
    assert lost in awaited()
    assert drawn not in awaited()
    assert sealing.seal_all() == 0
    holds()


def test_an_id_that_never_appeared_is_waited_for_no_longer_than_any_transaction(record):
    lost = ask("SELECT nextval('audit_auditentry_id_seq')")
    write()
    sealing.seal_all()
    assert lost in awaited()
    by_hand(
        "UPDATE audit_auditseal SET sealed_at = sealed_at - interval '59 minutes'",
        table="audit_auditseal",
    )
    write()
    sealing.seal_all()
    assert lost in awaited()
    by_hand(
        "UPDATE audit_auditseal SET sealed_at = sealed_at - interval '2 minutes'",
        table="audit_auditseal",
    )
    write()
    sealing.seal_all()
    assert lost not in awaited()


# The sweep


def test_the_sweep_seals_the_schools_that_have_something_unsealed(school_a, school_b, monkeypatch):
    rung = []
    monkeypatch.setattr(tasks.seal, "apply_async", lambda args, **_: rung.extend(args))
    for school in (school_a, school_b):
        with in_school(school):
            sealing.seal_all()
    assert tasks.sweep.run() == 0
    with in_school(school_b):
        write(2)
    assert tasks.sweep.run() == 1
    assert rung == [str(school_b.ref)]
    assert tasks.seal.run(rung[0]) == 2
    assert tasks.sweep.run() == 0


def test_the_sweep_seals_the_control_planes_record(school_a, monkeypatch):
    monkeypatch.setattr(tasks.seal, "apply_async", lambda args, **_: None)
    with in_control_plane():
        write(2)
        assert seal_state().unsealed_count >= 2
    tasks.sweep.run()
    with in_control_plane():
        assert seal_state().unsealed_count == 0


def test_a_latecomer_alone_is_something_unsealed(school_a):
    with in_school(school_a):
        drawn = ask("SELECT nextval('audit_auditentry_id_seq')")
        write()
        sealing.seal_all()
        assert school_a.ref not in schools_with_unsealed_audit()
        commit_late(drawn)
    assert school_a.ref in schools_with_unsealed_audit()


def test_a_damaged_schema_stops_no_other_and_a_closed_school_is_not_asked(school_a, school_b):
    for school in (school_a, school_b):
        with in_school(school):
            write()
    assert set(schools_with_unsealed_audit()) == {school_a.ref, school_b.ref}
    with owners_cursor() as cursor:
        cursor.execute(f"DROP TABLE {school_a.schema_name}.audit_auditseal")
    assert schools_with_unsealed_audit() == [school_b.ref]
    with in_control_plane():
        School.objects.filter(pk=school_b.pk).update(state=SchoolState.SUSPENDED)
    assert schools_with_unsealed_audit() == []


def test_nobody_else_may_ask_which_schools_have_something_unsealed(db):
    granted = ask("SELECT proacl::text FROM pg_proc WHERE proname = 'schools_with_unsealed_audit'")
    # An entry without a name before the sign would be everybody's.
    assert granted
    assert not granted.startswith("{=")
    assert ",=" not in granted
    assert ask("SELECT prosecdef FROM pg_proc WHERE proname = 'schools_with_unsealed_audit'")


def test_anchors_are_asked_for_at_each_open_school_and_put(school_a, school_b, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.anchor, "delay", asked.append)
    assert tasks.anchor_everywhere.run() == 2
    assert set(asked) == {str(school_a.ref), str(school_b.ref)}
    with in_school(school_a):
        write()
    assert tasks.anchor.run(str(school_a.ref)) == 1
    assert tasks.anchor.run(str(school_a.ref)) == 0
    with in_school(school_a):
        assert seal_state().unsealed_count == 0


def test_a_seal_of_ten_thousand_entries_fits(record, holds):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditentry (ref, happened_at, had_key, key, request_id, verb,"
            " subject_kind, students, facts) SELECT uuidv7(), now(), false, '', '', 'tests.done', '',"
            " '{}', '{}' FROM generate_series(1, 10001)"
        )
    assert sealing.seal_all() == 10_001
    assert (
        ask("SELECT octet_length(digests) FROM audit_auditseal ORDER BY number DESC LIMIT 1") == 32
    )
    assert holds().entries > 10_000
