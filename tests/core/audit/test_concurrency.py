"""Writers who commit late and roll back, sealers who compete, all at once (threat t45)."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection, transaction

from core.actors import Actor
from core.audit import chain, sealing, services
from core.audit.models import AuditEntry, AuditSeal
from core.audit.selectors import seal_state
from core.audit.verification import verify
from core.tenancy import in_school
from schools.services.onboarding import onboard_school
from tests.factories import forget_school

WRITERS = 8
ROUNDS = 40


class ChangedTheirMind(Exception):
    """A transaction ends without a commit."""


@pytest.fixture(scope="module")
def ashwood(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A school whose transactions are really committed; it is gone afterwards."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        connection.pool.resize(1, WRITERS + 4)
        school = onboard_school(
            slug="ashwood", name="Ashwood School", urn="123499", admin_email="head@ashwood.example"
        )
        yield school
        forget_school(school)
        connection.close()


@pytest.fixture
def at_ashwood(ashwood: Any, django_db_blocker: Any) -> Iterator[Any]:
    with django_db_blocker.unblock(), in_school(ashwood):
        yield ashwood


def beside(school: Any, work: Any) -> Any:
    """Return ``work`` as a thread runs it: on a connection of its own, at the school."""

    def run(*args: Any) -> Any:
        try:
            with in_school(school):
                return work(*args)
        finally:
            connection.close()

    return run


def write_some(seed: int) -> list[Any]:
    """Commit and roll back, fast and slowly; return the references of what was committed."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    committed: list[Any] = []
    for _ in range(ROUNDS):
        before = len(committed)
        try:
            with transaction.atomic(durable=True):
                for _ in range(chance.randint(1, 4)):
                    services.record(Actor(user_id=seed), "tests.done")
                    committed.append(AuditEntry.objects.latest("id").ref)
                    Event().wait(chance.choice([0, 0, 0.001, 0.02]))
                if chance.random() < 0.3:
                    raise ChangedTheirMind
        except ChangedTheirMind:
            del committed[before:]
    return committed


def test_t45_every_committed_entry_is_sealed_exactly_once_and_the_chain_holds(
    at_ashwood, monkeypatch
):
    monkeypatch.setattr(chain, "MOST_ENTRIES", 7)
    done = Event()

    def seal_on_and_on() -> int:
        sealed = 0
        while not done.is_set():
            sealed += sealing.seal_batch()
        return sealed

    with ThreadPoolExecutor(WRITERS + 2) as threads:
        sealers = [threads.submit(beside(at_ashwood, seal_on_and_on)) for _ in range(2)]
        writers = [threads.submit(beside(at_ashwood, write_some), seed) for seed in range(WRITERS)]
        try:
            committed = {ref for one in writers for ref in one.result(timeout=60)}
        finally:
            done.set()
        sealed = sum(one.result() for one in sealers)
    sealed += sealing.seal_all()
    entries = dict(AuditEntry.objects.values_list("id", "ref"))
    assert len(committed) > 200
    assert committed <= set(entries.values())
    in_seals = [number for ids in AuditSeal.objects.values_list("ids", flat=True) for number in ids]
    assert sorted(in_seals) == sorted(entries)
    assert sealed == len(in_seals)
    seals = list(AuditSeal.objects.order_by("number"))
    latecomers = [one for before, one in pairwise(seals) if one.ids[0] < before.highest]
    assert latecomers, "nobody was late: this proved nothing"
    assert verify().faults == {}


def test_t45_a_writer_waits_for_no_sealer(at_ashwood):
    holding, written = Barrier(2), Event()

    def hold_a_seal() -> int:
        with transaction.atomic():
            sealed = sealing.seal_batch.__wrapped__()
            holding.wait(10)
            written.wait(10)
            return sealed

    services.record(Actor(), "tests.done")
    with ThreadPoolExecutor(1) as threads:
        sealer = threads.submit(beside(at_ashwood, hold_a_seal))
        holding.wait(10)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
            services.record(Actor(), "tests.done")
        assert sealing.seal_batch() == 0
        written.set()
        assert sealer.result() >= 1
    assert sealing.seal_batch() == 1
    assert verify().faults == {}


def test_t45_a_slow_transaction_is_waited_for_and_holds_up_nobody(at_ashwood):
    written, sealed = Event(), Event()

    def take_time() -> None:
        with transaction.atomic():
            services.record(Actor(), "tests.slow")
            written.set()
            sealed.wait(10)

    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(beside(at_ashwood, take_time))
        written.wait(10)
        services.record(Actor(), "tests.done")
        assert sealing.seal_all() == 1
        assert verify().faults == {}
        sealed.set()
        slow.result()
    assert seal_state().unsealed_count == 1
    assert verify().faults == {}
    assert sealing.seal_all() == 1
    assert AuditEntry.objects.get(pk=AuditSeal.objects.latest("number").ids[0]).verb == "tests.slow"
    assert verify().faults == {}
