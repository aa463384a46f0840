"""The console, in a browser without JavaScript."""

from datetime import timedelta
from html import unescape
from re import sub

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from core.attachments.errors import AttachmentDamaged, StorageUnavailable
from core.audit.models import AuditEntry
from core.tenancy import at_face
from helpdesk.face import FACE
from helpdesk.models import Agent, Alarm, CannedReply, Ticket
from helpdesk.selectors.queues import queue_counts
from helpdesk.services.answers import ask, reply, write_note
from helpdesk.services.handling import complete_ticket
from helpdesk.services.sorting import (
    acknowledge_alarm,
    link_to_notice,
    merge_ticket,
    open_notice,
    tag_ticket,
)
from helpdesk.terms import AgentRole, Queue
from tests.control_plane import Person, at, make_agent
from tests.helpdesk.desk import (
    HILLSIDE,
    SHEET,
    TUESDAY,
    agent,
    answered,
    fresh,
    handover,
    raised,
    row,
)


@pytest.fixture
def agatha(desk):
    return agent("agatha")


def browser_of(actor):
    return at(Person(face=FACE, email="agatha@platform.example", row=row(actor)))


@pytest.fixture
def browser(agatha):
    """Agatha's browser, with her key."""
    return browser_of(agatha)


def page(browser, path, **how):
    """Open a page as a browser does, and come back to the desk."""
    answer = browser.get(path, **how)
    assert answer.status_code == 200, answer.status_code
    return answer.text


def press(browser, path, **sent):
    return browser.post(path, sent, follow=True)


def test_each_queue_holds_its_tickets_and_says_how_many(desk, agatha, lena):
    mine, waiting, done = raised(TUESDAY), raised(TUESDAY), raised(TUESDAY)
    ask(actor=agatha, ref=waiting.ref, text="Which address?")
    complete_ticket(actor=agatha, ref=done.ref)
    Agent.objects.filter(pk=agatha.reader.agent_id).update(capacity=1)
    unassigned = raised(TUESDAY)
    assert unassigned.agent is None
    desk.shift(timedelta(minutes=61))
    browser = browser_of(agatha)
    holds = {
        "mine": {mine},
        "team": {mine, unassigned},
        "unassigned": {unassigned},
        "soon": {mine, unassigned},
        "waiting": {waiting},
        "closed": {done},
    }
    for queue, tickets in holds.items():
        shown = page(browser, f"/?queue={queue}")
        for one in (mine, waiting, done, unassigned):
            assert (f">{one.number}</a>" in shown) is (one in tickets), (queue, one.number)
    counts = queue_counts(agatha.reader, TUESDAY + timedelta(minutes=61))
    assert counts == {Queue(q): len(t) for q, t in holds.items() if q != "closed"}
    assert queue_counts(lena.reader, TUESDAY)[Queue.MINE] == 0
    assert AuditEntry.objects.filter(verb="tickets.listed").count() == 6


def test_whoever_is_in_a_team_sees_its_tickets_alone(desk, agatha):
    ours, theirs = raised(TUESDAY), raised(TUESDAY, topic="recording")
    accounts = ours.team
    row(agatha).teams.set([accounts])
    assert accounts.name == "Accounts"
    shown = page(browser_of(agatha), "/?queue=team")
    assert ours.number in shown
    assert theirs.number not in shown


def queries(browser, path):
    page(browser, path)
    with CaptureQueriesContext(connection) as asked:
        page(browser, path)
    return len(asked)


def copies(ticket, number):
    """Add tickets like one, each with three messages."""
    from helpdesk.models import TicketMessage

    rows = []
    for one in range(number):
        told = handover(TUESDAY)
        rows.append(
            Ticket(
                ref=told.ref,
                school=ticket.school,
                requester_ref=told.requester_ref,
                requester_name="Rita",
                requester_role="staff",
                email="r@x.example",
                subject=f"Copy {one}",
                topic="key",
                raised_at=TUESDAY,
                agent_id=ticket.agent_id,
                team_id=ticket.team_id,
            )
        )
    made = Ticket.objects.bulk_create(rows)
    TicketMessage.objects.bulk_create(
        TicketMessage(ticket=one, kind="note", text="Words.") for one in made for _ in range(3)
    )


