"""‘Contact Support’: what will happen, the privacy guard's check page, and what is sent."""

import re
from datetime import UTC, date, datetime
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from core.attachments import services as attachments
from core.attachments.models import Attachment
from core.outbox.models import OutboxEvent
from support.models import Ticket, TicketFile, TicketMessage, TicketPupil
from tests.factories import entries_about, make_student
from tests.support.tickets import hidden_fields, places, ticket_form
from ui.hidden_names import COOKIE
from ui.names import STARS

CONTACT = "/support/contact/"


@pytest.fixture
def client(browse, teacher):
    return browse(teacher)


@pytest.fixture
def zoe(in_school_a):
    return make_student("Zoë", "Quillfeather", upn="H801200001001", born_on=date(2012, 2, 7))


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


@pytest.fixture
def said_at(browse, teacher):
    """What the page says at a moment, to somebody who logged in then."""

    def said(*moment):
        with time_machine.travel(datetime(*moment, tzinfo=UTC), tick=False):
            return text_of(browse(teacher).get(CONTACT))

    return said


def test_g8_02_in_hours_the_page_says_by_when_somebody_replies(said_at):
    said = said_at(2026, 11, 24, 10, 30)  # a Tuesday
    assert re.search(r"Someone will reply by \d\d:\d\d today\.", said)
    assert "Somebody is there now." in said
    assert "Telephone 01756 797766 as well." in said
    assert "Call 999, then tell your local authority" in said


def test_g8_02_on_a_bank_holiday_it_says_until_when_the_office_is_closed_and_why(said_at):
    said = said_at(2027, 3, 29, 10, 0)
    closed = "The office is closed until Tuesday 30 March 08:30 (Easter Monday). We will reply by "
    assert re.search(re.escape(closed) + r"\d\d:\d\d\.", said)
    assert "Nobody is there until Tuesday 30 March 08:30." in said


def test_g8_02_at_night_it_says_when_it_opens(said_at):
    said = said_at(2026, 11, 24, 20, 0)
    assert "The office is closed until Wednesday 25 November 08:30. We will reply by " in said


def test_g8_02_a_ticket_is_sent_and_is_on_record(client, teacher):
    sent = client.post(CONTACT, ticket_form(offered="1", is_urgent="on"))
    ticket = Ticket.objects.get()
    assert sent.headers["Location"] == f"/support/tickets/{ticket.ref}/"
    assert (ticket.author_id, ticket.topic, ticket.is_urgent) == (
        teacher.staff_id,
        "students",
        True,
    )
    assert (ticket.subject, ticket.telephone) == ("Import fails", "01756 111222")
    message = ticket.messages.get()
    assert (message.text, message.masked, message.sent_anyway) == (
        "The import stops half-way.",
        0,
        0,
    )
    assert [entry.verb for entry in entries_about(ticket.ref)] == ["ticket.raised"]
    event = OutboxEvent.objects.get(kind="support.ticket_raised")
    assert event.payload == {"ref": str(ticket.ref)}


def test_g8_02_the_same_form_twice_is_one_ticket_and_a_changed_one_another(client):
    form = ticket_form(offered="1")
    assert client.post(CONTACT, form).status_code == 302
    assert client.post(CONTACT, form).status_code == 302
    assert Ticket.objects.count() == 1
    client.post(CONTACT, {**form, "text": "Something else."})
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"subject": ""}, "Say in a few words what it is about."),
        ({"subject": " \t"}, "Say in a few words what it is about."),
        ({"text": ""}, "Write your message."),
        ({"text": "x" * 20_001}, "Keep this to 20000 characters; it has 20001."),
        ({"topic": ""}, "Choose what it is about."),
        ({"topic": "nonsense"}, "Choose again from the list."),
        ({"telephone": "ask Zoë"}, "Enter a phone number"),
    ],
)
def test_g8_02_what_is_wrong_is_said_and_nothing_is_lost(client, wrong, sentence):
    page = client.post(CONTACT, ticket_form(**wrong))
    assert sentence in unescape(page.text)
    assert Ticket.objects.count() == 0
    kept = {"subject": "Import fails", "text": "The import stops half-way."} | wrong
    assert kept["subject"].strip() in page.text
    assert kept["text"] in page.text


