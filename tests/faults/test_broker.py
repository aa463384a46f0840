"""The broker may be down, mute, or have forgotten everything (threat t60)."""

import os
import signal

from tests.faults.rig import Rig, eventually, forget_everything

PEOPLE = [f"person{number}@example.test" for number in range(3)]


def test_t60_submits_go_on_without_a_broker_and_the_sweep_delivers_later(rig: Rig) -> None:
    rig.office.does("alert", emails=PEOPLE, incidents=1)
    rig.broker.kill()
    answer = rig.office.does("alert", emails=PEOPLE, incidents=3)
    assert max(answer["took"]) < 1

    forget_everything(rig.broker)
    rig.broker.start()
    rig.worker.start()
    rig.beat.start()
    eventually(lambda: not rig.events("done_at IS NULL"), rig=rig)
    assert len(rig.copies()) == 12
    assert set(rig.copies().values()) == {1}


def test_t60_broker_that_does_not_answer_holds_nobody_up(rig: Rig) -> None:
    rig.office.does("alert", emails=PEOPLE, incidents=1)
    assert rig.broker.pid
    os.kill(rig.broker.pid, signal.SIGSTOP)
    try:
        answer = rig.office.does("alert", emails=PEOPLE, incidents=2)
    finally:
        os.kill(rig.broker.pid, signal.SIGCONT)
    # A second for the connection that was good before, and for nothing else.
    assert max(answer["took"]) < 2


def test_t60_bells_that_a_restarted_broker_kept_ring_for_nothing_twice(rig: Rig) -> None:
    rig.office.does("alert", emails=PEOPLE, incidents=1)
    for _ in range(5):
        rig.office.does("ring")
    rig.broker.kill()
    rig.broker.start()
    rig.broker.wait_ready()
    rig.worker.start()
    eventually(lambda: not rig.events("done_at IS NULL"), rig=rig)
    rig.office.does("ring")
    rig.worker.kill()
    assert len(rig.copies()) == 3
    assert set(rig.copies().values()) == {1}