@pytest.mark.parametrize(("path", "most"), [("/?queue=mine", 12), ("/?queue=soon", 12), ("", 15)])
def test_a_page_asks_as_much_for_a_hundred_rows_as_for_one(path, most, desk, browser, agatha):
    ticket = raised(TUESDAY, files=(SHEET,))
    path = path or f"/tickets/{ticket.ref}/"
    one = queries(browser, path)
    copies(ticket, 100)
    for _ in range(40):
        reply(actor=agatha, ref=ticket.ref, text="Try now.")
    for number in range(30):
        CannedReply.objects.create(title=f"Canned {number}", text="Hello.")
    assert queries(browser, path) == one <= most


def test_a_ticket_with_all_that_a_ticket_can_have_asks_no_more_than_is_allowed(
    desk, browser, agatha, lena
):
    into, ticket = raised(TUESDAY), raised(TUESDAY, is_urgent=True, files=(SHEET,))
    acknowledge_alarm(actor=agatha, ref=ticket.alarm.ref)
    notice = open_notice(actor=lena, title="Email is late", text="")
    link_to_notice(actor=agatha, ref=ticket.ref, notice=notice.ref)
    for word in ("login", "slow"):
        tag_ticket(actor=agatha, ref=ticket.ref, name=word)
    merge_ticket(actor=agatha, ref=ticket.ref, into=into.ref)
    path = f"/tickets/{ticket.ref}/"
    assert queries(browser, path) <= 15
    shown = page(browser, path)
    for words in ("login", "slow", "Email is late", into.number, "Acknowledged by"):
        assert words in shown


def test_a_ticket_shows_who_said_what_and_what_is_known_of_the_school(desk, browser, agatha):
    ticket = raised(TUESDAY, files=(SHEET,), masked=2, text="<b>Help</b> & thanks")
    note = write_note(actor=agatha, ref=ticket.ref, text="Ask Mo.")
    shown = page(browser, f"/tickets/{ticket.ref}/")
    said = " ".join(unescape(sub("<[^>]+>", " ", shown.split(f"m-{note.ref}")[1])).split())
    assert said.startswith(
        '"> Internal note Ask Mo. Agatha Agent , Tuesday 10 February 2026, 10:00'
    )
    for words in (
        ticket.number,
        "I cannot log in",
        escape("<b>Help</b> & thanks"),
        "Rita Requester",
        "sheet.csv",
        "Greenwood School",
        "Ada Minster",
        "of whom 3 hold the key",
        "420",
        "2 in 30 days",
        "rita@greenwood.example",
        "2 places, by the school",
        "Tuesday 10 February 2026, 12:00",
    ):
        assert words in shown, words
    assert "<b>Help</b>" not in shown
    entry = AuditEntry.objects.filter(verb="ticket.viewed").latest("id")
    assert (entry.subject_ref, entry.user_id) == (ticket.ref, agatha.user_id)


def test_a_reply_is_sent_from_the_page_and_taken_back_from_it(desk, browser):
    ticket = raised(TUESDAY)
    path = f"/tickets/{ticket.ref}/"
    shown = press(browser, f"{path}say/", text="Try <i>now</i>.", kind="reply").text
    assert "Your reply goes out in ten seconds." in shown
    assert escape("Try <i>now</i>.") in shown
    message = ticket.messages.get(kind="reply")
    undo = f"/ticket-messages/{message.ref}/undo/"
    assert undo in shown
    shown = press(browser, undo).text
    assert "It was taken back." in shown
    assert "Taken back" in shown
    assert fresh(ticket).first_reply_met_at is None
    press(browser, f"{path}say/", text="Try now.", kind="reply")
    desk.shift(timedelta(seconds=10))
    assert "/undo/" not in page(browser, path)
    late = ticket.messages.filter(kind="reply").last()
    assert "This was sent already." in press(browser, f"/ticket-messages/{late.ref}/undo/").text


@pytest.mark.parametrize(("kind", "state"), [("question", "waiting"), ("note", "new")])
def test_a_question_and_a_note_are_written_with_the_same_form(kind, state, desk, browser):
    ticket = raised(TUESDAY)
    press(browser, f"/tickets/{ticket.ref}/say/", text="Which address?", kind=kind)
    assert ticket.messages.get(kind=kind).text == "Which address?"
    assert fresh(ticket).state == state


