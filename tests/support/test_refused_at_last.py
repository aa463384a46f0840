"""What is refused only when it is sent comes back with the words, and the reason at its field."""

from datetime import date, timedelta
from html import unescape

import pytest

from core import clock
from core.attachments import services as attachments
from core.attachments.models import Attachment
from helpdesk.terms import TicketState
from safeguarding.services.agencies import add_agency
from schools.models import Agency
from support.models import Ticket
from tests.acceptance.page import Page
from tests.factories import make_student
from tests.support.tickets import hidden_fields, make_ticket, ticket_form
from ui.hidden_names import COOKIE

WORDS = "It fails again, at the third step."


@pytest.fixture
def ticket(teacher):
    return make_ticket(teacher)


@pytest.fixture
def client(browse, teacher):
    return browse(teacher)


def settle(ticket, *, days):
    completed = clock.now() - timedelta(days=days)
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.COMPLETED, completed_at=completed)


def test_an_answer_on_the_fifteenth_day_is_still_there(client, ticket):
    settle(ticket, days=13)
    form = Page(client.get(f"/support/tickets/{ticket.ref}/")).form("Reopen this ticket")
    settle(ticket, days=15)
    answer = form.submit(client, text=WORDS)
    assert answer.status_code == 403
    page = Page(answer)
    assert "within 14 days of its completion" in page.text
    assert page.form("Send to the helpdesk").fields["text"] == [WORDS]
    assert 'id="id_text-error"' in answer.text
    assert 'href="/support/contact/"' in answer.text
    assert ticket.messages.count() == 1
    settle(ticket, days=1)
    assert form.submit(client, text=WORDS).status_code == 302


def test_so_is_one_that_was_checked_with_names_hidden(client, ticket):
    make_student("Zoe", "Quillfeather")
    client.cookies[COOKIE] = "1"
    address = f"/support/tickets/{ticket.ref}/answers/"
    named = {"submission": str(ticket.ref), "text": "Quillfeather fails again."}
    check = client.post(address, named).text
    settle(ticket, days=15)
    answer = client.post(address, {**hidden_fields(check), "send": "mask"})
    assert "within 14 days of its completion" in unescape(answer.text)
    assert "Quillfeather" not in answer.text
    assert "What you wrote is kept whole." in answer.text


def test_a_rating_of_a_ticket_that_was_reopened_meanwhile_is_still_there(client, ticket):
    settle(ticket, days=1)
    form = Page(client.get(f"/support/tickets/{ticket.ref}/")).form("Send the rating")
    Ticket.objects.filter(pk=ticket.pk).update(state=TicketState.OPEN, completed_at=None)
    answer = form.submit(client, rating="4", words="Kind and quick.")
    assert answer.status_code == 403
    assert "This ticket is not completed yet." in answer.text
    assert Page(answer).form("Send the rating").fields["words"] == ["Kind and quick."]


@pytest.mark.parametrize("where", ["ticket", "answer"])
def test_a_file_that_is_gone_when_it_is_sent_is_told_at_its_field(
    where, client, ticket, teacher, monkeypatch
):
    file = attachments.seal(actor=teacher, filename="log.txt", chunks=[b"Quiet.\n"])
    claim = attachments.claim

    def claimed_elsewhere(refs, actor):
        Attachment.objects.update(attached_at=clock.now())
        return claim(refs, actor)

    monkeypatch.setattr("support.services.tickets.attachments.claim", claimed_elsewhere)
    form = ticket_form(text=WORDS, files=[str(file.ref)], offered="1")
    address = "/support/contact/"
    if where == "answer":
        address = f"/support/tickets/{ticket.ref}/answers/"
    answer = client.post(address, form)
    assert answer.status_code == 200
    assert "A file you added is no longer there." in answer.text
    assert WORDS in answer.text
    monkeypatch.undo()
    assert Ticket.objects.count() == 1
    assert ticket.messages.count() == 1


def test_an_agency_whose_name_is_taken_while_another_is_renamed(browse, administrator, monkeypatch):
    client = browse(administrator)
    agency = add_agency(actor=administrator, name="Early Help")
    add_agency(actor=administrator, name="Social Care")
    path = f"/administration/agencies/{agency.ref}/"
    assert (
        "There is an agency with this name already"
        in client.post(path, {"name": "Social Care"}).text
    )
    # As if the other had come between looking and renaming.
    monkeypatch.setattr("safeguarding.views.agencies.selectors.agency_named", lambda _name: None)
    answer = client.post(path, {"name": "Social Care"})
    assert answer.status_code == 200
    assert Page(answer).form("Rename").fields["name"] == ["Social Care"]
    assert "govuk-error-message" in answer.text
    assert Agency.objects.get(pk=agency.pk).name == "Early Help"


@pytest.mark.parametrize(
    "said",
    ["07/02/2012", "2012-02-07", "07022012", "7.2.12", "01756 797766 07-02-2012", "908070605"],
)
def test_a_date_of_birth_and_a_upn_of_digits_are_no_phone_number(said, client):
    make_student("Zoe", "Quillfeather", born_on=date(2012, 2, 7), upn="908070605")
    answer = client.post("/support/contact/", ticket_form(telephone=said, offered="1"))
    assert "This is a pupil’s date of birth or UPN, not a phone number." in unescape(answer.text)
    assert f'value="{said}"' in answer.text
    assert Ticket.objects.count() == 0
    good = ticket_form(telephone="01756 797766 ext. 12", offered="1")
    assert client.post("/support/contact/", good).status_code == 302


def test_with_names_hidden_a_phone_number_comes_back_and_a_name_in_it_stays_hidden(client):
    make_student("Zoe", "Quillfeather")
    client.cookies[COOKIE] = "1"
    named = ticket_form(text="Zoe Quillfeather is gone.", offered="1")
    check = client.post("/support/contact/", named).text
    form = client.post("/support/contact/", {**hidden_fields(check), "send": "change"})
    assert 'value="01756 111222"' in form.text
    wrong = client.post("/support/contact/", ticket_form(telephone="Quillfeather", offered="1"))
    assert "Quillfeather" not in wrong.text
    assert 'name="kept_telephone"' in wrong.text
