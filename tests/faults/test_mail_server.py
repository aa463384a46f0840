"""What the mail server says and does (acceptance G3.3; threats t61, t62)."""

from tests.faults.rig import Rig, eventually

REFUSED, DEFERRED, CUT_OFF, TAKEN = (
    f"{name}@example.test" for name in ("refuse-550", "defer-450-x2", "hang-up", "anybody")
)


def test_t62_refused_deferred_and_cut_off_emails_each_end_as_they_should(working_rig: Rig) -> None:
    rig = working_rig
    answer = rig.office.does("alert", emails=[REFUSED, DEFERRED, CUT_OFF, TAKEN], incidents=1)
    alerts = dict(zip([REFUSED, DEFERRED, CUT_OFF, TAKEN], answer["refs"], strict=True))

    def event(email: str) -> dict[str, object]:
        return rig.events(f"payload->>'ref' = '{alerts[email]}'")[0]

    def copies(email: str) -> int:
        return rig.copies()[str(event(email)["ref"])]

    eventually(lambda: all(row["attempts"] for row in rig.events()), rig=rig)
    assert event(TAKEN)["done_at"]
    assert event(REFUSED)["parked_at"]
    for waiting in (DEFERRED, CUT_OFF):
        assert not event(waiting)["done_at"]
        assert not event(waiting)["parked_at"]
        assert event(waiting)["due_at"] > event(waiting)["appended_at"]
    assert copies(DEFERRED) == 0
    assert copies(CUT_OFF) == 1

    rig.let_backoff_pass()
    eventually(lambda: event(CUT_OFF)["attempts"] == event(DEFERRED)["attempts"] == 2, rig=rig)
    rig.change("attempts = 7", where=f"payload->>'ref' = '{alerts[CUT_OFF]}'")
    rig.let_backoff_pass()
    eventually(lambda: bool(event(DEFERRED)["done_at"] and event(CUT_OFF)["parked_at"]), rig=rig)
    # Each copy of the mail that the server took and never answered for carries the same id.
    assert [copies(email) for email in alerts] == [0, 1, 3, 1]

    rows = rig.alerts()
    said = {email: rows[ref]["email_refusal"] for email, ref in alerts.items()}
    assert said[REFUSED] == "550 As the address asks"
    assert "may have arrived" in said[CUT_OFF]
    assert said[DEFERRED] == said[TAKEN] == ""
    assert rows[alerts[DEFERRED]]["emailed_at"]
    assert not rows[alerts[REFUSED]]["emailed_at"]

    failures = rig.office.does("failures")
    assert failures["code"] == 1
    assert len(failures["said"].splitlines()) == 2
    assert all(alerts[email] in failures["said"] for email in (REFUSED, CUT_OFF))
    assert "@" not in failures["said"]


def test_t62_mail_server_away_costs_no_attempt_and_all_leave_when_it_is_back(
    working_rig: Rig,
) -> None:
    rig = working_rig
    rig.mailbox.kill()
    rig.office.does("alert", emails=[f"person{n}@example.test" for n in range(20)], incidents=1)
    eventually(
        lambda: any("cannot be reached" in row["last_error"] for row in rig.events()), rig=rig
    )
    assert {row["attempts"] for row in rig.events()} == {0}

    rig.mailbox.start()
    rig.mailbox.wait_ready()
    rig.let_backoff_pass()
    eventually(lambda: not rig.events("done_at IS NULL"), rig=rig)
    assert set(rig.copies().values()) == {1}
    assert len(rig.copies()) == 20


def test_t61_worker_killed_while_the_mail_server_thinks_sends_it_again_with_the_same_id(
    working_rig: Rig,
) -> None:
    rig = working_rig
    rig.office.does("alert", emails=["slow-3@example.test"], incidents=1)
    eventually(lambda: not rig.events("true FOR UPDATE SKIP LOCKED"), rig=rig)
    rig.worker.kill()
    eventually(lambda: bool(rig.events("true FOR UPDATE SKIP LOCKED")), within=2, rig=rig)

    rig.worker.start()
    rig.let_backoff_pass()
    eventually(lambda: bool(rig.events("done_at IS NOT NULL")), rig=rig)
    assert len(rig.copies()) == 1
    assert rig.copies().total() <= 2


def test_t61_event_that_another_worker_is_sending_is_left_to_it(rig: Rig) -> None:
    rig.office.does("alert", emails=["first@example.test", "second@example.test"], incidents=1)
    with rig.locked_event() as under_way:
        rig.worker.start()
        rig.beat.start()
        eventually(lambda: bool(rig.events("done_at IS NOT NULL")), rig=rig, within=20)
        assert under_way not in rig.copies()
    eventually(lambda: not rig.events("done_at IS NULL"), rig=rig)
    assert set(rig.copies().values()) == {1}
    assert len(rig.copies()) == 2
