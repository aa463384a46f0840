"""Access by consent, from the ticket at the helpdesk to the school's record and back."""

from datetime import timedelta
from html import unescape

import pytest
from django.core import mail
from django.test import Client

from core.audit.models import AuditEntry
from core.clock import now
from core.refusals import Refused
from core.tenancy import at_face, in_control_plane, in_school
from helpdesk.face import FACE
from helpdesk.models import AccessRequest
from helpdesk.services import access as desk
from helpdesk.services.agents import deactivate_agent
from helpdesk.services.handling import complete_ticket, take_ticket
from helpdesk.terms import AccessScope
from support.models import SupportAccess
from support.services.access import end_access, grant_access, refuse_access
from support.terms import Refusal
from tests.control_plane import NOBODY, Person, at
from tests.factories import log_in, make_staff
from tests.helpdesk.desk import agent, row
from tests.support.test_doors import work
from tests.support.tickets import make_ticket


@pytest.fixture
def clock(time_machine_at):
    """The clock, standing still."""
    time_machine_at.move_to(now(), tick=False)
    return time_machine_at


@pytest.fixture
def agatha(clock, school_a):
    with at_face(FACE):
        return agent("agatha")


@pytest.fixture
def ada(in_school_a):
    return make_staff("ada", kind="administrator")


@pytest.fixture
def asked(agatha, ada, school_a):
    """Return the request as the school has it, of a ticket that Agatha holds."""
    ticket = make_ticket(ada)
    work(school_a)
    with at_face(FACE):
        take_ticket(actor=agatha, ref=ticket.ref)
        desk.ask_access(
            actor=agatha, ref=ticket.ref, purpose="See why.", scope=AccessScope.SETTINGS, hours=2
        )
    work(school_a)
    return SupportAccess.objects.get()


def browser_of(actor, school):
    client = Client(HTTP_HOST=school.host)
    log_in(client, school, actor, has_key=actor.has_key)
    return client


def desk_row():
    with in_control_plane():
        return AccessRequest.objects.get()


def desk_browser(agatha):
    with at_face(FACE):
        return at(Person(face=FACE, email="agatha@platform.example", row=row(agatha)))


def test_s6_01_asked_granted_used_seen_in_the_audit_and_ended_by_the_school(
    asked, agatha, ada, school_a
):
    letter, *_ = [one for one in mail.outbox if "asks to look" in one.subject]
    assert "See why." not in letter.body
    browser = browser_of(ada, school_a)
    page = browser.get("/administration/helpdesk/").text
    assert "See why." in page
    browser.post(f"/administration/helpdesk/{asked.ref}/grant/", {"hours": "1"})
    work(school_a)
    assert [one for one in mail.outbox if "may look at your site" in one.subject]
    assert (desk_row().state, desk_row().ends_at) == ("granted", now() + timedelta(hours=1))
    assert "Agatha Agent of the helpdesk may look" in browser.get("/administration/").text

    console = desk_browser(agatha)
    opened = console.post(f"/access/{asked.ref}/open/")
    assert school_a.host in opened.headers["Content-Security-Policy"]
    sent = unescape(opened.text.split('name="pass" value="')[1].split('"')[0])
    helper = Client(HTTP_HOST=school_a.host)
    assert helper.post("/support/access/enter/", {"pass": sent}).status_code == 302
    seen = helper.get("/administration/staff/").text
    assert "Agatha Agent" in seen
    assert "Show Names" not in seen

    holder = browser_of(make_staff("key", kind="key_holder"), school_a)
    record = " ".join(holder.get("/audit/").text.split())
    assert "Agatha Agent of the helpdesk</strong> looked at a page of the school" in unescape(
        record
    )

    browser.post(f"/administration/helpdesk/{asked.ref}/end/")
    assert helper.get("/administration/staff/").status_code == 302
    work(school_a)
    assert (desk_row().state, desk_row().ended_by) == ("ended", "school")


def test_s6_02_a_refused_request_opens_nothing_and_the_helpdesk_knows(asked, agatha, ada, school_a):
    refuse_access(actor=ada, ref=asked.ref)
    work(school_a)
    assert desk_row().state == "refused"
    with at_face(FACE), pytest.raises(Refused):
        desk.issue_pass(actor=agatha, ref=asked.ref)
    with pytest.raises(Refused):
        grant_access(actor=ada, ref=asked.ref, hours=1)


@pytest.mark.parametrize("how", ["withdrawn", "completed", "deactivated"])
def test_s6_03_what_ends_it_at_the_helpdesk_ends_it_at_the_school(
    how, asked, agatha, ada, school_a
):
    grant_access(actor=ada, ref=asked.ref, hours=2)
    work(school_a)
    assert SupportAccess.objects.live().exists()
    ticket = asked.ticket.ref
    with at_face(FACE):
        if how == "withdrawn":
            desk.withdraw_access(actor=agatha, ref=asked.ref)
        elif how == "completed":
            complete_ticket(actor=agatha, ref=ticket)
        else:
            deactivate_agent(actor=NOBODY, email="agatha@platform.example")
    work(school_a)
    asked.refresh_from_db()
    assert (asked.ended_by, SupportAccess.objects.live().exists()) == ("helpdesk", False)


def test_s6_04_only_who_holds_the_ticket_may_ask_and_once(asked, agatha, school_a):
    ticket = asked.ticket.ref
    with at_face(FACE):
        other = agent("olga")
        for who in (other, agatha):
            with pytest.raises(Refused):
                desk.ask_access(
                    actor=who,
                    ref=ticket,
                    purpose="Again.",
                    scope=AccessScope.RECORDS,
                    hours=1,
                )


def test_s6_05_only_an_administrator_with_their_key_in_hand_grants_and_no_more_than_asked(
    asked, ada, school_a, clock
):
    holder = browser_of(make_staff("key", kind="key_holder"), school_a)
    path = f"/administration/helpdesk/{asked.ref}/grant/"
    assert holder.post(path, {"hours": "1"}).status_code == 403
    browser = browser_of(ada, school_a)
    for hours in ("0", "3", "9", "", "x"):
        browser.post(path, {"hours": hours})
        assert SupportAccess.objects.get().granted_at is None
    clock.shift(timedelta(minutes=6))
    assert "/account/key/" in browser.post(path, {"hours": "1"})["Location"]
    assert SupportAccess.objects.get().granted_at is None
    with pytest.raises(Refused) as refused:
        grant_access(actor=ada, ref=asked.ref, hours=3)
    assert refused.value.why == Refusal.TOO_LONG
    assert grant_access(actor=ada, ref=asked.ref, hours=2).granted_by_id == ada.staff_id


def test_s6_06_ending_again_does_nothing(asked, ada, school_a):
    grant_access(actor=ada, ref=asked.ref, hours=1)
    end_access(actor=ada, ref=asked.ref)
    before = AuditEntry.objects.count()
    end_access(actor=ada, ref=asked.ref)
    assert AuditEntry.objects.count() == before
    with in_school(school_a):
        assert not SupportAccess.objects.live().exists()