def test_an_empty_reply_is_told_so_and_one_too_long_comes_back(desk, browser):
    ticket = raised(TUESDAY)
    say = f"/tickets/{ticket.ref}/say/"
    assert "Write something first." in press(browser, say, text=" ", kind="reply").text
    shown = press(browser, say, text="Long words " * 2000, kind="reply").text
    assert "There is a problem" in shown
    assert "Long words Long words" in shown
    assert not ticket.messages.filter(kind="reply").exists()


def test_a_canned_reply_stands_in_the_form_with_its_fields_filled(desk, browser):
    ticket = raised(TUESDAY)
    canned = CannedReply.objects.create(
        title="Hello", text="Dear {requester} of {school}, about {number}. {agent} {else}"
    )
    shown = page(browser, f"/tickets/{ticket.ref}/?canned={canned.ref}")
    filled = (
        f"Dear Rita Requester of Greenwood School, about {ticket.number}. Agatha Agent {{else}}"
    )
    assert filled in shown
    other = CannedReply.objects.create(title="Other topic", text="No.", topic="email")
    assert str(other.ref) not in page(browser, f"/tickets/{ticket.ref}/")


def test_it_is_taken_completed_reopened_and_sorted_from_the_page(desk, browser, agatha, lena):
    ticket, other = raised(TUESDAY), raised(TUESDAY)
    notice = open_notice(actor=lena, title="Email is late", text="")
    path = f"/tickets/{ticket.ref}/"
    press(browser, f"{path}take/")
    assert fresh(ticket).is_touched
    press(browser, f"{path}priority/", priority="high")
    press(browser, f"{path}topic/", topic="email")
    press(browser, f"{path}tags/", tag="Slow mail")
    press(browser, f"{path}notice/", notice=notice.ref)
    now = fresh(ticket)
    assert (now.priority, now.topic, now.notice) == ("high", "email", notice)
    assert "slow mail" in page(browser, path)
    press(browser, f"{path}tags/remove/", tag=now.tags.get().ref)
    assert not now.tags.exists()
    press(browser, f"{path}complete/")
    assert fresh(ticket).state == "completed"
    assert "This ticket is completed." in press(browser, f"{path}complete/").text
    press(browser, f"{path}reopen/")
    assert fresh(ticket).state == "open"
    berta = agent("berta")
    press(browser, f"{path}assign/", agent=row(berta).ref)
    assert fresh(ticket).agent_id == berta.reader.agent_id
    assert "There is no ticket of this number." in press(browser, f"{path}merge/", number="x").text
    assert other.number in press(browser, f"{path}merge/", number=other.number).text
    assert fresh(ticket).merged_into_id == other.pk
    for nonsense in ({"priority": "x"}, {"agent": "x"}, {"topic": ""}, {"team": "7"}):
        for name in nonsense:
            assert press(browser, f"/tickets/{other.ref}/{name}/", **nonsense).status_code in (
                200,
                404,
            )


def test_tickets_are_found_by_number_school_and_words_and_the_words_stay_out_of_addresses(
    desk, browser, agatha
):
    from helpdesk.services.intake import receive_answer

    ours = raised(TUESDAY, subject="Printing of charts")
    theirs = raised(TUESDAY, school_ref=HILLSIDE, school_name="Hillside")
    receive_answer(answered(theirs, TUESDAY, text="The registers were imported twice."))
    for words, found in {
        ours.number: {ours},
        str(theirs.pk): {theirs},
        "hillsi": {theirs},
        "chart": {ours},
        "imported register": {theirs},
        "password": {ours, theirs},
        "nothing like it": set(),
    }.items():
        shown = press(browser, "/search/", words=words)
        assert shown.status_code == 200
        assert shown.redirect_chain == []
        for one in (ours, theirs):
            assert (f">{one.number}</a>" in shown.text) is (one in found), words
    assert "Enter a number, a school or words." in press(browser, "/search/", words="").text
    entries = AuditEntry.objects.filter(verb="tickets.searched")
    assert entries.count() == 7
    assert "chart" not in str(list(entries.values()))


def test_an_alarm_is_on_every_page_until_somebody_acknowledges_it(desk, browser, agatha):
    calm, urgent = raised(TUESDAY), raised(TUESDAY, is_urgent=True)
    for path in ("/", f"/tickets/{calm.ref}/"):
        assert "nobody is looking after it yet" in page(browser, path)
    shown = press(browser, f"/alarms/{Alarm.objects.get().ref}/acknowledge/").text
    assert urgent.number in shown
    assert "Acknowledged by" in shown
    assert "Acknowledged by" not in page(browser, f"/tickets/{calm.ref}/")
    assert "nobody is looking after it yet" not in page(browser, "/")


