"""Alerts leave exactly once, whatever is killed meanwhile (acceptance G3.3; threats t60, t61)."""

import time
from collections import Counter
from collections.abc import Callable

from tests.faults.rig import SENDERS, Rig, eventually, forget_everything

PEOPLE = [f"person{number}@example.test" for number in range(50)]


def test_t61_g3_03_500_alerts_under_kills_are_500_emails(rig: Rig) -> None:
    hit_the_window: Counter[str] = Counter()

    def kill_worker() -> None:
        rig.worker.kill()
        note_hits()
        rig.worker.start()

    def kill_mail_server() -> None:
        rig.mailbox.kill()
        note_hits()
        rig.mailbox.start()
        rig.change("due_at = now()", where="done_at IS NULL")

    def kill_and_empty_broker() -> None:
        rig.broker.kill()
        forget_everything(rig.broker)
        time.sleep(1)
        rig.broker.start()

    def note_hits() -> None:
        hits = rig.accepted_but_not_done() - hit_the_window
        assert hits.total() <= SENDERS
        hit_the_window.update(hits)

    rig.worker.start()
    rig.beat.start()
    rig.office.begins("alert", emails=PEOPLE, incidents=10)
    kills: list[tuple[int, Callable[[], None]]] = [
        (50, kill_worker),
        (150, kill_mail_server),
        (250, kill_and_empty_broker),
        (350, kill_worker),
        (450, kill_worker),
    ]
    for so_many, kill in kills:
        eventually(lambda so_many=so_many: rig.number_of_mails() >= so_many, rig=rig)  # type: ignore[misc] # mypy and defaults
        kill()
    refs = rig.office.answer()["refs"]
    eventually(lambda: not rig.events("done_at IS NULL"), rig=rig)

    events = [str(row["ref"]) for row in rig.events()]
    assert len(refs) == len(events) == 500
    # Five hundred different emails; a copy only where a kill hit the window, with the same id.
    assert rig.copies() == Counter(events) + hit_the_window
    alerts = rig.alerts()
    assert all(alerts[ref]["emailed_at"] for ref in refs)
