"""“Pupil A”: one letter for one pupil all through a ticket, whatever comes between."""

import pytest

from core.clock import now
from helpdesk.terms import TicketState
from support.guard import MOST_MEANT, Letters
from support.models import Ticket, TicketPupil
from support.screening import screen
from support.selectors import tickets as selectors
from support.services.tickets import answer_ticket, rate_ticket
from tests.factories import entries_about, make_student
from tests.support.tickets import make_answer, make_ticket


@pytest.fixture
def zoe(in_school_a):
    return make_student("Zoë", "Quillfeather")


@pytest.fixture
def tom(in_school_a):
    return make_student("Tom", "Oystercatcher")


def complete(ticket):
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.COMPLETED, completed_at=now())


def test_whom_a_rating_names_is_kept_and_keeps_the_letter(teacher, zoe, tom):
    ticket = make_ticket(teacher)
    complete(ticket)
    said = screen({"words": "Zoë Quillfeather is there again."})
    rated = rate_ticket(actor=teacher, ref=ticket.ref, rating=4, said=said)
    assert rated.rating_words == "Pupil A is there again."
    assert entries_about(ticket.ref).get(verb="ticket.rated").students == [zoe.ref]
    assert make_answer(teacher, ticket, text="And Tom Oystercatcher.").text == "And Pupil B."
    who = selectors.ticket_page(teacher.reader, ticket.ref).pupils
    assert [(one.letter, one.students) for one in who] == [("A", [zoe]), ("B", [tom])]


def test_two_tabs_that_send_at_once_give_two_letters(browse, teacher, zoe, tom, monkeypatch):
    ticket = make_ticket(teacher)

    def after_another_tab(**how):
        assert make_answer(teacher, ticket, text="Tom Oystercatcher.").text == "Pupil A."
        return answer_ticket(**how)

    monkeypatch.setattr("support.views.tickets.write_answer", after_another_tab)
    form = {"submission": str(ticket.ref), "text": "Zoë Quillfeather.", "send": "mask"}
    client = browse(teacher)
    assert client.post(f"/support/tickets/{ticket.ref}/answers/", form).status_code == 302
    assert ticket.messages.latest("pk").text == "Pupil B."
    letters = TicketPupil.objects.order_by("letter").values_list("letter", "student_id")
    assert list(letters) == [("A", tom.pk), ("B", zoe.pk)]


def test_a_name_that_many_share_keeps_its_letter(teacher):
    for given in ("Una", "Vera", "Wilma", "Xenia", "Yara"):
        make_student(given, "Oystercatcher")
    ticket = make_ticket(teacher, text="The Oystercatcher file is missing.")
    assert TicketPupil.objects.filter(letter="A").count() == MOST_MEANT
    again = make_answer(teacher, ticket, text="The Oystercatcher file came.")
    assert again.text == "The Pupil A file came."
    assert make_answer(teacher, ticket, text="Una Oystercatcher has it.").text in {
        "Pupil A has it.",
        "Pupil B has it.",
    }
    assert make_answer(teacher, ticket, text="Oystercatcher.").text == "Pupil A."


def test_letters_that_stand_for_the_same_pupils_are_not_given_to_others():
    """As tickets hold them on which a shared name was given a letter twice."""
    letters = Letters.of([("A", "1"), ("A", "2"), ("B", "1"), ("B", "2")])
    assert letters.letter_for(("1", "2")) == "A"
    assert letters.letter_for(("7",)) == "C"
