"""Between a school and the helpdesk, there and back: the real intake, the real mail."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils.formats import date_format
from django.utils.timezone import localtime

from core.accounts.models import User
from core.attachments import services as attachments
from core.audit.models import AuditEntry
from core.clock import now
from core.outbox import services as outbox
from core.outbox.models import OutboxEvent
from core.tenancy import at_face, in_control_plane, in_school
from helpdesk.events import TicketReplied, TicketSettled
from helpdesk.face import FACE
from helpdesk.models import SchoolCard
from helpdesk.models import Ticket as DeskTicket
from helpdesk.models import TicketMessage as DeskMessage
from helpdesk.services.answers import ask, reply
from helpdesk.services.handling import complete_ticket
from helpdesk.terms import TicketState
from support.events import AnswerGiven, TicketRaised, TicketReopened
from support.files import open_for_desk
from support.handlers import hand_answer_over, hand_ticket_over, take_reply_in, take_state_in
from support.models import Ticket, TicketFile, TicketMessage
from tests.factories import entries_about, make_staff, make_student
from tests.helpdesk.desk import agent
from tests.support.tickets import make_answer, make_ticket


@pytest.fixture
def clock(time_machine_at):
    """The clock, standing still; near enough to the object store's own."""
    time_machine_at.move_to(now(), tick=False)
    return time_machine_at


@pytest.fixture
def at_desk(clock, school_a):
    """An agent, on duty."""
    with at_face(FACE):
        return agent("agatha")


def work(school):
    """Let the workers act until nothing is left to do."""
    for _ in range(3):
        with in_school(school):
            outbox.act_on_all()
        with in_control_plane():
            outbox.act_on_all()
    with in_school(school):
        outbox.act_on_all()
    assert list(OutboxEvent.objects.filter(done_at__isnull=True, due_at__lte=now())) == []


def about(ticket):
    """Return the emails about a ticket."""
    return [one for one in mail.outbox if ticket.number in one.subject]


@pytest.fixture
def sent(at_desk, teacher, school_a):
    make_student("Zoë", "Quillfeather")
    file = attachments.seal(actor=teacher, filename="Zoë Quillfeather.txt", chunks=[b"Quiet.\n"])
    ticket = make_ticket(
        teacher, text="Zoë Quillfeather is twice there.", files=[file], telephone="01756 1"
    )
    work(school_a)
    ticket.refresh_from_db()
    return ticket


def test_g8_02_a_ticket_reaches_the_helpdesk_masked_with_a_count_and_the_schools_card(
    sent, school_a, teacher
):
    with in_control_plane():
        there = DeskTicket.objects.select_related("school").get(ref=sent.ref)
        message = there.messages.order_by("pk").first()
        file = message.files.get()
    assert (there.subject, message.text) == ("Import fails", "Pupil A is twice there.")
    assert (there.masked, file.name) == (2, "Pupil A.txt")
    assert (there.requester_name, there.requester_role) == (teacher.name, "staff")
    assert (there.telephone, there.topic) == ("01756 1", "students")
    assert there.school.name == school_a.name
    assert there.school.students >= 1
    assert there.school.administrators == ["School administrator"]
    told = f"{vars(there)} {vars(message)} {vars(file)} {vars(there.school)}"
    assert "Quillfeather" not in told


def test_g8_02_its_number_and_its_promise_come_back_and_the_requester_is_told(sent):
    with in_control_plane():
        there = DeskTicket.objects.get(ref=sent.ref)
    assert sent.number == there.number != ""
    assert sent.promised_at == there.first_reply_due_at
    [letter] = about(sent)
    assert letter.subject == f"Ticket {sent.number}: the helpdesk has it"
    assert f"reply by {localtime(sent.promised_at):%H:%M} on " in letter.body
    assert f"/login/?next=/support/tickets/{sent.ref}/" in letter.body
    assert "Pupil" not in letter.body
    assert "Import" not in letter.body
    assert [one.verb for one in entries_about(sent.ref)] == ["ticket.raised", "ticket.received"]


def test_g8_02_handed_over_twice_it_is_one_ticket_and_one_email(sent, school_a):
    with in_school(school_a):
        hand_ticket_over(TicketRaised(ref=sent.ref), sent.ref)
    work(school_a)
    with in_control_plane():
        assert DeskTicket.objects.filter(ref=sent.ref).count() == 1
    assert len(about(sent)) == 1


def test_g8_02_a_reply_comes_back_and_the_email_says_nothing_of_it(sent, at_desk, clock, school_a):
    with at_face(FACE):
        reply(actor=at_desk, ref=sent.ref, text="Please import the second file first.")
    clock.shift(timedelta(seconds=11))
    work(school_a)
    message = TicketMessage.objects.latest("pk")
    assert (message.agent_name, message.author_id) == ("Agatha Agent", None)
    assert (message.text, message.is_question) == ("Please import the second file first.", False)
    letter = mail.outbox[-1]
    assert letter.subject == f"Ticket {sent.number}: the helpdesk has written to you"
    assert "second file" not in letter.body
    assert letter.to == [sent.author.user.email]
    again = TicketReplied(ref=sent.ref, message_ref=message.ref)
    with in_control_plane():
        take_reply_in(again, message.ref)
    assert TicketMessage.objects.filter(ref=message.ref).count() == 1


