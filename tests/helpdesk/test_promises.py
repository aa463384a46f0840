"""What a ticket's log says of its promises."""

from datetime import timedelta

import pytest

from helpdesk.promises import Event, Kind, State, Targets, promises_at
from helpdesk.working_time import Interval
from tests.helpdesk.calendars import NEVER, OFFICE, at, every_day, minutes

NORMAL = Targets(first_reply=minutes(240), resolution=minutes(960))
URGENT = Targets(first_reply=minutes(30), resolution=minutes(120))
LONGER = every_day("06:00-22:00")


def log(*lines, calendar=OFFICE, targets=NORMAL, raised="10 09:00"):
    """Events of February 2026, a Tuesday the 10th: ``("10 09:30", "reply")``."""
    created = Event(kind=Kind.CREATED, at=feb(raised), calendar=calendar, targets=targets)
    return [created, *(event(*line) for line in lines)]


def event(when, kind, **facts):
    return Event(kind=Kind(kind), at=feb(when), **facts)


def feb(written):
    return at(f"2026-02-{written}Z")


def test_a_ticket_just_raised_owes_both():
    got = promises_at(log(), feb("10 09:30"))
    assert got.state is State.OPEN
    assert (got.first_reply.due, got.first_reply.met) == (feb("10 13:00"), None)
    assert (got.resolution.due, got.resolution.met) == (feb("11 16:00"), None)
    assert (got.resolution.used, got.resolution.left) == (minutes(30), minutes(930))


@pytest.mark.parametrize("kind", ["ack", "note", "answer", "wait", "priority", "calendar"])
def test_only_a_public_answer_is_a_first_reply(kind):
    answered = promises_at(log(("10 09:30", "reply")), feb("10 13:01"))
    assert answered.first_reply.met is True
    got = promises_at(log(("10 09:30", kind)), feb("10 13:01"))
    assert (got.first_reply.due, got.first_reply.met) == (feb("10 13:00"), False)


@pytest.mark.parametrize(
    ("replied", "met"), [("10 13:00:00", True), ("10 13:00:00.000001", False), ("12 09:00", False)]
)
def test_a_reply_at_the_due_time_is_in_time_and_after_it_is_not(replied, met):
    got = promises_at(log((replied, "reply"), ("13 09:00", "reply")), feb("13 10:00"))
    assert got.first_reply.met is met
    assert got.first_reply.until == feb(replied)


def test_nothing_is_missed_at_the_due_time_itself():
    assert promises_at(log(), feb("10 13:00")).first_reply.met is None
    assert promises_at(log(), feb("10 13:00:00.000001")).first_reply.met is False


def test_resolving_is_an_answer_too():
    got = promises_at(log(("10 10:00", "resolve")), feb("11 09:00"))
    assert (got.first_reply.met, got.resolution.met, got.state) == (True, True, State.RESOLVED)


def test_waiting_for_the_requester_puts_off_the_resolution_and_not_the_first_reply():
    waiting = log(("10 10:00", "wait"))
    got = promises_at(waiting, feb("10 12:00"))
    assert (got.state, got.resolution.due, got.resolution.met) == (State.WAITING, None, None)
    assert got.resolution.used == minutes(60)
    assert got.first_reply.due == feb("10 13:00")
    got = promises_at([*waiting, event("10 11:00", "answer")], feb("10 12:00"))
    assert (got.state, got.resolution.due) == (State.OPEN, feb("11 17:00"))
    assert got.resolution.used == minutes(120)
    assert got.first_reply.due == feb("10 13:00")


def test_a_second_wait_and_an_agents_reply_do_not_end_the_first():
    got = promises_at(
        log(("10 10:00", "wait"), ("10 10:30", "reply"), ("10 10:45", "wait"), ("10 11:00", "answer")),
        feb("10 12:00"),
    )  # fmt: skip
    assert got.resolution.due == feb("11 17:00")


def test_what_was_missed_before_the_wait_stays_missed():
    got = promises_at(log(("12 10:00", "wait")), feb("13 10:00"))
    assert (got.resolution.due, got.resolution.met) == (feb("11 16:00"), False)
    assert got.resolution.left < timedelta()


def test_a_resolution_out_of_the_wait_does_not_count_the_wait():
    got = promises_at(log(("10 09:30", "wait"), ("16 09:00", "resolve")), feb("20 09:00"))
    assert got.resolution.used == minutes(30)
    assert (got.resolution.due, got.resolution.met) == (feb("17 15:30"), True)


def test_a_late_resolution_is_missed():
    got = promises_at(log(("11 16:01", "resolve")), feb("11 17:00"))
    assert (got.resolution.due, got.resolution.met) == (feb("11 16:00"), False)
    assert got.resolution.left == minutes(-1)