def test_duty_begins_and_ends_at_a_press(desk, browser, agatha):
    ticket = raised(TUESDAY)
    assert "Tickets back in the queue: 1." in press(browser, "/presence/", duty="off").text
    assert (row(agatha).is_on_duty, fresh(ticket).agent_id) == (False, None)
    assert "You are on duty" in press(browser, "/presence/", duty="on").text
    assert row(agatha).is_on_duty


def test_the_promises_are_explained_by_the_working_time_that_they_take(desk, browser):
    ticket = raised(TUESDAY)
    shown = page(browser, f"/tickets/{ticket.ref}/promises/")
    for words in ("10 Feb 2026, 10:00:00", "10 Feb 2026, 12:00:00", "11 Feb 2026, 17:00:00"):
        assert words in shown, words
    assert "11 Feb 2026, 08:30:00" in shown
    assert "Raised" in shown
    assert "Routed" in shown


def handed_out(*, school_ref, ticket_ref, file_ref, agent):
    return HttpResponse(f"{school_ref} {ticket_ref} {file_ref} {agent.name}")


def test_a_file_is_handed_out_by_its_school_and_is_on_record(desk, browser, settings):
    settings.TICKET_FILES = "tests.helpdesk.test_console.handed_out"
    ticket = raised(TUESDAY, files=(SHEET,))
    shown = page(browser, f"/ticket-files/{SHEET.ref}/")
    assert shown == f"{ticket.school.ref} {ticket.ref} {SHEET.ref} Agatha Agent"
    entry = AuditEntry.objects.filter(verb="ticket.file_opened").latest("id")
    assert entry.facts == {"file": str(SHEET.ref)}


def handed_nothing(error):
    """Return what a school raises in place of handing a file out."""

    def refuse(**_which):
        raise error

    return refuse


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (StorageUnavailable("away"), 503, "Files cannot be opened just now"),
        (AttachmentDamaged("cut off"), 410, "This file is damaged"),
        (LookupError("There is no such school."), 404, "This file is no longer there"),
        (Ticket.DoesNotExist("no row"), 404, "This file is no longer there"),
    ],
)
def test_a_file_that_its_school_cannot_hand_out_is_a_calm_page(
    error, status, heading, desk, browser, settings, monkeypatch
):
    settings.TICKET_FILES = "tests.helpdesk.test_console.handed_out"
    ticket = raised(TUESDAY, files=(SHEET,))
    assert browser.get(f"/ticket-files/{SHEET.ref}/").status_code == 200
    monkeypatch.setattr("tests.helpdesk.test_console.handed_out", handed_nothing(error))
    answer = browser.get(f"/ticket-files/{SHEET.ref}/")
    assert answer.status_code == status
    assert f'<h1 class="govuk-heading-l">{heading}</h1>' in answer.text
    assert f'href="/tickets/{ticket.ref}/"' in answer.text
    assert str(error) not in answer.text


def test_an_editor_sees_no_ticket(desk, browser):
    ticket = raised(TUESDAY)
    path = f"/tickets/{ticket.ref}/"
    assert browser.get(path).status_code == 200
    edith = at(make_agent("edith@platform.example", role=AgentRole.EDITOR))
    assert ticket.number not in page(edith, "/")
    refused = edith.get(path)
    assert refused.status_code == 403
    assert "Editors look after articles" in refused.text


def test_what_does_not_exist_is_not_found(desk, browser):
    ticket = raised(TUESDAY)
    assert browser.get(f"/tickets/{ticket.ref}/").status_code == 200
    for path in ("tickets/{}/", "tickets/{}/promises/", "tickets/{}/sort/", "ticket-files/{}/"):
        assert browser.get("/" + path.format(HILLSIDE)).status_code == 404, path
    for path in ("tickets/{}/take/", "ticket-messages/{}/undo/", "alarms/{}/acknowledge/"):
        assert browser.post("/" + path.format(HILLSIDE)).status_code == 404, path


def test_a_page_of_the_console_belongs_to_the_helpdesks_face(browser):
    with at_face(FACE):
        assert page(browser, "/?queue=nonsense")
