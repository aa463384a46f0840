"""New keys for a school while everybody works on."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import StringIO

import psycopg
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from core import clock, keyring
from core.audit.models import AuditEntry
from core.identifiers import uuid7
from core.refusals import Refused
from core.tenancy import in_control_plane
from tenants import tasks
from tenants.models import School
from tenants.services import keys
from tenants.terms import KeysRefusal, SchoolState
from tests.tenants.keys import NOBODY, assert_opens, row_of, seal, sealing_keys

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def begin(school):
    return keys.begin_rotation(actor=NOBODY, school_ref=school.ref)


def promote(school):
    keys.promote_keys(actor=NOBODY, school_ref=school.ref)


def verbs(school):
    with in_control_plane():
        return list(
            AuditEntry.objects.filter(subject_ref=school.ref)
            .order_by("id")
            .values_list("verb", flat=True)
        )


def wait_until_everybody_knows(school):
    """As if the rotation had begun earlier: the object store refuses another clock than its own."""
    with in_control_plane():
        School.objects.filter(pk=school.pk).update(keys_rotated_at=clock.now() - keys.GRACE)


def test_what_was_sealed_before_during_and_after_a_rotation_opens(school_a):
    before_row = row_of(school_a)
    before = seal(before_row)
    begin(school_a)
    during_row = row_of(school_a)
    during = seal(during_row)
    assert sealing_keys(during_row) == sealing_keys(before_row)
    # Those who hold the older row meet nothing that they do not know.
    assert_opens(before_row, before, during)
    assert_opens(during_row, before, during)
    wait_until_everybody_knows(school_a)
    promote(school_a)
    after_row = row_of(school_a)
    assert not set(sealing_keys(after_row)) & set(sealing_keys(before_row))
    after = seal(after_row)
    assert_opens(after_row, before, during, after)
    assert_opens(during_row, before, during, after)
    # And this is what the wait is for:
    keyring.forget_opened_keysets()
    with pytest.raises(Exception, match=r"[Dd]ecrypt|damaged|matching"):
        assert_opens(before_row, after)
    assert verbs(school_a)[-2:] == ["keys.rotated", "keys.promoted"]


def test_new_keys_do_not_seal_before_everybody_can_know_them(school_a, time_machine_at):
    time_machine_at.move_to(NOON, tick=False)
    begin(school_a)
    for early in (timedelta(0), keys.GRACE - timedelta(seconds=1), timedelta(hours=-1)):
        time_machine_at.move_to(NOON + early, tick=False)
        with pytest.raises(Refused) as refused:
            promote(school_a)
        assert refused.value.why == KeysRefusal.TOO_EARLY
    time_machine_at.move_to(NOON + keys.GRACE, tick=False)
    promote(school_a)
    with pytest.raises(Refused) as refused:
        promote(school_a)
    assert refused.value.why == KeysRefusal.NOT_ROTATING


def test_the_wait_is_longer_than_the_longest_task(settings):
    assert keys.GRACE.total_seconds() > settings.CELERY_TASK_TIME_LIMIT


def test_two_rotations_do_not_run_into_each_other(school_a):
    begin(school_a)
    first = row_of(school_a)
    with pytest.raises(Refused) as refused:
        begin(school_a)
    assert refused.value.why == KeysRefusal.ROTATING
    assert bytes(row_of(school_a).text_keyset) == bytes(first.text_keyset)


def test_a_rotation_waits_for_whoever_holds_the_row(school_a, services):
    with (
        psycopg.connect(services.postgres.owner_url) as other,
        other.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT 1 FROM public.tenants_school WHERE ref = %s FOR NO KEY UPDATE", [school_a.ref]
        )
        with connection.cursor() as ours:
            ours.execute("SET LOCAL lock_timeout = '100ms'")
        for change in (begin, promote):
            with pytest.raises(OperationalError, match="lock timeout"):
                change(school_a)
        other.rollback()
        begin(school_a)


def test_a_keyset_that_is_full_is_left_alone_and_named(school_a, monkeypatch):
    monkeypatch.setattr("core.keyring.changes.MOST_BYTES", 150)
    before, sealed = row_of(school_a), seal(row_of(school_a))
    with pytest.raises(keyring.KeysetFull):
        begin(school_a)
    after = row_of(school_a)
    assert bytes(after.text_keyset) == bytes(before.text_keyset)
    assert after.keys_rotated_at is None
    assert_opens(after, sealed)
    with pytest.raises(CommandError, match="room for 1 keys"):
        command(school_a)


def test_files_and_texts_are_rotated_both_or_neither(school_a, monkeypatch):
    before = row_of(school_a)
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(files_keyset=b"nonsense")
    with pytest.raises(keyring.KeysetRefused):
        begin(school_a)
    assert bytes(row_of(school_a).text_keyset) == bytes(before.text_keyset)


# The command -------------------------------------------------------------------------------------


def command(school):
    told = StringIO()
    call_command("rotate_keys", "--school", school.slug, stdout=told)
    return told.getvalue()


def test_the_command_says_what_comes_next_and_when(school_a, time_machine_at):
    time_machine_at.move_to(NOON, tick=False)
    assert "seal from 12:15 on 2 March 2026 (GMT) on" in command(school_a)
    time_machine_at.move_to(NOON + timedelta(minutes=14), tick=False)
    assert "A rotation is under way" in command(school_a)
    time_machine_at.move_to(NOON + timedelta(minutes=15), tick=False)
    assert "seal from now on" in command(school_a)
    assert "New keys have joined" in command(school_a)


# The sweep ---------------------------------------------------------------------------------------


def sweep():
    return tasks.rotate_keysets.run()


def test_old_keysets_are_rotated_and_promoted_by_themselves(
    school_a, school_b, time_machine_at, settings
):
    settings.KEYSET_ROTATION_DAYS = 30
    made = row_of(school_a).created_at
    time_machine_at.move_to(made + timedelta(days=29), tick=False)
    assert sweep() == 0
    later = made + timedelta(days=31)
    time_machine_at.move_to(later, tick=False)
    assert sweep() == 2
    assert sweep() == 0
    assert row_of(school_a).keys_rotated_at == later
    time_machine_at.move_to(later + keys.GRACE, tick=False)
    assert sweep() == 2
    assert row_of(school_b).keys_promoted_at == later + keys.GRACE
    assert sweep() == 0
    time_machine_at.move_to(later + timedelta(days=31), tick=False)
    assert sweep() == 2


def test_a_sweep_ends_after_so_many_and_goes_on_the_next_time(school_a, school_b, time_machine_at):
    time_machine_at.move_to(row_of(school_b).created_at + timedelta(days=366), tick=False)
    done = [keys.rotate_what_is_due(actor=NOBODY, at_most=1) for _ in range(3)]
    assert [(one.begun, one.promoted) for one in done] == [(1, 0), (1, 0), (0, 0)]


def test_a_school_whose_keysets_do_not_open_holds_no_other_up(school_a, school_b, time_machine_at):
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(text_keyset=b"nonsense")
    time_machine_at.move_to(row_of(school_b).created_at + timedelta(days=366), tick=False)
    done = keys.rotate_what_is_due(actor=NOBODY, at_most=1)
    assert (done.begun, done.failed) == (1, 1)
    assert row_of(school_b).is_rotating


def test_a_school_that_is_not_open_is_not_rotated(school_a, school_b, time_machine_at):
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(state=SchoolState.SUSPENDED)
    time_machine_at.move_to(row_of(school_b).created_at + timedelta(days=366), tick=False)
    assert sweep() == 1
    assert not row_of(school_a).is_rotating


# Any order of events -----------------------------------------------------------------------------

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 25)),
        st.tuples(st.just("sweep"), st.just(0)),
        st.tuples(st.just("rotate"), st.just(0)),
        st.tuples(st.just("start"), st.just(0)),
        st.tuples(st.just("seal"), st.integers(0, 9)),
    ),
    max_size=40,
)


def bare_school():
    """A school that is a row and two keysets."""
    number = School.objects.count()
    school = School(slug=f"bare-{number}", name="Bare", urn=f"{500000 + number}", state="open")
    school.take(keyring.new_keysets(school.ref))
    school.save()
    return school


@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(events=EVENTS)
def test_whoever_works_no_longer_than_a_task_may_opens_all_there_is(school_a, settings, events):
    longest = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
    with in_control_plane(), time_machine.travel(NOON, tick=False) as traveller:
        school, now, texts = bare_school(), NOON, []
        at_work = [(now, row_of(school))]
        for event, number in events:
            at_work = [(since, row) for since, row in at_work if now - since <= longest]
            if event == "wait":
                now += timedelta(minutes=number)
                traveller.move_to(now, tick=False)
            elif event == "start":
                at_work.append((now, row_of(school)))
            elif event == "seal" and at_work:
                _, row = at_work[number % len(at_work)]
                texts.append(keyring.text_aead(row).encrypt(uuid7().bytes, b""))
            else:
                step = begin if event == "rotate" else promote
                with suppress(Refused):
                    step(school)
            for _, row in at_work:
                for text in texts:
                    assert keyring.text_aead(row).decrypt(text, b"")
