"""While the school's key is out of reach, a form that cannot be shown again loses nothing."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import keyring
from safeguarding.models import Incident
from schools.models import Agency
from support.models import Ticket, TicketFile, TicketMessage
from tests.acceptance.page import Page
from tests.factories import categories, make_student
from tests.support.tickets import hidden_fields, make_ticket, ticket_form
from ui.hidden_names import COOKIE

CONTACT = "/support/contact/"
NAMED = "Zoe Quillfeather is missing from the list."


@pytest.fixture
def zoe(in_school_a):
    return make_student("Zoe", "Quillfeather")


@pytest.fixture
def client(browse, teacher):
    return browse(teacher)


@pytest.fixture
def keys(monkeypatch):
    """Let KMS be away, and come back."""

    def away(*_args):
        raise keyring.KeysUnavailable("KMS does not answer.")

    class Keys:
        def go(self):
            monkeypatch.setattr(keyring, "text_aead", away)

        come_back = staticmethod(monkeypatch.undo)

    return Keys()


def again(answer):
    """Return the form of the page that says that nothing was sent."""
    assert answer.status_code == 503
    page = Page(answer)
    assert "try again in a minute" in page.text
    assert "Quillfeather" not in page.text
    return page.form("Try again")


def test_a_ticket_that_names_a_pupil_waits_for_the_key_and_is_checked_then(client, zoe, keys):
    keys.go()
    form = again(client.post(CONTACT, ticket_form(text=NAMED, offered="1")))
    assert form.fields["text"] == [NAMED]
    keys.come_back()
    check = form.submit(client)
    assert "<del>Zoe Quillfeather</del>" in check.text
    client.post(CONTACT, {**hidden_fields(check.text), "send": "mask"})
    assert TicketMessage.objects.get().text == "Pupil A is missing from the list."


@pytest.mark.parametrize("button", ["mask", "change"])
def test_what_a_check_page_carries_sealed_stays_sealed(button, client, zoe, keys):
    client.cookies[COOKIE] = "1"
    check = client.post(CONTACT, ticket_form(text=NAMED, offered="1"))
    keys.go()
    answer = client.post(CONTACT, {**hidden_fields(check.text), "send": button})
    assert "Quillfeather" not in unescape(answer.text)
    form = again(answer)
    keys.come_back()
    shown = form.submit(client)
    if button == "change":
        assert "What you wrote is kept whole." in shown.text
    else:
        assert TicketMessage.objects.get().text == "Pupil A is missing from the list."


def test_an_answer_waits_too(client, teacher, zoe, keys):
    ticket = make_ticket(teacher)
    address = f"/support/tickets/{ticket.ref}/answers/"
    fields = Page(client.get(f"/support/tickets/{ticket.ref}/")).form("Send to the helpdesk").fields
    keys.go()
    form = again(client.post(address, {**fields, "text": NAMED}))
    keys.come_back()
    assert "<del>Zoe Quillfeather</del>" in form.submit(client).text


def test_an_incident_shown_again_with_names_hidden_waits(client, zoe, keys):
    client.cookies[COOKIE] = "1"
    fields = Page(client.get("/incidents/add/")).form("Add Incident").fields
    typed = {**fields, "student": str(zoe.ref), "text": NAMED}
    keys.go()
    form = again(client.post("/incidents/add/", typed))
    assert form.fields["text"] == [NAMED]
    keys.come_back()
    assert "What you wrote is kept whole." in form.submit(client).text
    sent = client.post("/incidents/add/", {**typed, "categories": str(categories()[0].ref)})
    assert sent.status_code == 302
    assert Incident.objects.get().text == NAMED


def test_an_agency_with_a_pupils_name_waits(browse, administrator, zoe, keys):
    client = browse(administrator)
    client.cookies[COOKIE] = "1"
    keys.go()
    form = again(
        client.post("/administration/agencies/", {"name": "Quillfeather", "names": "hide"})
    )
    assert form.fields["name"] == ["Quillfeather"]
    keys.come_back()
    assert "What you wrote is kept whole." in form.submit(client).text
    assert not Agency.objects.filter(name="Quillfeather").exists()


def test_files_that_were_sealed_are_sent_and_one_that_was_not_is_asked_for(client, zoe, keys):
    def posted(name, content):
        return ticket_form(
            text=NAMED, new_files=SimpleUploadedFile(name, content), offered="1", names="hide"
        )

    client.cookies[COOKIE] = "1"
    keys.go()
    good = again(client.post(CONTACT, posted("log.txt", b"Quiet.\n")))
    answer = client.post(CONTACT, posted("run.exe", b"MZ" + b"\0" * 64))
    assert "so that you can choose them" in Page(answer).text
    bad = again(answer)
    keys.come_back()
    shown = bad.submit(client)
    assert "Message" in shown.text
    assert Ticket.objects.count() == 0
    check = client.post(CONTACT, {**good.fields, "names": ""})
    client.post(CONTACT, {**hidden_fields(check.text), "send": "mask"})
    assert TicketFile.objects.get().name == "log.txt"


def test_a_page_that_needs_the_key_to_be_shown_says_so(client, keys, monkeypatch):
    def away(*_args, **_named):
        raise keyring.KeysUnavailable("KMS does not answer.")

    monkeypatch.setattr("support.views.contact.outlook", away)
    answer = client.get(CONTACT)
    assert answer.status_code == 503
    assert f'href="{CONTACT}"' in answer.text
    assert "Nothing is lost" in answer.text
