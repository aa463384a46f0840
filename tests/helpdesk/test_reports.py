"""Reports: counted by hand, and by the page."""

import csv
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.audit.models import AuditEntry
from helpdesk.models import TicketEvent
from helpdesk.reports import Line, Measured, report_of, words_of
from helpdesk.services.answers import ask, reply
from helpdesk.services.handling import complete_ticket
from helpdesk.services.intake import receive_answer
from helpdesk.services.sorting import merge_ticket
from helpdesk.terms import AgentRole, Grouping
from tests.control_plane import at, make_agent
from tests.helpdesk.desk import EVENING, HILLSIDE, TUESDAY, answered, raised
from tests.helpdesk.test_console import copies
from tests.isolation.doors import doors_of

WEDNESDAY = datetime(2026, 2, 11, 11, tzinfo=UTC)
PERIOD = "since=2026-02-09&until=2026-02-11"


@pytest.fixture
def lead(desk):
    return at(make_agent("lena@platform.example", role=AgentRole.LEAD))


@pytest.fixture
def worked_week(desk, agatha):
    """Four tickets of two schools, and one that was merged, as they stand on Wednesday at 11:00.

    The office is open from 08:30 to 17:30 and promises a reply in 2 hours, the end in 16.
    """
    key = {"topic": "key", "school_ref": HILLSIDE, "school_name": "=Hillside"}
    quick, asked, late = raised(TUESDAY), raised(TUESDAY), raised(EVENING, **key)
    raised(TUESDAY, **key)
    merged = raised(TUESDAY)
    merge_ticket(actor=agatha, ref=merged.ref, into=quick.ref)
    reply(actor=agatha, ref=late.ref, text="Good morning.")
    desk.move_to(TUESDAY.replace(minute=30))
    reply(actor=agatha, ref=quick.ref, text="Try now.")
    desk.move_to(TUESDAY.replace(hour=13))
    ask(actor=agatha, ref=asked.ref, text="Which address?")
    desk.move_to(WEDNESDAY.replace(hour=8, minute=45))
    complete_ticket(actor=agatha, ref=quick.ref)
    desk.move_to(WEDNESDAY.replace(hour=10))
    receive_answer(answered(asked, WEDNESDAY.replace(hour=10)))
    desk.move_to(WEDNESDAY)
    complete_ticket(actor=agatha, ref=asked.ref)


#: Tickets; of both promises: done, judged, kept, median and 90th percentile in minutes.
LOGGING_IN = ["2", "2", "2", "1", "105.0", "180.0", "2", "2", "2", "352.5", "465.0"]
KEY = ["2", "1", "2", "1", "90.0", "90.0", "0", "0", "0", "", ""]
ALL = ["4", "3", "4", "2", "90.0", "180.0", "2", "2", "2", "352.5", "465.0"]


def downloaded(lead, by, period=PERIOD):
    answer = lead.get(f"/reports/download/?by={by}&{period}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))
    assert rows[0][0] == by.capitalize()
    return {row[0]: row[1:] for row in rows[1:]}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("topic", {"Logging in": LOGGING_IN, "Key": KEY, "All": ALL}),
        # A school's name is no formula.
        ("school", {"'=Hillside": KEY, "Greenwood School": LOGGING_IN, "All": ALL}),
        ("agent", {"Agatha Agent": ALL, "All": ALL}),
        ("month", {"February 2026": ALL, "All": ALL}),
        ("week", {"Week of 9 Feb 2026": ALL, "All": ALL}),
    ],
)
def test_the_figures_are_those_that_were_counted_by_hand(by, expected, worked_week, lead):
    found = downloaded(lead, by)
    assert found == expected
    assert list(found) == list(expected)


def test_the_page_says_the_same(worked_week, lead):
    shown = lead.get(f"/reports/?by=topic&{PERIOD}").text
    for words in ("1 of 2 (50%)", "2 of 2 (100%)", "1 h 45 min", "5 h 52 min", "7 h 45 min"):
        assert words in shown, words
    assert f"/reports/download/?by=topic&amp;{PERIOD.replace('&', '&amp;')}" in shown
    entry = AuditEntry.objects.filter(verb="report.viewed").latest("id")
    assert entry.facts == {
        "by": "topic",
        "since": "2026-02-09",
        "until": "2026-02-11",
        "tickets": 4,
    }


