"""A ticket that is sent after the session ended comes back as a draft."""

from urllib.parse import parse_qs, urlsplit

import pytest

from safeguarding.models import Draft
from support.models import Ticket, TicketMessage
from tests.acceptance.page import Page
from tests.factories import entries_about
from tests.support.tickets import make_ticket, ticket_form

CONTACT = "/support/contact/"
WORDS = "The import stops half-way."


def pass_on(page):
    """Return the pass that the page's form carries."""
    return page.text.split('name="author_pass" value="')[1].split('"')[0]


def draft_of(answer):
    """Return the address to which the log-in leads back."""
    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=")
    [back] = parse_qs(urlsplit(answer.url).query)["next"]
    return back


@pytest.fixture
def client(browse, teacher):
    return browse(teacher)


def test_a_ticket_posted_after_the_session_ended_comes_back_and_is_sent_once(
    client, browse, teacher
):
    form = ticket_form(author_pass=pass_on(client.get(CONTACT)))
    back = draft_of(browse().post(CONTACT, form))
    assert back.startswith(f"{CONTACT}?draft=")
    assert not Ticket.objects.exists()
    draft = Draft.objects.get()
    assert entries_about(draft.ref)[0].facts["ticket"] is None
    page = client.get(back)
    assert WORDS in page.text
    assert "What you typed is back" in page.text
    listed = client.get("/drafts/").text
    assert "Message to the helpdesk" in listed
    assert f'href="{back}"' in listed
    fields = Page(page).form("Send to the helpdesk").fields
    again = client.post(CONTACT, {**fields, "offered": "1"})
    ticket = Ticket.objects.get()
    assert again.url == f"/support/tickets/{ticket.ref}/"
    assert ticket.messages.get().text == WORDS
    assert not Draft.objects.exists()


def test_a_double_click_without_a_session_makes_one_draft(client, browse):
    form = ticket_form(author_pass=pass_on(client.get(CONTACT)))
    stranger = browse()
    assert draft_of(stranger.post(CONTACT, form)) == draft_of(stranger.post(CONTACT, form))
    assert Draft.objects.count() == 1


def test_an_answer_comes_back_on_its_ticket(client, browse, teacher):
    ticket = make_ticket(teacher)
    page = client.get(f"/support/tickets/{ticket.ref}/")
    address = f"/support/tickets/{ticket.ref}/answers/"
    form = {**Page(page).form("Send to the helpdesk").fields, "text": "It fails again."}
    back = draft_of(browse().post(address, form))
    assert back.startswith(f"/support/tickets/{ticket.ref}/?draft=")
    assert TicketMessage.objects.count() == 1
    shown = client.get(back)
    assert "It fails again." in shown.text
    client.post(address, Page(shown).form("Send to the helpdesk").fields)
    assert TicketMessage.objects.latest("pk").text == "It fails again."
    assert not Draft.objects.exists()


def test_the_check_page_comes_back_too_with_the_texts_it_carries_sealed(client, browse):
    form = ticket_form(text="My UPN is H801200001001, it stops.")
    check = client.post(CONTACT, form)
    assert "Check before you send" in check.text
    fields = Page(check).form("Mask and send").fields
    back = draft_of(browse().post(CONTACT, {**fields, "send": "mask"}))
    assert "H801200001001, it stops." in client.get(back).text


def test_what_a_stranger_posts_is_not_kept(client, browse):
    form = ticket_form(author_pass=pass_on(client.get(CONTACT)))
    assert draft_of(browse().post(CONTACT, {**form, "author_pass": "x"})) == CONTACT
    assert not Draft.objects.exists()
    draft_of(browse().post(CONTACT, form))
    assert Draft.objects.count() == 1
