"""The broker may be down, mute, or have forgotten everything (threat t60)."""

import os
import signal

import pytest

from tests.faults.rig import Rig, eventually, forget_everything

PEOPLE = [f"person{number}@example.test" for number in range(3)]


def test_t60_submits_go_on_without_a_broker_and_the_sweep_delivers_later(rig: Rig) -> None:
    rig.office.does("alert", emails=PEOPLE, incidents=1)
    rig.broker.kill()
    took = rig.office.does("alert", emails=PEOPLE, incidents=2)["took"]
    # The first ring finds a connection that broke, the others none: each must end at once.
    took += [rig.office.does("ring") for _ in range(3)]
    rig.cache.kill()
    took += rig.office.does("alert", emails=PEOPLE, incidents=1)["took"]
    took += [rig.office.does("ring")]
    assert max(took) < 1

    forget_everything(rig.broker)
    rig.repair()
    rig.worker.start()
    rig.beat.start()
    eventually(lambda: not rig.events("done_at IS NULL"), rig=rig)
    assert len(rig.copies()) == 12
    assert set(rig.copies().values()) == {1}


@pytest.mark.parametrize("what", ["broker", "cache"])
def test_t60_server_that_does_not_answer_holds_nobody_up(rig: Rig, what: str) -> None:
    rig.office.does("alert", emails=PEOPLE, incidents=1)
    service = getattr(rig, what)
    os.kill(service.pid, signal.SIGSTOP)
    try:
        took = rig.office.does("alert", emails=PEOPLE, incidents=1)["took"]
        took += [rig.office.does("ring") for _ in range(2)]
    finally:
        os.kill(service.pid, signal.SIGCONT)
    # One second is the patience with a server that took the connection and then says nothing.
    assert max(took) < 2


def test_t60_bells_that_a_restarted_broker_kept_ring_for_nothing_twice(rig: Rig) -> None:
    rig.office.does("alert", emails=PEOPLE, incidents=1)
    for _ in range(5):
        rig.office.does("ring")
    rig.broker.kill()
    rig.broker.start()
    rig.broker.wait_ready()
    rig.worker.start()
    eventually(lambda: not rig.events("done_at IS NULL"), rig=rig)
    rig.worker.kill()
    assert len(rig.copies()) == 3
    assert set(rig.copies().values()) == {1}
