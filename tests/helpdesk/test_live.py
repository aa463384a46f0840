"""What an open page asks every few seconds."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from redis.exceptions import RedisError

from core.audit.models import AuditEntry
from core.tenancy import at_face
from helpdesk.face import FACE
from tests.control_plane import Person, at
from tests.helpdesk.desk import TUESDAY, agent, raised, row
from tests.helpdesk.test_console import copies


def browser_of(actor, name):
    return at(Person(face=FACE, email=f"{name}@platform.example", row=row(actor)))


@pytest.fixture
def agatha(desk):
    cache.clear()
    return agent("agatha")


@pytest.fixture
def browser(agatha):
    return browser_of(agatha, "agatha")


@pytest.fixture
def colleague(desk):
    mo = agent("mo", is_on_duty=False)
    row(mo).__class__.objects.filter(pk=mo.reader.agent_id).update(name="Mo")
    return browser_of(mo, "mo")


def asked(browser, **sent):
    answer = browser.post("/live/", sent)
    assert answer.status_code == 200
    return answer.json()


def test_the_counts_are_those_of_the_console(browser, agatha):
    raised(TUESDAY)
    urgent = raised(TUESDAY, is_urgent=True)
    told = asked(browser)
    assert told["counts"] == {"mine": 2, "team": 2, "unassigned": 0, "soon": 1, "waiting": 0}
    assert told["alarms"] == [str(urgent.alarm.ref)]
    assert "watching" not in told
    shown = browser.get("/").text
    assert 'data-queue="mine">2<' in shown
    assert str(urgent.alarm.ref) in shown


def test_others_read_who_looks_and_who_types_until_they_leave(desk, browser, colleague):
    ticket, other = raised(TUESDAY), raised(TUESDAY)
    assert asked(colleague, ticket=ticket.ref)["watching"] == ""
    assert asked(browser, ticket=ticket.ref)["watching"] == "Mo is looking at this ticket."
    assert asked(browser, ticket=other.ref)["watching"] == ""
    told = asked(colleague, ticket=ticket.ref, typing="1")
    assert told["watching"] == "Agatha Agent is looking at this ticket."
    assert asked(browser, ticket=ticket.ref)["watching"] == "Mo is typing a reply."
    desk.shift(timedelta(seconds=29))
    assert asked(browser, ticket=ticket.ref)["watching"] == "Mo is typing a reply."
    desk.shift(timedelta(seconds=1))
    assert asked(browser, ticket=ticket.ref)["watching"] == ""


def test_what_is_no_ticket_is_nobodys(browser):
    assert "watching" not in asked(browser, ticket="nonsense")
    assert asked(browser, ticket=UUID(int=7))["watching"] == ""
    assert browser.get("/live/").status_code == 405


class Away:
    """A cache that does not answer."""

    def fail(self, *_, **__):
        raise RedisError

    set = get_many = fail


def test_counts_are_told_where_the_cache_is_away(browser, monkeypatch):
    ticket = raised(TUESDAY)
    monkeypatch.setattr("helpdesk.watching.cache", Away())
    told = asked(browser, ticket=ticket.ref)
    assert (told["watching"], told["counts"]["mine"]) == ("", 1)


def ends_of(browser):
    with at_face(FACE):
        return Session.objects.get(session_key=browser.session.session_key).expire_date


def test_asking_does_not_keep_a_session_alive(desk, browser):
    asked(browser)
    before = ends_of(browser)
    desk.shift(timedelta(minutes=20))
    asked(browser)
    assert ends_of(browser) == before
    browser.get("/")
    after = ends_of(browser)
    assert after == before + timedelta(minutes=20)
    desk.shift(timedelta(minutes=29))
    asked(browser)
    desk.shift(timedelta(minutes=2))
    assert browser.post("/live/")["Location"].startswith("/login/")


def test_it_asks_as_much_for_a_hundred_tickets_as_for_one_and_records_nothing(browser, colleague):
    ticket = raised(TUESDAY)

    def queries():
        with CaptureQueriesContext(connection) as said:
            asked(browser, ticket=ticket.ref)
        return len(said)

    queries()
    one = queries()
    copies(ticket, 100)
    entries = AuditEntry.objects.count()
    assert queries() == one <= 8
    assert AuditEntry.objects.count() == entries
