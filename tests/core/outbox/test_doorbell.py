"""The bell: one for many, and never in the way (threats t07, t60, t70)."""

from typing import Any

import pytest
from celery.exceptions import Reject
from django.core.cache import cache

from core.identifiers import uuid7
from core.outbox import doorbell, services, tasks
from core.tenancy import in_control_plane, in_school
from tenants.models import School
from tenants.terms import SchoolState


class Broker:
    """Stands in the Celery application's place and takes down what it is sent."""

    def __init__(self) -> None:
        self.bells: list[str] = []
        self.is_down = False

    def send_task(self, _name: str, *, args: list[str], **_options: Any) -> None:
        if self.is_down:
            raise ConnectionError("broker")
        self.bells += args


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch, in_school_a: Any) -> Broker:
    cache.delete("outbox-bell")
    broker = Broker()
    monkeypatch.setattr(doorbell, "current_app", broker)
    return broker


def test_one_bell_for_all_that_happens_until_it_is_answered(broker: Broker, school_a: Any):
    for _ in range(500):
        doorbell.ring()
    assert broker.bells == [str(school_a.ref)]
    doorbell.answer()
    doorbell.ring()
    assert len(broker.bells) == 2


def test_bell_of_one_school_does_not_silence_another(broker: Broker, school_a: Any, school_b: Any):
    doorbell.ring()
    with in_school(school_b):
        cache.delete("outbox-bell")
        doorbell.ring()
    assert broker.bells == [str(school_a.ref), str(school_b.ref)]


def test_t60_dead_broker_or_cache_does_not_fail_what_was_saved(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
):
    broker.is_down = True
    doorbell.ring()

    def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError("cache")

    monkeypatch.setattr(cache, "add", fail)
    monkeypatch.setattr(cache, "delete", fail)
    doorbell.ring()
    doorbell.answer()
    assert broker.bells == []


def test_relay_answers_before_it_looks(broker: Broker, school_a: Any, monkeypatch: Any):
    doorbell.ring()

    def look(**_: Any) -> int:
        doorbell.ring()  # an append that commits while the relay is looking
        return 0

    monkeypatch.setattr(services, "act_on_all", look)
    tasks.relay.run(str(school_a.ref))
    assert len(broker.bells) == 2


@pytest.mark.parametrize("ref", ["", "none", str(uuid7()), None, 7])
def test_t07_message_without_a_school_runs_nowhere(school_a: Any, monkeypatch: Any, ref: Any):
    monkeypatch.setattr(services, "act_on_all", lambda **_: 1)
    assert tasks.relay.run(str(school_a.ref)) == 1
    with pytest.raises(Reject):
        tasks.relay.run(ref)


@pytest.mark.parametrize("state", [SchoolState.SUSPENDED, SchoolState.ONBOARDING])
def test_t07_message_of_a_closed_school_runs_nowhere(school_a: Any, monkeypatch: Any, state: str):
    monkeypatch.setattr(services, "act_on_all", lambda **_: 1)
    assert tasks.relay.run(str(school_a.ref)) == 1
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(state=state)
    with pytest.raises(Reject):
        tasks.relay.run(str(school_a.ref))


def test_bell_without_a_school_is_the_control_planes_and_rings_for_no_school(
    db: None, monkeypatch: Any
):
    rung: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        doorbell.current_app, "send_task", lambda name, *, args, **_: rung.append((name, args))
    )
    doorbell.answer()
    doorbell.ring()
    doorbell.answer()
    assert rung == [("core.outbox.relay_control_plane", [])]
