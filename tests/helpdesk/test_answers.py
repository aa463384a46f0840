"""Replies, questions, notes, and taking back."""

from datetime import UTC, datetime, timedelta

import pytest

from core.audit.models import AuditEntry
from core.outbox.models import OutboxEvent
from core.outbox.registry import TryLater
from core.refusals import Refused
from helpdesk.models import TicketMessage
from helpdesk.selectors.handover import reply_told
from helpdesk.services.answers import ask, reply, undo_send, write_note
from helpdesk.services.handling import complete_ticket
from helpdesk.terms import AgentRole, Refusal
from tests.helpdesk.desk import GREENWOOD, TUESDAY, agent, fresh, raised

NOON = datetime(2026, 2, 10, 12, tzinfo=UTC)


@pytest.fixture
def ticket(desk, agatha):
    return raised(TUESDAY)


def test_a_reply_keeps_the_promise_and_opens_the_ticket(ticket, desk, agatha):
    desk.shift(timedelta(minutes=30))
    message = reply(actor=agatha, ref=ticket.ref, text="  Try now. ")
    now = fresh(ticket)
    assert (now.state, now.first_reply_met_at) == ("open", TUESDAY + timedelta(minutes=30))
    assert now.first_reply_due_at == NOON
    assert now.is_touched
    assert message.text == "Try now."
    entry = AuditEntry.objects.filter(verb="ticket.replied").latest("id")
    assert (entry.user_id, entry.facts) == (agatha.user_id, {"message": str(message.ref)})


def test_whoever_replies_to_nobodys_ticket_takes_it(desk, lena):
    ticket = raised(TUESDAY)
    assert ticket.agent is None
    reply(actor=lena, ref=ticket.ref, text="Try now.")
    assert fresh(ticket).agent_id == lena.reader.agent_id


def test_it_is_sent_in_ten_seconds_and_told_to_the_school(ticket, desk, agatha):
    message = reply(actor=agatha, ref=ticket.ref, text="Try now.")
    due = {one.kind: one.due_at for one in OutboxEvent.objects.filter(kind__startswith="helpdesk.")}
    ten = TUESDAY + timedelta(seconds=10)
    assert due == {"helpdesk.ticket_replied": ten, "helpdesk.ticket_settled": ten}
    with pytest.raises(TryLater):
        reply_told(message.ref)
    desk.shift(timedelta(seconds=10))
    told = reply_told(message.ref)
    assert (told.ticket_ref, told.school_ref, told.message_ref) == (
        ticket.ref,
        GREENWOOD,
        message.ref,
    )
    assert (told.agent_name, told.text, told.is_question) == ("Agatha Agent", "Try now.", False)
    assert told.sent_at == ten


@pytest.mark.parametrize("say", [reply, ask])
def test_taken_back_within_ten_seconds_the_ticket_stands_as_before(say, ticket, desk, agatha):
    before = fresh(ticket)
    message = say(actor=agatha, ref=ticket.ref, text="Try now.")
    assert fresh(ticket).state != before.state
    desk.shift(timedelta(seconds=9))
    undo_send(actor=agatha, ref=message.ref)
    after = fresh(ticket)
    for column in ("state", "first_reply_due_at", "first_reply_met_at", "resolution_due_at"):
        assert getattr(after, column) == getattr(before, column), column
    desk.shift(timedelta(seconds=2))
    assert reply_told(message.ref) is None


def test_it_cannot_be_taken_back_later_nor_twice_nor_by_somebody_else(ticket, desk, agatha):
    message = reply(actor=agatha, ref=ticket.ref, text="Try now.")
    with pytest.raises(Refused) as refused:
        undo_send(actor=agent("berta"), ref=message.ref)
    assert refused.value.why == Refusal.NOT_YOURS
    other = reply(actor=agatha, ref=ticket.ref, text="Try again.")
    undo_send(actor=agatha, ref=other.ref)
    desk.shift(timedelta(seconds=10))
    for ref in (message.ref, other.ref):
        with pytest.raises(Refused) as refused:
            undo_send(actor=agatha, ref=ref)
        assert refused.value.why == Refusal.SENT_ALREADY
    assert TicketMessage.objects.get(ref=message.ref).undone_at is None


def test_the_first_of_two_replies_taken_back_leaves_the_second_as_the_first(ticket, desk, agatha):
    first = reply(actor=agatha, ref=ticket.ref, text="One.")
    desk.shift(timedelta(seconds=5))
    reply(actor=agatha, ref=ticket.ref, text="Two.")
    undo_send(actor=agatha, ref=first.ref)
    assert fresh(ticket).first_reply_met_at == TUESDAY + timedelta(seconds=5)


def test_a_question_is_a_reply_and_the_ticket_waits(ticket, desk, agatha):
    ask(actor=agatha, ref=ticket.ref, text="Which address?")
    now = fresh(ticket)
    assert (now.state, now.resolution_due_at) == ("waiting", None)
    assert now.first_reply_met_at == TUESDAY


def test_a_note_is_no_reply_and_is_told_to_nobody(ticket, desk, agatha):
    note = write_note(actor=agatha, ref=ticket.ref, text="Ask the head.")
    assert fresh(ticket).first_reply_met_at is None
    assert fresh(ticket).state == "new"
    assert not OutboxEvent.objects.filter(kind__startswith="helpdesk.").exists()
    with pytest.raises(TicketMessage.DoesNotExist):
        reply_told(note.ref)


def test_an_empty_text_an_editor_and_a_settled_ticket_are_refused(ticket, desk, agatha):
    edith = agent("edith", role=AgentRole.EDITOR)
    reply(actor=agatha, ref=ticket.ref, text="Try now.")
    for say in (reply, ask, write_note):
        with pytest.raises(Refused) as refused:
            say(actor=agatha, ref=ticket.ref, text=" \n ")
        assert refused.value.why == Refusal.NOTHING_SAID
        with pytest.raises(Refused) as refused:
            say(actor=edith, ref=ticket.ref, text="Hello.")
        assert refused.value.why == Refusal.NOT_AN_ANSWERER
    complete_ticket(actor=agatha, ref=ticket.ref)
    for say in (reply, ask):
        with pytest.raises(Refused) as refused:
            say(actor=agatha, ref=ticket.ref, text="Hello.")
        assert refused.value.why == Refusal.SETTLED
    assert write_note(actor=agatha, ref=ticket.ref, text="For next time.")