def test_g8_02_a_question_waits_for_the_answer_which_goes_there(
    sent, at_desk, clock, school_a, teacher
):
    with at_face(FACE):
        ask(actor=at_desk, ref=sent.ref, text="Which year group?")
    clock.shift(timedelta(seconds=11))
    work(school_a)
    sent.refresh_from_db()
    assert (sent.state, sent.promised_at) == (TicketState.WAITING, None)
    assert "waits for your answer" in mail.outbox[-1].body
    answer = make_answer(teacher, sent, text="Quillfeather's, year 4.")
    work(school_a)
    with in_control_plane():
        there = DeskMessage.objects.get(ref=answer.ref)
        assert (there.text, there.ticket.masked) == ("Pupil A's, year 4.", 3)
    sent.refresh_from_db()
    assert sent.state == TicketState.OPEN
    assert sent.promised_at is not None
    with in_school(school_a):
        hand_answer_over(AnswerGiven(ref=answer.ref), answer.ref)
    with in_control_plane():
        assert DeskMessage.objects.filter(ref=answer.ref).count() == 1


def test_g8_02_completed_the_requester_is_told_once_and_reopens_it_there(
    sent, at_desk, clock, school_a, teacher
):
    with at_face(FACE):
        reply(actor=at_desk, ref=sent.ref, text="It works now.")
        clock.shift(timedelta(seconds=11))
        complete_ticket(actor=at_desk, ref=sent.ref)
    work(school_a)
    sent.refresh_from_db()
    assert (sent.state, sent.promised_at) == (TicketState.COMPLETED, None)
    assert mail.outbox[-1].subject == f"Ticket {sent.number} is completed"
    last = localtime(sent.completed_at) + timedelta(days=14)
    assert f"until {date_format(last, 'l j F Y')}" in mail.outbox[-1].body
    before = len(mail.outbox)
    with in_control_plane():
        take_state_in(TicketSettled(ref=sent.ref), sent.ref)
    work(school_a)
    assert len(mail.outbox) == before
    make_answer(teacher, sent, text="It fails again.")
    assert OutboxEvent.objects.filter(kind=TicketReopened.kind).exists()
    work(school_a)
    with in_control_plane():
        there = DeskTicket.objects.get(ref=sent.ref)
        assert (there.state, there.completed_at) == (TicketState.OPEN, None)
    sent.refresh_from_db()
    assert (sent.state, sent.completed_at) == (TicketState.OPEN, None)


def test_g8_02_a_rating_reaches_the_helpdesk(sent, at_desk, clock, school_a, teacher, browse):
    with at_face(FACE):
        reply(actor=at_desk, ref=sent.ref, text="It works now.")
        clock.shift(timedelta(seconds=11))
        complete_ticket(actor=at_desk, ref=sent.ref)
    work(school_a)
    browse(teacher).post(f"/support/tickets/{sent.ref}/rating/", {"rating": "5"})
    work(school_a)
    with in_control_plane():
        assert DeskTicket.objects.get(ref=sent.ref).rating == 5


def test_g8_02_an_agent_opens_a_file_of_the_ticket_and_it_is_on_the_schools_record(
    sent, at_desk, school_a, school_b
):
    file, other = TicketFile.objects.get(), make_ticket_elsewhere(sent)
    with at_face(FACE):
        answer = open_for_desk(school_a.ref, sent.ref, file.ref, at_desk)
        assert b"".join(answer.streaming_content) == b"Quiet.\n"
        assert "Quillfeather" not in answer.headers["Content-Disposition"]
        for school, ticket in ((school_b.ref, sent.ref), (school_a.ref, other.ref)):
            with pytest.raises(TicketFile.DoesNotExist):
                open_for_desk(school, ticket, file.ref, at_desk)
    entry = AuditEntry.objects.get(verb="ticket.file_opened")
    assert entry.subject_ref == sent.ref
    assert entry.facts == {"file": str(file.ref), "agent": at_desk.reader.agent_id}
    assert len(entry.students) == 1


def make_ticket_elsewhere(sent):
    return make_ticket(make_staff("elsewhere"))


def test_g8_02_whoever_left_is_written_to_no_more(at_desk, teacher, school_a):
    make_ticket(teacher)
    User.objects.filter(pk=teacher.user_id).update(is_active=False)
    work(school_a)
    ticket = Ticket.objects.get()
    assert ticket.number
    assert about(ticket) == []


def test_g8_02_the_card_tells_no_more_than_counts_and_administrators(sent):
    with in_control_plane():
        told = vars(SchoolCard.objects.get(pk=DeskTicket.objects.get(ref=sent.ref).school_id))
    assert "Quillfeather" not in str(told)
    assert told["mail_failures"] == 0