def test_a_reopened_ticket_goes_on_where_it_was():
    got = promises_at(log(("10 12:00", "resolve"), ("12 09:00", "reopen")), feb("12 10:00"))
    assert (got.state, got.resolution.met) == (State.OPEN, None)
    assert got.resolution.used == minutes(240)
    assert got.resolution.due == feb("13 13:00")
    assert got.first_reply.until == feb("10 12:00")


@pytest.mark.parametrize("resolved", ["11 15:30", "11 17:00"])
def test_a_reopened_ticket_has_at_least_an_hour(resolved):
    story = log(("10 09:30", "reply"), (resolved, "resolve"), ("12 17:00", "reopen"))
    got = promises_at(story, feb("12 17:00")).resolution
    assert (got.left, got.due, got.met) == (minutes(60), feb("13 09:00"), None)
    again = [*story, event("13 09:00", "resolve"), event("16 08:30", "reopen")]
    assert promises_at(again, feb("13 10:00")).resolution.met is True
    assert promises_at(again, feb("16 09:00")).resolution.due == feb("16 09:30")
    assert promises_at(again, feb("16 09:00")).resolution.left == minutes(30)


def test_a_reopened_ticket_may_wait():
    story = log(
        ("11 15:30", "resolve"), ("12 09:00", "reopen"), ("12 09:30", "wait"), ("12 11:30", "answer")
    )  # fmt: skip
    assert promises_at(story, feb("12 12:00")).resolution.due == feb("12 12:00")


def test_a_changed_priority_counts_from_the_start_for_what_is_open():
    story = [*log(("10 09:20", "note")), event("10 09:40", "priority", targets=URGENT)]
    got = promises_at(story, feb("10 09:41"))
    assert (got.first_reply.due, got.first_reply.met) == (feb("10 09:30"), False)
    assert got.resolution.due == feb("10 11:00")
    assert promises_at(story, feb("10 09:39")).first_reply.due == feb("10 13:00")


def test_a_changed_calendar_counts_from_the_start_for_what_is_open():
    story = [*log(raised="10 16:30"), event("10 18:00", "calendar", calendar=LONGER)]
    got = promises_at(story, feb("10 19:00"))
    assert (got.first_reply.due, got.resolution.due) == (feb("10 20:30"), feb("11 16:30"))
    assert got.resolution.used == minutes(150)


def test_a_change_leaves_what_was_kept_alone():
    before = log(("10 10:00", "reply"), ("11 10:00", "resolve"))
    change = event("11 11:00", "priority", targets=URGENT, calendar=LONGER)
    kept = promises_at(before, feb("13 10:00"))
    assert promises_at([*before, change], feb("13 10:00")) == kept
    reopened = [*before, change, event("12 09:00", "reopen")]
    got = promises_at(reopened, feb("12 09:00"))
    assert got.first_reply == kept.first_reply
    assert (got.resolution.calendar, got.resolution.left) == (LONGER, minutes(60))


def test_a_merged_ticket_owes_nothing_more():
    got = promises_at(log(("10 10:00", "merge"), ("10 11:00", "reply")), feb("20 10:00"))
    assert (got.state, got.first_reply.met, got.resolution.met) == (State.MERGED, None, None)
    assert got.first_reply.until == feb("10 10:00")
    late = promises_at(log(("10 13:01", "merge")), feb("20 10:00"))
    assert (late.first_reply.met, late.resolution.met) == (False, None)


def test_what_does_not_fit_changes_nothing():
    fits = log(("10 10:00", "reply"), ("10 11:00", "resolve"))
    odd = [event("10 10:30", "reopen"), event("10 10:40", "answer"), event("10 12:00", "wait"), event("10 13:00", "resolve")]  # fmt: skip
    assert promises_at([*odd, *fits], feb("11 10:00")) == promises_at(fits, feb("11 10:00"))


def test_a_due_time_is_explained():
    got = promises_at(log(("10 12:00", "wait"), ("11 12:00", "answer")), feb("11 13:00"))
    assert got.resolution.explained() == [
        Interval(feb("10 09:00"), feb("10 12:00")),
        Interval(feb("11 12:00"), feb("11 17:30")),
        Interval(feb("12 08:30"), feb("12 16:00")),
    ]
    waiting = promises_at(log(("10 12:00", "wait")), feb("11 13:00")).resolution
    assert waiting.explained() == [Interval(feb("10 09:00"), feb("10 12:00"))]


def test_a_calendar_without_hours_promises_nothing():
    got = promises_at(log(calendar=NEVER), feb("20 10:00"))
    assert (got.first_reply.due, got.first_reply.met, got.resolution.used) == (None, None, timedelta())  # fmt: skip


def test_a_log_that_does_not_begin_is_refused():
    for broken in (
        [],
        log()[1:],
        [event("10 09:00", "reply")],
        [event("10 09:00", "created", calendar=OFFICE)],
        [event("10 09:00", "created", targets=NORMAL)],
    ):
        with pytest.raises(ValueError, match="begins with"):
            promises_at(broken, feb("10 10:00"))