def test_g8_02_html_in_a_message_is_shown_as_text(client):
    client.post(CONTACT, ticket_form(text="<script>alert(1)</script>", subject="<b>x</b>"))
    page = client.get(f"/support/tickets/{Ticket.objects.get().ref}/").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<b>x</b>" not in page


def test_g8_02_help_sheets_are_offered_as_the_subject_is_typed(client):
    asked = {"query": "I cannot set up my key"}
    answer = client.post(f"{CONTACT}sheets/", asked, content_type="application/json").json()
    assert {"title": "Set up your key", "url": "/support/set-up-your-key/"} in answer["results"]
    assert len(answer["results"]) <= 3
    nothing = client.post(f"{CONTACT}sheets/", {"query": "xyz"}, content_type="application/json")
    assert nothing.json() == {"results": []}
    assert client.post(f"{CONTACT}sheets/", "[", content_type="application/json").status_code == 400


def test_g8_02_without_javascript_they_are_offered_before_it_is_sent(client):
    page = client.post(CONTACT, ticket_form(subject="I cannot set up my key"))
    assert "/support/set-up-your-key/" in page.text
    assert "Someone will reply by" in page.text or "The office is closed" in page.text
    assert Ticket.objects.count() == 0
    client.post(CONTACT, {**hidden_fields(page.text), "send": "mask"})
    assert Ticket.objects.get().subject == "I cannot set up my key"


NAMED = {
    "subject": "Zoe Quillfeather is missing",
    "text": "Zoë's UPN is H801200001001, born 7 Feb 2012.",
}


def test_g8_02_a_students_name_leads_to_the_check_page_and_nothing_is_sent(client, zoe):
    page = client.post(CONTACT, ticket_form(**NAMED, offered="1"))
    assert "This would tell the helpdesk about a pupil" in page.text
    assert "<del>Zoe Quillfeather</del> <ins>Pupil A</ins>" in page.text
    assert "<ins>[UPN]</ins>" in page.text
    assert "<del>7 Feb 2012</del> <ins>[date of birth]</ins>" in page.text
    assert Ticket.objects.count() == 0
    entry = entries_about(None).filter(verb="ticket.checked").get()
    assert (entry.students, entry.facts) == ([zoe.ref], {"places": 4})


def test_g8_02_masked_the_helpdesk_gets_no_match_and_a_count(client, zoe):
    page = client.post(CONTACT, ticket_form(**NAMED, offered="1")).text
    client.post(CONTACT, {**hidden_fields(page), "send": "mask"})
    ticket, message = Ticket.objects.get(), TicketMessage.objects.get()
    assert ticket.subject == "Pupil A is missing"
    assert message.text == "Pupil A's UPN is [UPN], born [date of birth]."
    assert (message.masked, message.sent_anyway, message.reason) == (4, 0, "")
    pupil = TicketPupil.objects.get()
    assert (pupil.letter, pupil.student_id) == ("A", zoe.pk)
    shown = text_of(client.get(f"/support/tickets/{ticket.ref}/"))
    assert "Pupil A: Zoë Quillfeather" in shown
    assert "4 places were masked." in shown


def test_g8_02_sent_anyway_only_with_a_reason_which_stays_here(client, zoe):
    page = client.post(CONTACT, ticket_form(**NAMED, offered="1")).text
    ticked = places(page)
    anyway = {"send": "anyway", "openly": ticked}
    again = client.post(CONTACT, {**hidden_fields(page), **anyway, "reason": " "})
    assert "Say why the helpdesk has to know, or mask it." in again.text
    assert again.text.count(" checked") == len(ticked) == 4
    assert Ticket.objects.count() == 0
    reason = "The name itself is misspelt."
    client.post(CONTACT, {**hidden_fields(again.text), **anyway, "reason": reason})
    message = TicketMessage.objects.get()
    assert message.text == NAMED["text"]
    assert (message.masked, message.sent_anyway, message.reason) == (0, 4, reason)
    entry = entries_about(message.ticket.ref).get(verb="ticket.raised")
    assert (entry.students, entry.facts["sent_anyway"]) == ([zoe.ref], 4)


