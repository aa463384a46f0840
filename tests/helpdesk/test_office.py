"""When the office is open, what it promises, and what follows when that changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
import requests
from django.db import connection

from core.audit.models import AuditEntry
from core.refusals import Refused
from core.tenancy import in_school, nowhere
from helpdesk.models import BankHoliday
from helpdesk.office import office_hours
from helpdesk.services import office
from helpdesk.services.answers import reply
from helpdesk.services.handling import complete_ticket
from helpdesk.tasks import refresh_holidays
from helpdesk.terms import Priority, Refusal
from tests.helpdesk.desk import TUESDAY, fresh, raised

EASTER_MONDAY = date(2026, 4, 6)


def at(day, hour, minute=0, month=2):
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (at(10, 8, 29), False),
        (at(10, 8, 30), True),
        (at(10, 17, 29), True),
        (at(10, 17, 30), False),
        (at(13, 16, 59), True),
        (at(13, 17, 0), False),
        (at(14, 12), False),
        # By the clock on the wall in London, an hour ahead in summer.
        (at(1, 7, 30, month=6), True),
        (at(1, 16, 30, month=6), False),
        (datetime(2026, 4, 6, 10, tzinfo=UTC), False),
    ],
)
def test_the_office_is_open_as_it_begins(moment, is_open, desk):
    assert office_hours().is_open(moment) is is_open


def test_it_is_told_to_a_school_to_a_face_and_to_nobody(desk, school_a):
    here = office_hours()
    with in_school(school_a):
        assert office_hours() == here
    with nowhere():
        assert office_hours() == here
    assert here.why_closed_on(EASTER_MONDAY) == "Easter Monday"
    assert here.opens_at(datetime(2026, 4, 2, 18, tzinfo=UTC)) == datetime(
        2026, 4, 7, 7, 30, tzinfo=UTC
    )
    promised = here.first_reply_by(Priority.NORMAL, datetime(2026, 4, 2, 18, tzinfo=UTC))
    assert promised == datetime(2026, 4, 7, 9, 30, tzinfo=UTC)


def test_it_tells_nothing_of_any_ticket(desk):
    raised(TUESDAY)
    with nowhere(), connection.cursor() as cursor:
        cursor.execute("SELECT public.office_hours()")
        (told,) = cursor.fetchone()
    assert "Easter Monday" in str(told)
    assert "Rita" not in str(told)


def test_a_day_that_differs_says_why_and_may_open_a_holiday(desk, lena):
    early, morning = date(2026, 12, 24), ((510, 720),)
    office.set_special_day(actor=lena, on=early, hours=morning, reason="Christmas Eve")
    office.set_special_day(actor=lena, on=EASTER_MONDAY, hours=((600, 720),), reason="Rota")
    hours = office_hours()
    assert hours.is_open(datetime(2026, 12, 24, 11, 59, tzinfo=UTC))
    assert not hours.is_open(datetime(2026, 12, 24, 12, tzinfo=UTC))
    assert hours.is_open(datetime(2026, 4, 6, 9, tzinfo=UTC))
    assert hours.why_closed_on(early) == "Christmas Eve"
    office.remove_special_day(actor=lena, on=early)
    assert office_hours().is_open(datetime(2026, 12, 24, 12, tzinfo=UTC))


def test_another_calendar_promises_open_tickets_anew_once_and_leaves_the_rest_alone(
    desk, agatha, lena
):
    ticket, replied, done = raised(TUESDAY), raised(TUESDAY), raised(TUESDAY)
    reply(actor=agatha, ref=replied.ref, text="Try now.")
    complete_ticket(actor=agatha, ref=done.ref)
    before = {one.pk: fresh(one) for one in (ticket, replied, done)}
    desk.shift(timedelta(minutes=5))
    office.set_special_day(actor=lena, on=date(2026, 2, 10), hours=(), reason="Power cut")
    # From Wednesday's opening on.
    assert fresh(ticket).first_reply_due_at == at(11, 10, 30)
    assert fresh(ticket).resolution_due_at == at(12, 15, 30)
    assert fresh(replied).first_reply_due_at == before[replied.pk].first_reply_due_at
    assert fresh(replied).resolution_due_at == at(12, 15, 30)
    for column in ("first_reply_due_at", "first_reply_met_at", "resolution_due_at", "completed_at"):
        assert getattr(fresh(done), column) == getattr(before[done.pk], column)
    assert all(
        fresh(one).updated_at == before[one.pk].updated_at for one in (ticket, replied, done)
    )
    entry = AuditEntry.objects.filter(verb="office.day_changed").latest("id")
    assert entry.facts == {"on": "2026-02-10", "promises": 2}
    # The same once more changes nothing.
    office.set_special_day(actor=lena, on=date(2026, 2, 10), hours=(), reason="Power cut")
    assert AuditEntry.objects.filter(verb="office.day_changed").last().facts["promises"] == 0


def test_another_target_and_another_week_do_the_same(desk, lena):
    ticket = raised(TUESDAY)
    told = {"first_reply_minutes": 30, "resolution_minutes": 60}
    office.set_target(actor=lena, priority=Priority.NORMAL, **told)
    assert fresh(ticket).first_reply_due_at == at(10, 10, 30)
    office.set_week(actor=lena, week={1: [(510, 615), (660, 1050)]})
    # Fifteen minutes until the break, and fifteen after it.
    assert fresh(ticket).first_reply_due_at == at(10, 11, 15)


def test_waiting_and_closed_hours_promise_nothing_that_cannot_be_kept(desk, lena):
    ticket = raised(TUESDAY)
    office.set_week(actor=lena, week={})
    assert fresh(ticket).first_reply_due_at is None
    assert office_hours().opens_at(TUESDAY) is None


def test_only_a_lead_changes_the_office(desk, agatha):
    day = {"on": EASTER_MONDAY, "hours": (), "reason": ""}
    for do, how in (
        (office.set_special_day, day),
        (office.remove_special_day, {"on": EASTER_MONDAY}),
        (office.set_week, {"week": {}}),
        (
            office.set_target,
            {"priority": Priority.LOW, "first_reply_minutes": 1, "resolution_minutes": 1},
        ),
    ):
        with pytest.raises(Refused) as refused:
            do(actor=agatha, **how)
        assert refused.value.why == Refusal.LEADS_ONLY


class _Answer:
    def __init__(self, told):
        self.told = told

    def json(self):
        return self.told


def _list(*days):
    events = [{"title": name, "date": day, "notes": "", "bunting": False} for day, name in days]
    none = {"events": []}
    return {"england-and-wales": {"events": events}, "scotland": none, "northern-ireland": none}


def test_the_governments_list_is_kept_and_promises_follow(desk, monkeypatch):
    ticket = raised(TUESDAY)
    told = _list(("2026-02-10", "Coronation"), ("2026-04-03", "Good Friday"))
    monkeypatch.setattr(requests, "get", lambda *_, **__: _Answer(told))
    # Two years of the list are longer than this one: what is outside stays, what is gone goes.
    assert refresh_holidays.run() == 1
    assert office_hours().why_closed_on(date(2026, 2, 10)) == "Coronation"
    assert fresh(ticket).first_reply_due_at == at(11, 10, 30)
    assert BankHoliday.objects.filter(on=EASTER_MONDAY).exists()
    assert refresh_holidays.run() == 0


@pytest.mark.parametrize(
    "fault", [requests.ConnectionError(), ValueError(), _Answer([]), _Answer({})]
)
def test_where_the_list_is_away_the_copy_of_the_package_is_kept(fault, desk, monkeypatch):
    def get(*_, **how):
        assert how["timeout"] <= 10
        if isinstance(fault, Exception):
            raise fault
        return fault

    monkeypatch.setattr(requests, "get", get)
    refresh_holidays.run()
    assert office_hours().why_closed_on(date(2028, 4, 17)) == "Easter Monday"
    assert office_hours().why_closed_on(date(2026, 12, 28)) == "Boxing Day"
    assert refresh_holidays.run() == 0
