"""What nobody was told is on one list for the whole fleet (threat t62)."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from core import clock
from core.outbox import services as outbox
from core.outbox.models import OutboxEvent
from core.outbox.registry import OutOfReach, Undeliverable
from core.tenancy import in_school
from notifications.channels.email import post
from safeguarding.models import Alert
from safeguarding.services.deliveries import LEFT
from schools.models import Staff
from tests.factories import make_incident, make_staff


def listing(*options: str) -> tuple[int, list[list[str]]]:
    """Run the command; return its exit code and its lines, split."""
    said = StringIO()
    code: Any = 0
    try:
        call_command("failed_deliveries", *options, stdout=said)
    except SystemExit as end:
        code = end.code
    return code, [line.split("\t") for line in said.getvalue().splitlines()]


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let every mail end in the exception given."""

    def end_in(error: Exception) -> None:
        def send(*_: Any) -> None:
            raise error

        monkeypatch.setattr(post.Post, "send", send)

    return end_in


def alert_somebody(school: Any) -> Alert:
    with in_school(school):
        make_incident(make_staff(), recipients=[make_staff()])
        outbox.act_on_all()
        return Alert.objects.latest("pk")


def test_t62_nothing_failed_is_nothing_said(school_a: Any):
    alert_somebody(school_a)
    assert listing() == (0, [])


def test_t62_refused_alert_is_one_line_with_its_reference_at_its_school(
    school_a: Any, school_b: Any, answer: Any
):
    answer(Undeliverable("550 5.1.1 unknown"))
    alert = alert_somebody(school_b)
    code, lines = listing()
    assert code == 1
    with in_school(school_b):
        parked_at = OutboxEvent.objects.get().parked_at
        assert parked_at
    assert lines == [
        [
            "hillside",
            str(alert.ref),
            "safeguarding.alert_raised",
            parked_at.isoformat(timespec="seconds"),
            "550 5.1.1 unknown",
        ]
    ]
    assert alert.email_refusal == "550 5.1.1 unknown"
    assert listing("--school", "greenwood") == (0, [])
    assert listing("--school", "hillside") == (1, lines)


def test_t62_recipient_who_left_and_parked_event_without_an_alert_are_listed(school_a: Any):
    with in_school(school_a):
        recipient = make_staff()
        make_incident(make_staff(), recipients=[recipient])
        Staff.objects.filter(pk=recipient.staff_id).update(is_active=False)
        outbox.act_on_all()
        OutboxEvent.objects.create(
            kind="tests.broken", payload={}, parked_at=clock.now(), last_error="KeyError"
        )
    code, lines = listing()
    assert code == 1
    assert sorted(line[4] for line in lines) == sorted([LEFT, "KeyError"])


def test_t62_what_is_stuck_behind_a_dead_server_is_listed_after_a_while(school_a: Any, answer: Any):
    answer(OutOfReach("The mail server cannot be reached."))
    alert_somebody(school_a)
    alert_somebody(school_a)
    assert listing() == (0, [])
    with in_school(school_a):
        OutboxEvent.objects.update(appended_at=clock.now() - timedelta(minutes=16))
    code, [line] = listing()
    assert code == 1
    assert line[4] == "2 waiting. The mail server cannot be reached."


def test_list_can_be_of_the_last_days_only(school_a: Any, answer: Any):
    answer(Undeliverable("550"))
    alert_somebody(school_a)
    assert listing("--days", "1")[0] == 1
    with in_school(school_a):
        OutboxEvent.objects.update(parked_at=clock.now() - timedelta(days=2))
    assert listing("--days", "1") == (0, [])
    assert listing()[0] == 1


def test_t21_unknown_school_is_said_and_is_not_mistaken_for_a_failure(school_a: Any):
    with pytest.raises(CommandError, match="no open school") as error:
        listing("--school", "nowhere")
    assert error.value.returncode == 2
