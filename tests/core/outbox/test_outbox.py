"""Events: kept, acted on once, postponed, parked (threats t07, t61, t71)."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest

from core import clock
from core.identifiers import uuid7
from core.outbox import doorbell, registry, services
from core.outbox.events import Event
from core.outbox.models import OutboxEvent
from core.outbox.registry import OutOfReach, TryLater, Undeliverable, handles
from core.outbox.runs import kept_for_run


@dataclass(frozen=True)
class Rang(Event):
    """Something for a handler of the tests."""

    kind: ClassVar[str] = "tests.rang"
    ref: UUID
    times: int = 1
    how: str = "long"


@dataclass(frozen=True)
class Knocked(Event):
    """Something else."""

    kind: ClassVar[str] = "tests.knocked"
    ref: UUID


@pytest.fixture(autouse=True)
def no_handlers(monkeypatch: pytest.MonkeyPatch, in_school_a: Any) -> None:
    monkeypatch.setattr(registry, "_registrations", {})
    monkeypatch.setattr(doorbell, "ring", lambda: None)


def handled_by(effect: Exception | None = None, event: Any = Rang, **options: Any) -> list[Event]:
    """Register a handler that does ``effect``; return what it is called with."""
    calls: list[Event] = []

    @handles(event, **options)
    def handler(event: Any, _ref: UUID) -> None:
        calls.append(event)
        if effect:
            raise effect

    return calls


def only_row() -> OutboxEvent:
    return OutboxEvent.objects.get()


def test_event_comes_to_its_handler_as_it_was_appended_and_only_once():
    calls = handled_by()
    event = Rang(ref=uuid7(), times=3, how="short")
    services.append(event)
    assert services.act_on_all() == 1
    assert services.act_on_all() == 0
    assert calls == [event]
    assert only_row().done_at
    assert only_row().attempts == 1


@pytest.mark.parametrize("value", [None, b"bytes", 1.5, ["list"]])
def test_event_of_anything_but_references_is_refused(value: Any):
    with pytest.raises(TypeError):
        services.append(Rang(ref=value))
    assert not OutboxEvent.objects.exists()


def test_fault_is_postponed_with_backoff_and_does_not_stop_the_next_event():
    handled_by(ValueError("what somebody wrote"))
    calls = handled_by(event=Knocked)
    services.append(Rang(ref=uuid7()), Knocked(ref=uuid7()))
    assert services.act_on_all() == 2
    row = OutboxEvent.objects.get(kind=Rang.kind)
    assert row.last_error == "ValueError"
    assert row.attempts == 1
    assert row.done_at is None
    assert row.due_at - clock.now() > timedelta(seconds=8)
    assert len(calls) == 1


def test_backoff_doubles_up_to_an_hour():
    handled_by(TryLater("busy"))
    services.append(Rang(ref=uuid7()))
    pauses = []
    for attempts in (0, 1, 2, 20, 70):
        OutboxEvent.objects.update(attempts=attempts, due_at=clock.now())
        services.act_on_all()
        pauses.append(round((only_row().due_at - clock.now()).total_seconds()))
    assert pauses == [10, 20, 40, 3600, 3600]


def test_what_the_handler_wrote_before_it_failed_is_undone():
    def write(_event: Any, _ref: UUID) -> None:
        OutboxEvent.objects.create(kind="tests.trace", payload={})
        raise TryLater("busy")

    handles(Rang)(write)
    services.append(Rang(ref=uuid7()))
    services.act_on_all()
    assert not OutboxEvent.objects.filter(kind="tests.trace").exists()
    assert only_row().last_error == "busy"


def test_refusal_is_parked_at_once_and_told():
    told: list[Any] = []
    handled_by(Undeliverable("550 no"), when_parked=lambda event, why: told.append((event, why)))
    event = Rang(ref=uuid7())
    services.append(event)
    services.act_on_all()
    assert only_row().parked_at
    assert only_row().done_at is None
    assert told == [(event, "550 no")]
    assert list(services.parked_events()) == [only_row()]


@pytest.mark.parametrize(
    ("effect", "attempts"),
    [
        (TryLater("busy"), services.MOST_ATTEMPTS),
        (ValueError(), services.MOST_ATTEMPTS),
        (TryLater("may have arrived", most_attempts=8), 8),
    ],
)
def test_event_is_parked_after_its_last_attempt_and_not_before(effect: Exception, attempts: int):
    handled_by(effect)
    services.append(Rang(ref=uuid7()))
    OutboxEvent.objects.update(attempts=attempts - 2)
    services.act_on_all()
    assert only_row().parked_at is None
    OutboxEvent.objects.update(due_at=clock.now())
    services.act_on_all()
    assert only_row().parked_at
    assert only_row().attempts == attempts


def test_parking_stands_when_nobody_can_be_told():
    def tell(_event: Any, _why: str) -> None:
        raise RuntimeError

    handled_by(Undeliverable("550 no"), when_parked=tell)
    services.append(Rang(ref=uuid7()))
    services.act_on_all()
    assert only_row().parked_at


@pytest.mark.parametrize("payload", [{}, {"ref": "none", "times": 1, "how": "long"}])
def test_t71_event_that_cannot_be_read_waits_and_in_the_end_is_parked(payload: dict[str, Any]):
    calls = handled_by(when_parked=lambda _event, _why: None)
    OutboxEvent.objects.create(kind=Rang.kind, payload=payload)
    services.append(Rang(ref=uuid7()))
    services.act_on_all()
    assert len(calls) == 1
    assert OutboxEvent.objects.filter(done_at__isnull=False).count() == 1
    OutboxEvent.objects.update(attempts=services.MOST_ATTEMPTS, due_at=clock.now())
    services.act_on_all()
    assert OutboxEvent.objects.filter(parked_at__isnull=False).count() == 1


def test_event_that_nobody_here_handles_waits_for_a_newer_worker():
    services.append(Rang(ref=uuid7()))
    services.act_on_all()
    assert only_row().parked_at is None
    assert Rang.kind in only_row().last_error
    calls = handled_by()
    OutboxEvent.objects.update(due_at=clock.now())
    services.act_on_all()
    assert len(calls) == 1


def test_t62_server_out_of_reach_costs_no_attempt_and_stops_only_its_kind():
    tried = handled_by(OutOfReach("The mail server cannot be reached."))
    others = handled_by(event=Knocked)
    services.append(*(Rang(ref=uuid7()) for _ in range(5)), Knocked(ref=uuid7()))
    services.act_on_all()
    assert len(tried) == 1
    assert len(others) == 1
    waiting = OutboxEvent.objects.filter(kind=Rang.kind)
    assert set(waiting.values_list("attempts", "done_at", "parked_at")) == {(0, None, None)}
    assert all(row.due_at <= clock.now() for row in waiting)
    [(kind, number, oldest)] = services.overdue_events(by=timedelta())
    assert (kind, number) == (Rang.kind, 5)
    assert oldest.last_error == "The mail server cannot be reached."


def test_t70_run_that_meets_its_limit_rings_again(monkeypatch: pytest.MonkeyPatch):
    rings: list[int] = []
    monkeypatch.setattr(doorbell, "ring", lambda: rings.append(1))
    calls = handled_by()
    services.append(*(Rang(ref=uuid7()) for _ in range(5)))
    assert services.act_on_all(at_most=2) == 2
    assert len(rings) == 1
    assert services.act_on_all(within=timedelta()) == 1
    assert len(rings) == 2
    assert services.act_on_all() == 2
    assert len(rings) == 2
    assert len(calls) == 5


def test_run_with_much_to_do_calls_another_worker(monkeypatch: pytest.MonkeyPatch):
    rings: list[int] = []
    monkeypatch.setattr(doorbell, "ring", lambda: rings.append(1))
    calls = handled_by()
    services.append(*(Rang(ref=uuid7()) for _ in range(services.ENOUGH_FOR_TWO - 1)))
    services.act_on_all()
    assert rings == []
    services.append(*(Rang(ref=uuid7()) for _ in range(services.ENOUGH_FOR_TWO + 1)))
    services.act_on_all()
    assert rings == [1]
    assert len(calls) == 2 * services.ENOUGH_FOR_TWO


def test_what_a_handler_keeps_open_serves_the_run_and_is_closed_at_its_end():
    seen: list[str] = []

    @contextmanager
    def line() -> Any:
        seen.append("open")
        yield "line"
        seen.append("close")

    @handles(Rang)
    def handler(_event: Rang, _ref: UUID) -> None:
        seen.append(kept_for_run(line))

    services.append(Rang(ref=uuid7()), Rang(ref=uuid7()))
    services.act_on_all()
    assert seen == ["open", "line", "line", "close"]
    with pytest.raises(LookupError):
        kept_for_run(line)
