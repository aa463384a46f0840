"""‘My tickets’: who sees which, the thread, reopening, rating, files."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.exceptions import ObjectDoesNotExist

from core import clock
from core.attachments import services as attachments
from core.refusals import Refused
from helpdesk.terms import TicketState
from support.models import Ticket, TicketFile
from support.policies import (
    TicketFacts,
    why_not_answer,
    why_not_open,
    why_not_rate,
    why_not_reopen,
)
from support.selectors import tickets as selectors
from support.terms import Refusal
from tests.factories import entries_about, make_staff, make_student
from tests.support.tickets import hidden_fields, make_answer, make_ticket


@pytest.fixture
def ticket(teacher):
    return make_ticket(teacher)


@pytest.fixture
def other(in_school_a):
    return make_staff("other")


def complete(ticket, ago=timedelta(days=1)):
    Ticket.objects.filter(pk=ticket.pk).update(
        state=TicketState.COMPLETED, completed_at=clock.now() - ago, number="T-000001"
    )


def facts_of(state, completed_at=None, author_id=1):
    return TicketFacts(author_id=author_id, state=state, completed_at=completed_at)


def test_g8_02_people_see_their_own_and_administrators_all(
    browse, teacher, other, administrator, ticket
):
    make_ticket(other, subject="Another matter")
    mine = browse(teacher).get("/support/tickets/").text
    assert ("Import fails" in mine, "Another matter" in mine) == (True, False)
    theirs = browse(administrator).get("/support/tickets/").text
    assert ("Import fails" in theirs, "Another matter" in theirs) == (True, True)
    assert "Tickets of your school" in theirs
    path = f"/support/tickets/{ticket.ref}/"
    assert browse(teacher).get(path).status_code == 200
    assert browse(administrator).get(path).status_code == 200
    assert browse(other).get(path).status_code == 404


def test_g8_02_an_administrator_without_their_key_sees_none(administrator, ticket):
    without = make_staff("admin", kind="administrator", has_key=False)
    assert list(Ticket.objects.visible_to(administrator.reader)) == [ticket]
    assert list(Ticket.objects.visible_to(without.reader)) == []
    assert why_not_open(without.reader).value == "show_key"


def test_g8_02_only_the_requester_writes_on_it(browse, administrator, teacher, ticket):
    make_answer(teacher, ticket)
    with pytest.raises(Refused) as refused:
        make_answer(administrator, ticket)
    assert refused.value.why is Refusal.NOT_YOURS
    page = browse(administrator).get(f"/support/tickets/{ticket.ref}/").text
    assert 'id="answer-form"' not in page
    assert 'id="answer-form"' in browse(teacher).get(f"/support/tickets/{ticket.ref}/").text


def test_g8_02_a_ticket_of_somebody_else_is_not_there_to_write_on(browse, teacher, other, ticket):
    with pytest.raises(ObjectDoesNotExist):
        make_answer(other, ticket)
    for page in ("answers", "rating"):
        path = f"/support/tickets/{ticket.ref}/{page}/"
        assert browse(other).get(path).status_code == 404
        assert browse(other).post(path, {"text": "x", "rating": "1"}).status_code == 404
        assert browse(teacher).get(path).status_code == 302


def test_g8_02_an_answer_is_looked_through_like_a_ticket(browse, teacher, ticket):
    make_student("Zoë", "Quillfeather")
    path = f"/support/tickets/{ticket.ref}/answers/"
    form = {"submission": str(ticket.ref), "text": "It is Zoë Quillfeather."}
    page = browse(teacher).post(path, form).text
    assert "<ins>Pupil A</ins>" in page
    assert ticket.messages.count() == 1
    client = browse(teacher)
    assert client.post(path, {**hidden_fields(page), "send": "mask"}).status_code == 302
    assert ticket.messages.latest("pk").text == "It is Pupil A."
    assert [one.verb for one in entries_about(ticket.ref)][-1] == "ticket.answered"


def test_g8_02_a_letter_stands_for_the_same_student_all_through_a_ticket(teacher):
    make_student("Zoë", "Quillfeather")
    make_student("Tom", "Oystercatcher")
    ticket = make_ticket(teacher, text="Zoë Quillfeather is twice there.")
    answer = make_answer(teacher, ticket, text="Tom Oystercatcher too, like Quillfeather.")
    assert answer.text == "Pupil B too, like Pupil A."
    who = selectors.ticket_page(teacher.reader, ticket.ref).pupils
    assert [(one.letter, one.students[0].given_name) for one in who] == [("A", "Zoë"), ("B", "Tom")]


def test_g8_02_a_completed_ticket_is_reopened_within_14_days(browse, teacher, ticket):
    complete(ticket, timedelta(days=13, hours=23))
    client = browse(teacher)
    page = client.get(f"/support/tickets/{ticket.ref}/").text
    assert "Reopen this ticket" in page
    form = {"submission": str(ticket.ref), "text": "It fails again."}
    client.post(f"/support/tickets/{ticket.ref}/answers/", form)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.completed_at) == (TicketState.OPEN, None)
    verbs = [one.verb for one in entries_about(ticket.ref)]
    assert verbs[-2:] == ["ticket.reopened", "ticket.answered"]


def test_g8_02_and_not_after_them(browse, teacher, ticket):
    complete(ticket, timedelta(days=14, minutes=1))
    assert "Reopen this ticket" not in browse(teacher).get(f"/support/tickets/{ticket.ref}/").text
    with pytest.raises(Refused) as refused:
        make_answer(teacher, ticket)
    assert refused.value.why is Refusal.TOO_LATE


def test_g8_02_each_condition_of_writing_reopening_and_rating(teacher):
    reader, now = teacher.reader, clock.now()
    own = {"author_id": reader.staff_id}
    assert why_not_answer(reader, facts_of(TicketState.OPEN, **own)) is None
    assert why_not_answer(reader, facts_of(TicketState.OPEN, author_id=-1)) is Refusal.NOT_YOURS
    assert why_not_answer(reader, facts_of(TicketState.CLOSED, now, **own)) is Refusal.SETTLED
    assert why_not_rate(reader, facts_of(TicketState.CLOSED, now, **own)) is None
    assert why_not_rate(reader, facts_of(TicketState.OPEN, **own)) is Refusal.NOT_SETTLED
    assert why_not_rate(reader, facts_of(TicketState.CLOSED, now, -1)) is Refusal.NOT_YOURS
    completed = facts_of(TicketState.COMPLETED, now - timedelta(days=14), reader.staff_id)
    assert why_not_reopen(reader, completed, now) is None
    assert why_not_reopen(reader, completed, now + timedelta(seconds=1)) is Refusal.TOO_LATE
    assert why_not_reopen(reader, facts_of(TicketState.OPEN, **own), now) is Refusal.NOT_SETTLED
    theirs = facts_of(TicketState.COMPLETED, now, -1)
    assert why_not_reopen(reader, theirs, now) is Refusal.NOT_YOURS


def test_g8_02_the_answer_is_rated_from_1_to_5_with_a_sentence(browse, teacher, ticket):
    make_student("Zoë", "Quillfeather")
    complete(ticket)
    client, path = browse(teacher), f"/support/tickets/{ticket.ref}/rating/"
    for wrong in ("0", "6", "x", ""):
        assert "Choose from 1 to 5." in client.post(path, {"rating": wrong}).text
    client.post(path, {"rating": "4", "words": "Zoë Quillfeather is there again."})
    ticket.refresh_from_db()
    assert (ticket.rating, ticket.rating_words) == (4, "Pupil A is there again.")
    assert "4 of 5. Pupil A is there again." in client.get(f"/support/tickets/{ticket.ref}/").text
    assert [one.verb for one in entries_about(ticket.ref)][-2:] == ["ticket.rated", "ticket.viewed"]


def test_g8_02_what_is_not_completed_is_not_rated(browse, teacher, ticket):
    answer = browse(teacher).post(f"/support/tickets/{ticket.ref}/rating/", {"rating": "5"})
    assert answer.status_code == 403
    assert "This ticket is not completed yet." in unescape(answer.text)


def test_g8_02_its_files_are_handed_out_to_those_who_see_it(browse, teacher, other, administrator):
    file = attachments.seal(actor=teacher, filename="log.txt", chunks=[b"Quiet words.\n"])
    ticket = make_ticket(teacher, files=[file])
    path = f"/support/files/{TicketFile.objects.get().ref}/"
    assert path in browse(teacher).get(f"/support/tickets/{ticket.ref}/").text
    for who in (teacher, administrator):
        answer = browse(who).get(path)
        assert b"".join(answer.streaming_content) == b"Quiet words.\n"
        assert "log.txt" in answer.headers["Content-Disposition"]
    assert [one.verb for one in entries_about(file.ref)].count("attachment.opened") == 2
    assert browse(other).get(path).status_code == 404
    assert browse(teacher).get(f"/files/{file.ref}/").status_code == 404


@pytest.mark.parametrize("number", [1, 100])
def test_g8_02_the_list_asks_the_same_questions_of_1_and_100(
    browse, teacher, number, django_assert_num_queries
):
    make_student("Zoë", "Quillfeather")
    for _ in range(number):
        make_ticket(teacher, subject="Zoë Quillfeather", anyway_because="Her name is misspelt.")
    client = browse(teacher)
    client.get("/support/tickets/")
    with django_assert_num_queries(10):
        page = client.get("/support/tickets/")
    assert page.text.count("ui-row__link") == min(number, 50)


@pytest.mark.parametrize("number", [1, 100])
def test_g8_02_a_ticket_asks_the_same_questions_with_1_and_100_messages(
    browse, teacher, number, django_assert_num_queries
):
    ticket = make_ticket(teacher)
    for _ in range(number):
        make_answer(teacher, ticket)
    client = browse(teacher)
    client.get(f"/support/tickets/{ticket.ref}/")
    with django_assert_num_queries(13):
        page = client.get(f"/support/tickets/{ticket.ref}/")
    assert page.text.count("moj-timeline__item") == number + 1


def test_g8_02_somebody_of_another_school_finds_nothing(browse, teacher, ticket, school_b):
    assert browse(teacher).get(f"/support/tickets/{ticket.ref}/").status_code == 200
    anonymous = browse(school=school_b).get(f"/support/tickets/{ticket.ref}/")
    assert anonymous.headers["Location"].startswith("/login/")