def test_g8_02_each_place_is_masked_unless_it_is_ticked(client, zoe, in_school_a):
    make_student("Maddy", "Greenwood")
    said = {"subject": "Zoë Quillfeather and Maddy Greenwood", "text": "Maddy Greenwood is right."}
    page = client.post(CONTACT, ticket_form(**said, offered="1")).text
    assert "Subject: Zoë Quillfeather (Pupil A)" in unescape(page)
    first, second, _ = places(page)
    sent = {"send": "anyway", "openly": [first, "text-0-3"], "reason": "Her name is misspelt."}
    client.post(CONTACT, {**hidden_fields(page), **sent})
    ticket, message = Ticket.objects.get(), TicketMessage.objects.get()
    # As the page said it: who is named openly keeps their letter to themselves.
    assert (ticket.subject, message.text) == (
        "Zoë Quillfeather and Pupil B",
        "Pupil B is right.",
    )
    assert (message.masked, message.sent_anyway) == (2, 1)
    told = TicketPupil.objects.values_list("student__given_name", "letter")
    assert set(told) == {("Zoë", ""), ("Maddy", "B")}
    assert first != second


def test_g8_02_nothing_ticked_or_a_place_that_moved_is_not_sent_openly(client, zoe):
    page = client.post(CONTACT, ticket_form(**NAMED, offered="1")).text
    for ticked in ([], ["text-1-2"]):
        sent = {"send": "anyway", "openly": ticked, "reason": "Her name is misspelt."}
        again = client.post(CONTACT, {**hidden_fields(page), **sent}).text
        assert "Choose what is sent as it is, or mask it all." in unescape(again)
        assert "Her name is misspelt." in again
    assert Ticket.objects.count() == 0


def test_g8_02_a_reason_comes_back_after_a_change(client, zoe):
    page = client.post(CONTACT, ticket_form(**NAMED, offered="1")).text
    reason = "Her name, Zoë Quillfeather, is misspelt."
    sent = {"send": "change", "openly": places(page), "reason": reason}
    form = client.post(CONTACT, {**hidden_fields(page), **sent}).text
    kept = re.search(r'name="kept_reason" value="([^"]+)"', form)[1]
    page = client.post(CONTACT, ticket_form(**NAMED, offered="1", kept_reason=kept)).text
    assert reason in unescape(page)


def test_g8_02_somebody_who_left_is_found_too(client, in_school_a):
    make_student("Xanthe", "Oldfield", is_current=False, left_on=date(2020, 7, 1))
    page = client.post(CONTACT, ticket_form(text="xantheoldfield is gone.", offered="1"))
    assert "<ins>Pupil A</ins>" in page.text


def test_g8_02_what_was_written_can_be_changed(client, zoe):
    page = client.post(CONTACT, ticket_form(**NAMED, offered="1")).text
    form = client.post(CONTACT, {**hidden_fields(page), "send": "change"}).text
    assert NAMED["text"] in unescape(form)
    assert 'value="01756 111222"' in form


def test_g8_02_with_names_hidden_no_page_shows_one_and_nothing_is_lost(client, zoe):
    client.cookies[COOKIE] = "1"
    page = client.post(CONTACT, ticket_form(**NAMED, offered="1")).text
    assert "Quillfeather" not in page
    assert STARS in page
    form = client.post(CONTACT, {**hidden_fields(page), "send": "change"}).text
    assert "Quillfeather" not in form
    assert "What you wrote is kept whole." in form
    client.post(CONTACT, {**hidden_fields(page), "send": "mask"})
    ticket = Ticket.objects.get()
    assert ticket.subject == "Pupil A is missing"
    assert "Quillfeather" not in client.get(f"/support/tickets/{ticket.ref}/").text


def test_g8_02_names_are_shown_and_hidden_on_the_check_page_itself(client, zoe):
    page = client.post(CONTACT, ticket_form(**NAMED, offered="1")).text
    hidden = client.post(CONTACT, {**hidden_fields(page), "names": "hide"}).text
    assert "Check before you send" in hidden
    assert "Quillfeather" not in hidden
    shown = client.post(CONTACT, {**hidden_fields(hidden), "names": "show"}).text
    assert "<del>Zoe Quillfeather</del>" in shown
    assert Ticket.objects.count() == 0


