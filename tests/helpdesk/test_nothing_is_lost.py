"""What an agent wrote stays theirs: after their session ended, and where it is refused at last."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from core.actors import Actor
from core.tenancy import at_face
from helpdesk.face import FACE
from helpdesk.models import AccessRequest, CannedReply, IncidentNotice, TicketMessage
from helpdesk.services.canned import add_canned_reply
from helpdesk.services.handling import complete_ticket, take_ticket
from helpdesk.services.sorting import merge_ticket
from helpdesk.terms import AgentRole
from tests.acceptance.accounts import code_of
from tests.acceptance.page import Page
from tests.control_plane import PASSWORD, TOTP_SECRET, at, make_agent
from tests.helpdesk.desk import TUESDAY, fresh, raised

WORDS = "First open the list of staff.\n\nThen choose “Reset”."


@pytest.fixture
def lea(desk):
    """A lead who is on duty."""
    return make_agent("lea@platform.example", role=AgentRole.LEAD)


@pytest.fixture
def browser(lea):
    return at(lea)


def form_on(browser, path, button):
    answer = browser.get(path)
    assert answer.status_code == 200
    return Page(answer).form(button)


def logged_out(browser):
    """Let the session be over, as time does; the browser keeps its cookies."""
    with at_face(FACE):
        browser.session.flush()


def log_in_again(browser, answer, email="lea@platform.example"):
    """Log in from where a form was sent to, password and key, and follow to what is shown."""
    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=")
    sent = {"login": email, "password": PASSWORD}
    asked = browser.post(answer.url, {**sent, **next_of(answer)})
    for _ in range(3):
        if asked.status_code != 302:
            break
        page = browser.get(asked.url)
        if page.status_code == 200 and 'name="code"' in page.text:
            asked = browser.post(asked.url, {"code": code_of(TOTP_SECRET), **next_of(asked)})
        elif page.status_code == 200:
            return page
        else:
            asked = page
    return browser.get(asked.url)


def next_of(answer):
    return {name: one for name, (one,) in parse_qs(urlsplit(answer.url).query).items()}


def test_an_answer_sent_after_the_session_ended_comes_back_after_the_log_in(desk, lea, browser):
    ticket = raised(TUESDAY)
    form = form_on(browser, f"/tickets/{ticket.ref}/", "Send reply")
    logged_out(browser)
    back = log_in_again(browser, form.submit(browser, text=WORDS, kind="reply"))
    assert not TicketMessage.objects.filter(kind="reply").exists()
    assert "What you typed is back" in back.text
    again = Page(back).form("Send reply")
    assert again.fields["text"] == [WORDS]
    # Opened once more it is still there; sent, it is no more.
    assert WORDS.split("\n")[0] in browser.get(f"/tickets/{ticket.ref}/").text
    again.submit(browser, kind="reply")
    assert ticket.messages.get(kind="reply").text == WORDS
    page = browser.get(f"/tickets/{ticket.ref}/").text
    assert "What you typed is back" not in page
    assert Page(browser.get(f"/tickets/{ticket.ref}/")).form("Send reply").fields["text"] == [""]


def test_a_notice_a_canned_reply_and_a_purpose_come_back_too(desk, lea, browser):
    ticket = raised(TUESDAY)
    with at_face(FACE):
        actor = FACE.acting(actor_like(lea))
        take_ticket(actor=actor, ref=ticket.ref)
        canned = add_canned_reply(actor=actor, title="Reset", text="Old words.", topic="")
    kept = [
        ("/office/", "Open notice", {"title": "Mail is late", "text": WORDS}),
        ("/office/", "Add canned reply", {"title": "How to reset", "text": WORDS}),
        (f"/office/canned/{canned.ref}/", "Save canned reply", {"text": WORDS}),
        (f"/tickets/{ticket.ref}/", "Ask the school", {"purpose": "Look at the list of staff."}),
    ]
    for path, button, typed in kept:
        form = form_on(browser, path, button)
        logged_out(browser)
        desk.shift(timedelta(seconds=31))  # a code of the key is good once
        back = log_in_again(browser, form.submit(browser, **typed))
        assert "What you typed is back" in back.text, button
        shown = Page(back).form(button)
        for name, words in typed.items():
            assert shown.fields[name] == [words], button
        assert shown.submit(browser).status_code == 302
    assert IncidentNotice.objects.get().text == WORDS
    titles = (
        CannedReply.objects.filter(text=WORDS).order_by("title").values_list("title", flat=True)
    )
    assert list(titles) == ["How to reset", "Reset"]
    assert AccessRequest.objects.get().purpose == "Look at the list of staff."


def actor_like(person):
    return Actor(user_id=person.user.pk, has_key=True, has_confirmed_key=True, request_id="test")


def test_nobody_else_gets_it_and_a_stranger_keeps_nothing(desk, lea, browser):
    ticket = raised(TUESDAY)
    make_agent("eve@platform.example")
    form = form_on(browser, f"/tickets/{ticket.ref}/", "Send reply")
    logged_out(browser)
    back = log_in_again(
        browser, form.submit(browser, text=WORDS, kind="reply"), "eve@platform.example"
    )
    assert back.status_code == 200
    assert "First open the list" not in back.text
    stranger = Client(HTTP_HOST=FACE.host)
    for forged in ("", "x", form.fields["author_pass"][0][:-1] + "x"):
        answer = form.submit(stranger, text=WORDS, kind="reply", author_pass=forged)
        assert answer.url.startswith("/login/")
        assert "__Host-session" not in answer.cookies
    assert "__Host-session" in form.submit(stranger, text=WORDS, kind="reply").cookies


@pytest.mark.parametrize("kind", ["reply", "question"])
def test_words_that_are_refused_at_last_are_shown_again_with_the_reason(
    kind, desk, browser, agatha
):
    ticket = raised(TUESDAY)
    form = form_on(browser, f"/tickets/{ticket.ref}/", "Send reply")
    complete_ticket(actor=agatha, ref=ticket.ref)
    answer = form.submit(browser, text=WORDS, kind=kind)
    page = Page(answer)
    assert "This ticket is completed. Reopen it first." in page.text
    assert "First open the list of staff." in answer.text
    assert page.form("Save as internal note").fields["text"] == [WORDS]
    assert not ticket.messages.filter(kind=kind).exists()


def test_words_for_a_ticket_that_was_merged_meanwhile_are_shown_too(desk, browser, agatha):
    ticket, other = raised(TUESDAY), raised(TUESDAY)
    form = form_on(browser, f"/tickets/{ticket.ref}/", "Send reply")
    merge_ticket(actor=agatha, ref=ticket.ref, into=other.ref)
    answer = form.submit(browser, text=WORDS, kind="note")
    assert "This ticket was merged into another. Go on there." in answer.text
    assert "First open the list of staff." in answer.text
    assert not ticket.messages.filter(kind="note").exists()


def test_a_canned_reply_whose_title_is_taken_meanwhile_and_a_refused_purpose_come_back(
    desk, lea, browser, agatha
):
    form = form_on(browser, "/office/", "Add canned reply")
    with at_face(FACE):
        add_canned_reply(actor=FACE.acting(actor_like(lea)), title="Reset", text="x", topic="")
    answer = form.submit(browser, title="Reset", text=WORDS)
    assert "There is a canned reply of this title already." in answer.text
    assert "First open the list of staff." in answer.text
    ticket = raised(TUESDAY)
    with at_face(FACE):
        take_ticket(actor=FACE.acting(actor_like(lea)), ref=ticket.ref)
    ask = form_on(browser, f"/tickets/{ticket.ref}/", "Ask the school")
    assert "at most 500" in ask.submit(browser, purpose="why " * 200).text
    take_ticket(actor=agatha, ref=ticket.ref)
    answer = ask.submit(browser, purpose="To see the list of staff.")
    assert "Take the ticket first" in answer.text
    assert "To see the list of staff." in answer.text
    assert fresh(ticket).agent_id == agatha.reader.agent_id
