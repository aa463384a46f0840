"""What schools send."""

from datetime import UTC, datetime, timedelta

import pytest

from core.audit.models import AuditEntry
from core.outbox.models import OutboxEvent
from helpdesk.models import Alarm, SchoolCard, Ticket, TicketEvent
from helpdesk.selectors.handover import tickets_told
from helpdesk.services.answers import ask, reply
from helpdesk.services.handling import complete_ticket
from helpdesk.services.intake import rate, receive_answer, receive_ticket, reopen
from helpdesk.terms import AgentRole
from tests.helpdesk.desk import (
    EVENING,
    GREENWOOD,
    SHEET,
    TUESDAY,
    agent,
    answered,
    fresh,
    handover,
    raised,
)


def kinds(ticket):
    return list(
        TicketEvent.objects.filter(ticket=ticket).order_by("pk").values_list("kind", flat=True)
    )


def at(day, hour, minute=0):
    return datetime(2026, 2, day, hour, minute, tzinfo=UTC)


def test_in_hours_it_goes_to_the_free_agent_with_a_number_and_a_promise(desk, agatha):
    ticket = raised(TUESDAY, files=(SHEET,))
    assert ticket.agent_id == agatha.reader.agent_id
    assert ticket.team.name == "Accounts"
    assert ticket.number == f"T-{ticket.pk:06d}"
    assert fresh(ticket).first_reply_due_at == at(10, 12)
    # 16 hours of working time: 7½ on Tuesday, 8½ on Wednesday.
    assert fresh(ticket).resolution_due_at == at(11, 17)
    assert kinds(ticket) == ["raised", "routed", "acknowledged"]
    assert [one.kind for one in ticket.messages.order_by("pk")] == ["requester", "acknowledgement"]
    file = ticket.messages.first().files.get()
    assert (file.ref, file.name, file.size) == (SHEET.ref, "sheet.csv", 1200)
    entry = AuditEntry.objects.get(verb="ticket.received", subject_ref=ticket.ref)
    assert (entry.subject_ref, entry.facts) == (ticket.ref, {"school": str(GREENWOOD)})
    assert tickets_told(ticket.ref)[0].promised_at == at(10, 12)


def test_out_of_hours_it_queues_and_is_promised_for_the_opening(desk, agatha):
    desk.move_to(EVENING)
    ticket = raised(EVENING)
    assert ticket.agent_id is None
    assert ticket.first_reply_due_at == at(10, 10, 30)
    assert kinds(ticket) == ["raised", "queued", "acknowledged"]


def test_where_nobody_is_free_it_queues_in_hours_too(desk):
    agent("edith", role=AgentRole.EDITOR)
    agent("away", is_on_duty=False)
    assert raised(TUESDAY).agent_id is None


def test_the_same_ticket_handed_over_twice_is_one(desk, agatha):
    told = handover(TUESDAY, files=(SHEET,))
    first = receive_ticket(told)
    before = (TicketEvent.objects.count(), AuditEntry.objects.count())
    assert receive_ticket(told) == first
    assert Ticket.objects.count() == 1
    assert (TicketEvent.objects.count(), AuditEntry.objects.count()) == before


def test_urgent_comes_first_and_raises_an_alarm(desk):
    calm, urgent = raised(TUESDAY), raised(TUESDAY, is_urgent=True)
    assert urgent.priority == "urgent"
    assert urgent.first_reply_due_at == at(10, 10, 30)
    assert [one.ticket for one in Alarm.objects.all()] == [urgent]
    assert list(Ticket.objects.in_hand().first_things_first()) == [urgent, calm]


def test_the_school_card_is_told_anew_with_each_ticket(desk):
    raised(TUESDAY)
    raised(TUESDAY, school_name="Greenwood Academy")
    card = SchoolCard.objects.get()
    assert (card.ref, card.name, card.key_holders) == (GREENWOOD, "Greenwood Academy", 3)
    assert card.administrators == ["Ada Minster"]


def test_an_acknowledgement_is_no_reply(desk, agatha):
    assert raised(TUESDAY).first_reply_met_at is None