WITH_A_TABLE = (
    b"From: a@b.example\nSubject: x\nMIME-Version: 1.0\n"
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nHi.\n"
    b"--b\nContent-Type: application/vnd.ms-excel\nContent-Transfer-Encoding: base64\n\n"
    b"UXVpbGxmZWF0aGVy\n--b--\n"
)


def upload(actor, name, content):
    return attachments.seal(actor=actor, filename=name, chunks=[content])


def test_g8_02_a_text_file_that_names_a_student_is_not_sent_unless_anyway(client, teacher, zoe):
    telling = upload(teacher, "export.csv", b"name,upn\nZoe Quillfeather,\n")
    quiet = upload(teacher, "zoe_quillfeather-log.txt", b"Nothing here.\n")
    form = ticket_form(files=[str(telling.ref), str(quiet.ref)], offered="1")
    page = client.post(CONTACT, form).text
    assert "Names a pupil: not sent when you mask" in page
    client.post(CONTACT, {**hidden_fields(page), "send": "mask"})
    file = TicketFile.objects.get()
    assert (file.attachment_id, file.name) == (quiet.pk, "Pupil A-log.txt")
    page = client.post(CONTACT, {**ticket_form(files=[str(telling.ref)])}).text
    sent = {"send": "anyway", "openly": places(page), "reason": "It fails on her row."}
    client.post(CONTACT, {**hidden_fields(page), **sent})
    assert TicketFile.objects.latest("pk").attachment_id == telling.pk


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "Zoë".encode("utf-16")),
        ("a.txt", "Zoë".encode("cp1252")),
        (
            "a.eml",
            b"From: a@b.example\nSubject: =?utf-8?q?Zo=C3=AB?=\nMIME-Version: 1.0\n\nHello.\n",
        ),
        (
            "a.eml",
            b"From: a@b.example\nSubject: x\nContent-Transfer-Encoding: base64\n\nUXVpbGxmZWF0aGVy\n",
        ),
        (
            "a.eml",
            b"From: a@b.example\nSubject: x\nContent-Type: text/html\n\n<p>Zo&euml; came.</p>\n",
        ),
        (
            "a.eml",  # what it brings along is not looked into
            WITH_A_TABLE,
        ),
        (
            "a.eml",
            b"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=undefined\n\nZoe.\n",
        ),
        ("a.txt", b"Born 07/02/2012.\n"),
        ("a.txt", b"x" * 1_000_001),
    ],
)
def test_g8_02_text_files_are_read_in_every_encoding(client, teacher, zoe, name, content):
    file = upload(teacher, name, content)
    page = client.post(CONTACT, ticket_form(files=[str(file.ref)], offered="1")).text
    assert "Names a pupil: not sent when you mask" in page
    assert Ticket.objects.count() == 0


def test_g8_02_without_javascript_files_come_with_the_form(client):
    form = ticket_form(new_files=SimpleUploadedFile("log.txt", b"Quiet words.\n"), offered="1")
    client.post(CONTACT, form)
    assert TicketFile.objects.get().name == "log.txt"
    refused = ticket_form(new_files=SimpleUploadedFile("run.exe", b"MZ" + b"\0" * 64))
    page = client.post(CONTACT, refused)
    assert "run.exe" in page.text
    assert "Import fails" in page.text
    assert Ticket.objects.count() == 1


def test_g8_02_no_more_than_fifty_files(client, teacher):
    files = [upload(teacher, f"{number}.txt", b"Quiet.\n") for number in range(51)]
    page = client.post(CONTACT, ticket_form(files=[str(one.ref) for one in files]))
    assert "You can add up to 50 files at once." in page.text
    assert Ticket.objects.count() == 0
    assert Attachment.objects.filter(attached_at=None).count() == 51


def test_g8_02_a_decision_is_not_taken_from_what_the_page_said_before(client, zoe):
    """Whatever the form brings, the server looks again."""
    form = ticket_form(**NAMED, step="check", offered="1")
    assert "Check before you send" in client.post(CONTACT, form).text
    assert Ticket.objects.count() == 0
