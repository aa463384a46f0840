"""Two tickets of one person that the helpdesk merged: what is written on the one goes to the other."""

from datetime import timedelta

import pytest
from django.core import mail

from core.attachments import services as attachments
from core.clock import now
from core.tenancy import at_face, in_school
from helpdesk.face import FACE
from helpdesk.models import Ticket as DeskTicket
from helpdesk.models import TicketFile as DeskFile
from helpdesk.models import TicketMessage as DeskMessage
from helpdesk.services.handling import complete_ticket
from helpdesk.services.sorting import merge_ticket
from support.models import Ticket
from tests.control_plane import Person, at
from tests.factories import make_student
from tests.helpdesk.desk import agent, row
from tests.support.test_doors import work
from tests.support.tickets import make_answer, make_ticket


@pytest.fixture
def clock(time_machine_at):
    time_machine_at.move_to(now(), tick=False)
    return time_machine_at


@pytest.fixture
def agatha(clock, school_a):
    with at_face(FACE):
        return agent("agatha")


@pytest.fixture
def merged(agatha, teacher, school_a):
    """The ticket that ended, and the one that goes on."""
    make_student("Zoë", "Quillfeather")
    make_student("Tom", "Oystercatcher")
    gone = make_ticket(teacher, text="Zoë Quillfeather is twice there.")
    stays = make_ticket(teacher, text="Tom Oystercatcher is not there.")
    work(school_a)
    with at_face(FACE):
        merge_ticket(actor=agatha, ref=gone.ref, into=stays.ref)
    work(school_a)
    return gone, stays


def states(*tickets):
    return [Ticket.objects.get(pk=one.pk).state for one in tickets]


def test_a_file_on_a_later_answer_is_opened_where_it_hangs(merged, agatha, teacher, school_a):
    gone, stays = merged
    file = attachments.seal(actor=teacher, filename="log.txt", chunks=[b"Quiet words.\n"])
    make_answer(teacher, gone, text="Quillfeather again.", files=[file])
    work(school_a)
    browser = at(Person(face=FACE, email="agatha@platform.example", row=row_of(agatha)))
    with at_face(FACE):
        message = DeskMessage.objects.latest("pk")
        assert (message.ticket.ref, message.text) == (stays.ref, "Pupil A again.")
        handed = DeskFile.objects.get(message=message)
        number = DeskTicket.objects.get(ref=gone.ref).number
    answer = browser.get(f"/ticket-files/{handed.ref}/")
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"Quiet words.\n"
    # The other ticket's “Pupil A” is Tom: the page says that this one's may be another.
    page = browser.get(f"/tickets/{stays.ref}/").text
    assert page.count(f"Written on {number}, which was merged into this ticket.") == 1


def row_of(actor):
    with at_face(FACE):
        return row(actor)


def test_a_merged_ticket_stands_as_what_goes_on_in_its_place(
    merged, agatha, teacher, school_a, clock
):
    gone, stays = merged
    assert "completed" not in states(gone, stays)
    with at_face(FACE):
        complete_ticket(actor=agatha, ref=stays.ref)
    mail.outbox.clear()
    work(school_a)
    assert states(gone, stays) == ["completed", "completed"]
    clock.shift(timedelta(days=1))
    mail.outbox.clear()
    # Reopened where it was merged, the one that goes on is taken up, and nobody is told that it
    # is completed.
    make_answer(teacher, gone, text="It still fails.")
    work(school_a)
    assert states(gone, stays) == ["open", "open"]
    with at_face(FACE):
        assert DeskTicket.objects.get(ref=stays.ref).state == "open"
        assert DeskTicket.objects.get(ref=gone.ref).state == "completed"
    assert mail.outbox == []


def test_reopened_too_late_at_the_helpdesk_it_is_settled_again_at_the_school(
    merged, agatha, teacher, school_a, clock
):
    gone, stays = merged
    with at_face(FACE):
        complete_ticket(actor=agatha, ref=stays.ref)
    work(school_a)
    clock.shift(timedelta(days=13))
    with in_school(school_a):
        make_answer(teacher, gone, text="It still fails.")
    with at_face(FACE):
        DeskTicket.objects.filter(ref=stays.ref).update(completed_at=now() - timedelta(days=15))
    work(school_a)
    assert states(gone) == ["completed"]