def test_an_answer_ends_the_wait_and_the_pause(desk, agatha):
    ticket = raised(TUESDAY)
    ask(actor=agatha, ref=ticket.ref, text="Which address?")
    assert (fresh(ticket).state, fresh(ticket).resolution_due_at) == ("waiting", None)
    assert tickets_told(ticket.ref)[0].promised_at is None
    desk.shift(timedelta(hours=2))
    told = answered(ticket, at(10, 12), masked=2)
    receive_answer(told)
    receive_answer(told)
    # Two hours later than when it was raised.
    assert (fresh(ticket).state, fresh(ticket).resolution_due_at) == ("open", at(12, 10))
    assert fresh(ticket).masked == 2
    assert ticket.messages.filter(kind="requester").count() == 2


def test_an_answer_that_was_written_before_the_question_arrives_after_it(desk, agatha):
    ticket = raised(TUESDAY)
    desk.shift(timedelta(hours=1))
    ask(actor=agatha, ref=ticket.ref, text="Which address?")
    receive_answer(answered(ticket, at(10, 10, 30)))
    assert (fresh(ticket).state, fresh(ticket).resolution_due_at) == ("open", at(11, 17))


def test_an_answer_to_a_completed_ticket_takes_it_up_again(desk, agatha):
    ticket = raised(TUESDAY)
    reply(actor=agatha, ref=ticket.ref, text="Try now.")
    complete_ticket(actor=agatha, ref=ticket.ref)
    receive_answer(answered(ticket, TUESDAY))
    assert (fresh(ticket).state, fresh(ticket).completed_at) == ("open", None)


@pytest.mark.parametrize(("days", "is_reopened"), [(14, True), (15, False)])
def test_its_requester_may_reopen_it_within_14_days(days, is_reopened, desk, agatha):
    ticket = raised(TUESDAY)
    complete_ticket(actor=agatha, ref=ticket.ref)
    desk.shift(timedelta(days=days))
    reopen(ticket.ref, at=TUESDAY + timedelta(days=days))
    assert (fresh(ticket).completed_at is None) is is_reopened
    receive_answer(answered(ticket, TUESDAY + timedelta(days=days)))
    assert (fresh(ticket).completed_at is None) is is_reopened
    assert ticket.messages.filter(text="Here it is.").exists()


def test_a_reopened_ticket_has_an_hour_of_working_time_at_least(desk, agatha):
    ticket = raised(TUESDAY)
    desk.move_to(at(20, 16, 30))  # Friday, long overdue
    complete_ticket(actor=agatha, ref=ticket.ref)
    reopen(ticket.ref, at=at(20, 16, 30))
    # Half an hour until the office closes on Friday, and half an hour on Monday.
    assert fresh(ticket).resolution_due_at == at(23, 9)


def test_reopened_it_goes_back_to_its_agent_or_is_dealt_out_anew(desk, agatha):
    from helpdesk.services.presence import go_off_duty

    ticket = raised(TUESDAY)
    complete_ticket(actor=agatha, ref=ticket.ref)
    berta = agent("berta")
    reopen(ticket.ref, at=TUESDAY)
    assert fresh(ticket).agent_id == agatha.reader.agent_id
    complete_ticket(actor=agatha, ref=ticket.ref)
    go_off_duty(actor=agatha)
    reopen(ticket.ref, at=TUESDAY)
    assert fresh(ticket).agent_id == berta.reader.agent_id


def test_a_rating_is_kept_and_the_last_word_counts(desk, agatha):
    ticket = raised(TUESDAY)
    rate(ticket.ref, rating=2)
    rate(ticket.ref, rating=4)
    rate(ticket.ref, rating=4)
    assert fresh(ticket).rating == 4
    assert kinds(ticket).count("rated") == 2


def test_the_log_and_the_outbox_hold_references_and_codes_alone(desk, agatha):
    ticket = raised(TUESDAY)
    ask(actor=agatha, ref=ticket.ref, text="Which address?")
    receive_answer(answered(ticket, TUESDAY))
    told = [*TicketEvent.objects.values_list("facts", flat=True)]
    told += [*OutboxEvent.objects.values_list("payload", flat=True)]
    told += [*AuditEntry.objects.values_list("facts", flat=True)]
    told += [*AuditEntry.objects.values_list("changes", flat=True)]
    assert len(told) > 10
    for secret in ("Rita", "rita@", "my password", "Which", "Here it is", "I cannot"):
        assert secret not in str(told)