def test_a_period_begins_and_ends_with_local_days(desk, lead, agatha):
    # Half past midnight on 1 July in London is the evening before in UTC.
    raised(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    desk.move_to(datetime(2026, 7, 2, 9, tzinfo=UTC))
    lead = at(make_agent("leo@platform.example", role=AgentRole.LEAD))
    day = "since=2026-0{0}&until=2026-0{0}"
    assert set(downloaded(lead, "month", day.format("7-01"))) == {"July 2026", "All"}
    assert set(downloaded(lead, "month", day.format("6-30"))) == {"All"}


def test_without_a_period_it_is_the_last_90_days(worked_week, lead):
    shown = lead.get("/reports/").text
    assert 'value="2025-11-14"' in shown
    assert 'value="2026-02-11"' in shown
    assert "Logging in" in shown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=2026-02-11&until=2026-02-09", "The last day comes before the first."),
        ("since=2020-01-01", "Choose two years at most."),
        ("since=soon", "Enter a day such as"),
        ("since=9999-12-01&until=9999-12-31", "Enter a day of this century."),
        ("by=colour", "There is a problem"),
    ],
)
def test_what_cannot_be_counted_is_told(asked, said, worked_week, lead):
    assert "2 of 4" in lead.get("/reports/").text
    shown = lead.get(f"/reports/?{asked}").text
    assert said in shown
    assert "2 of 4" not in shown
    assert lead.get(f"/reports/download/?{asked}").status_code == 404


def test_a_period_without_tickets_says_so(lead):
    shown = lead.get("/reports/?since=2020-01-01&until=2020-01-02").text
    assert "No ticket was raised in this period." in shown


def test_a_report_asks_as_much_for_a_hundred_tickets_as_for_one(desk, lead, agatha):
    ticket = raised(TUESDAY)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert lead.get("/reports/?by=agent").status_code == 200
        return len(asked)

    queries()
    one = queries()
    copies(ticket, 100)
    TicketEvent.objects.bulk_create(
        TicketEvent(ticket_id=pk, kind="replied", happened_at=TUESDAY, facts={"message_ref": "x"})
        for pk in range(ticket.pk + 1, ticket.pk + 101)
    )
    assert queries() == one <= 10


def test_a_lead_alone_opens_what_is_for_leads(desk, lead):
    agent = at(make_agent("agnes@platform.example"))
    for path in ("/reports/", "/reports/download/"):
        assert lead.get(path).status_code == 200
        refused = agent.get(path)
        assert refused.status_code == 403
        assert "Only a lead may do this." in refused.text
    assert "/reports/" in lead.get("/office/").text
    assert "/reports/" not in agent.get("/office/").text


def test_every_address_for_leads_is_shut_to_agents(desk):
    agent = at(make_agent("agnes@platform.example"))
    doors = [d for d in doors_of("helpdesk") if d.view.policy.__name__ == "why_not_lead"]
    assert doors
    for door in doors:
        path = "/" + door.route.replace("<uuid:ref>", str(HILLSIDE))
        assert (agent.get(path).status_code, agent.post(path).status_code) == (403, 403), path


def measured(due, done, minutes=None):
    worked = None if minutes is None else timedelta(minutes=minutes)
    return Measured(due_at=due, done_at=done, worked=worked)


@pytest.mark.parametrize(
    ("due", "done", "kept"),
    [
        (TUESDAY, TUESDAY, True),
        (TUESDAY, TUESDAY + timedelta(seconds=1), False),
        (TUESDAY, None, None),
        (TUESDAY - timedelta(seconds=1), None, False),
        (None, None, None),
        (None, TUESDAY, None),
    ],
)
def test_a_promise_is_judged_once_it_is_kept_or_over(due, done, kept):
    assert measured(due, done).is_kept(TUESDAY) is kept


def test_nine_of_ten_is_by_nearest_rank():
    nothing = measured(None, None)
    lines = [
        Line(group=(1,), label="A", first_reply=measured(None, TUESDAY, n), completion=nothing)
        for n in range(1, 21)
    ]
    found = report_of(lines, TUESDAY).total.first_reply
    assert (found.middle, found.ninety) == (timedelta(minutes=10.5), timedelta(minutes=18))
    assert found.percent is None
    assert report_of([], TUESDAY).total.tickets == 0


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "–"), (0, "0 min"), (3_570, "1 h 0 min"), (12_300, "3 h 25 min")]
)
def test_working_time_is_said_in_hours_and_minutes(seconds, words):
    assert words_of(None if seconds is None else timedelta(seconds=seconds)) == words


def test_every_grouping_can_be_asked_for(worked_week, lead):
    for by in Grouping:
        assert lead.get(f"/reports/?by={by}&{PERIOD}").status_code == 200
