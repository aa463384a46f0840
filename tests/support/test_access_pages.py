"""What administrators, the requester and the helpdesk read of an agent's access."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.actors import Actor
from core.audit.models import AuditEntry
from core.clock import now
from core.outbox.models import OutboxEvent
from core.tenancy import at_face, in_control_plane, in_school
from helpdesk.face import FACE
from helpdesk.models import AccessRequest, TicketEvent
from helpdesk.models import Ticket as DeskTicket
from helpdesk.services import access as desk
from helpdesk.services.handling import assign_ticket, take_ticket
from helpdesk.services.presence import go_off_duty
from helpdesk.terms import AccessScope, EventKind
from support.actors import support_actor
from support.models import SupportAccess
from support.services.access import end_access, grant_access, record_look, refuse_access
from support.services.access import take_back as withdraw
from tests.control_plane import Person, at
from tests.factories import log_in, make_incident, make_staff
from tests.helpdesk.desk import agent, row
from tests.support.access import asked as asked_here
from tests.support.access import come_in, grant, pass_for
from tests.support.test_doors import work
from tests.support.tickets import make_ticket

LOG = (
    EventKind.ACCESS_ASKED,
    EventKind.ACCESS_GRANTED,
    EventKind.ACCESS_REFUSED,
    EventKind.ACCESS_OPENED,
    EventKind.ACCESS_ENDED,
)


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
def ticket(agatha, ada, school_a):
    ticket = make_ticket(ada)
    work(school_a)
    return ticket


@pytest.fixture
def asked(ticket, agatha, school_a):
    """Return the request as the school has it, of a ticket that Agatha holds."""
    _ask(agatha, ticket)
    work(school_a)
    return SupportAccess.objects.get()


def _ask(agatha, ticket):
    with at_face(FACE):
        take_ticket(actor=agatha, ref=ticket.ref)
        desk.ask_access(
            actor=agatha, ref=ticket.ref, purpose="See why.", scope=AccessScope.SETTINGS, hours=2
        )


def browser_of(actor, school):
    client = Client(HTTP_HOST=school.host)
    log_in(client, school, actor, has_key=actor.has_key)
    return client


def text_of(answer):
    return " ".join(unescape(answer.text).split())


def log():
    with in_control_plane():
        rows = TicketEvent.objects.filter(kind__in=LOG).order_by("pk")
        return list(rows.values_list("kind", "agent__name", "happened_at"))


def desk_row():
    with in_control_plane():
        return AccessRequest.objects.get()


def test_the_tickets_log_at_the_helpdesk_has_each_step(asked, agatha, ada, school_a, clock):
    began = now()
    clock.shift(timedelta(minutes=1))
    grant_access(actor=ada, ref=asked.ref, hours=1)
    clock.shift(timedelta(minutes=1))
    work(school_a)
    with at_face(FACE):
        desk.issue_pass(actor=agatha, ref=asked.ref)
    clock.shift(timedelta(minutes=1))
    end_access(actor=ada, ref=asked.ref)
    work(school_a)
    minute = timedelta(minutes=1)
    assert log() == [
        ("access_asked", "Agatha Agent", began),
        ("access_granted", None, began + minute),
        ("access_opened", "Agatha Agent", began + 2 * minute),
        ("access_ended", None, began + 3 * minute),
    ]
    with at_face(FACE):
        console = at(Person(face=FACE, email="agatha@platform.example", row=row(agatha)))
    said = text_of(console.get(f"/tickets/{asked.ticket.ref}/promises/"))
    assert "Access asked by" in said
    assert "Access ended" in said


def test_a_refusal_and_a_withdrawal_are_in_the_log_once(asked, agatha, ada, school_a, ticket):
    refuse_access(actor=ada, ref=asked.ref)
    work(school_a)
    _ask(agatha, ticket)
    with at_face(FACE):
        again = AccessRequest.objects.latest("pk")
        for _ in range(2):
            desk.withdraw_access(actor=agatha, ref=again.ref)
    work(school_a)
    kinds = [(kind, by) for kind, by, _ in log()]
    assert kinds == [
        ("access_asked", "Agatha Agent"),
        ("access_refused", None),
        ("access_asked", "Agatha Agent"),
        ("access_ended", "Agatha Agent"),
    ]


def test_it_ends_by_itself_and_both_sides_note_when(asked, ada, school_a, clock):
    grant_access(actor=ada, ref=asked.ref, hours=1)
    work(school_a)
    over = now() + timedelta(hours=1)
    clock.shift(timedelta(minutes=59, seconds=59))
    work(school_a)
    assert SupportAccess.objects.live().exists()
    assert SupportAccess.objects.get().ended_at is None
    clock.shift(timedelta(seconds=1))
    assert not SupportAccess.objects.live().exists(), "before any worker has noted it"
    clock.shift(timedelta(minutes=10))
    work(school_a)
    access = SupportAccess.objects.get()
    assert (access.ended_at, access.ended_by) == (over, "time")
    assert (desk_row().state, desk_row().ended_at, desk_row().ended_by) == ("ended", over, "time")
    assert log()[-1] == ("access_ended", None, over)
    entry = AuditEntry.objects.get(verb="support.ended")
    assert (entry.subject_ref, entry.facts, entry.user_id) == (asked.ref, {"by": "time"}, None)


def test_what_was_ended_before_does_not_end_again_when_its_time_is_over(
    asked, ada, school_a, clock
):
    grant_access(actor=ada, ref=asked.ref, hours=1)
    end_access(actor=ada, ref=asked.ref)
    work(school_a)
    clock.shift(timedelta(hours=2))
    work(school_a)
    assert not OutboxEvent.objects.filter(done_at=None).exists()
    assert AuditEntry.objects.filter(verb="support.ended").count() == 1
    assert SupportAccess.objects.get().ended_by == "school"
    assert [kind for kind, _, _ in log()].count("access_ended") == 1


def test_a_new_request_after_the_time_is_over_closes_the_old_one_in_the_log(
    asked, agatha, ada, school_a, clock, ticket
):
    grant_access(actor=ada, ref=asked.ref, hours=1)
    work(school_a)
    over = now() + timedelta(hours=1)
    clock.shift(timedelta(hours=1, seconds=1))
    # No worker has come by yet.
    _ask(agatha, ticket)
    with in_control_plane():
        old = AccessRequest.objects.get(ref=asked.ref)
        assert (old.state, old.ended_at, old.ended_by) == ("ended", over, "time")
    work(school_a)
    assert [kind for kind, _, _ in log()].count("access_ended") == 1


@pytest.mark.parametrize("how", ["goes off duty", "gives it to somebody"])
def test_an_agent_who_does_not_hold_the_ticket_any_more_is_out(
    how, asked, agatha, ada, school_a, ticket
):
    grant_access(actor=ada, ref=asked.ref, hours=2)
    work(school_a)
    with at_face(FACE):
        own = row(agatha).ref
        if how == "goes off duty":
            # Given to oneself it counts as untouched, so that it goes back to the queue.
            assign_ticket(actor=agatha, ref=ticket.ref, to=own)
            go_off_duty(actor=agatha)
        else:
            olga = agent("olga")
            assign_ticket(actor=agatha, ref=ticket.ref, to=row(olga).ref)
    work(school_a)
    with in_control_plane():
        assert DeskTicket.objects.get().agent_id != row(agatha).pk
    asked.refresh_from_db()
    assert (asked.ended_by, SupportAccess.objects.live().exists()) == ("helpdesk", False)


def test_an_administrator_reads_who_asks_why_what_they_see_and_for_how_long(asked, ada, school_a):
    browser = browser_of(ada, school_a)
    page = text_of(browser.get("/administration/helpdesk/"))
    for said in (
        "Agatha Agent asks to look at your site",
        asked.ticket.number,
        "See why.",
        "The administration pages",
        "No incident and no student’s record.",
        "2 hours at most",
        ">Allow<",
        ">Refuse<",
    ):
        assert said in page, said
    browser.post(f"/administration/helpdesk/{asked.ref}/grant/", {"hours": "2"})
    page = text_of(browser.get("/administration/helpdesk/"))
    assert "Agatha Agent may look at your site now" in page
    assert "End now" in page
    assert ">Allow<" not in page
    browser.post(f"/administration/helpdesk/{asked.ref}/end/")
    page = text_of(browser.get("/administration/helpdesk/"))
    assert f"/administration/helpdesk/{asked.ref}/" in page
    assert "End now" not in page
    shown = text_of(browser.get(f"/administration/helpdesk/{asked.ref}/"))
    assert "your school ended it" in shown


def test_each_page_that_was_opened_is_a_click_away_with_a_link_to_those_one_may_open(
    ada, school_a, clock
):
    ticket = make_ticket(ada)
    incident = make_incident(make_staff("key", kind="key_holder"), is_whole_school=True)
    access = grant(ada, asked_here(ticket, scope="records"))
    helper, _ = come_in(school_a, pass_for(school_a, access))
    for path in ("/incidents/", f"/incidents/{incident.ref}/", "/administration/staff/add/"):
        helper.get(path)
    address = f"/administration/helpdesk/{access.ref}/"
    both = make_staff("both", kind="administrator")
    page = browser_of(ada, school_a).get("/administration/helpdesk/")
    assert f'href="{address}#seen"' in page.text
    said = text_of(browser_of(both, school_a).get(address))
    seen = said.split("Each page that they opened</h2>")[1]
    places = [seen.index(one) for one in ("another page", "Incident<", "Incidents<", "Came in")]
    assert places == sorted(places), "newest first"
    assert "Not shown" in seen
    assert f"/incidents/{incident.ref}/" not in seen, "it is a key holder's"
    holder = make_staff("holder", kind="key_holder")
    assert browser_of(holder, school_a).get(address).status_code == 403


def test_the_pages_take_as_many_queries_for_100_looks_and_requests_as_for_one(ada, school_a, clock):
    access = grant(ada, asked_here(make_ticket(ada)))
    helper, _ = come_in(school_a, pass_for(school_a, access))
    helper.get("/administration/staff/")
    browser = browser_of(ada, school_a)
    address = f"/administration/helpdesk/{access.ref}/"
    paths = (address, "/administration/helpdesk/", f"/support/tickets/{access.ticket.ref}/")
    taken = [queries_of(browser, path) for path in paths]
    with in_school(school_a):
        actor = support_actor(access, Actor(request_id="visit"))
        for _ in range(100):
            record_look(actor=actor, page="staff", of=None)
        for _ in range(60):
            withdraw(asked_here(access.ticket).ref)
    assert [queries_of(browser, path) for path in paths] == taken


def queries_of(browser, path):
    browser.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


def test_the_requester_reads_on_the_ticket_how_access_stands(ada, school_a, clock):
    teacher = make_staff("tilda")
    ticket = make_ticket(teacher)
    browser = browser_of(teacher, school_a)
    path = f"/support/tickets/{ticket.ref}/"
    assert "Access of the helpdesk" not in browser.get(path).text
    access = asked_here(ticket)
    said = text_of(browser.get(path))
    assert "Access of the helpdesk" in said
    assert "Waiting for an administrator" in said
    assert access.purpose not in said
    assert "/administration/helpdesk/" not in said
    grant(ada, access)
    assert "Open now" in text_of(browser.get(path))
    assert f"/administration/helpdesk/{access.ref}/" in browser_of(ada, school_a).get(path).text
    clock.shift(timedelta(hours=1))
    assert "Ended" in text_of(browser_of(teacher, school_a).get(path))
