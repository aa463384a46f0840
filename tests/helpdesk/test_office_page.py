"""Where leads look after the office."""

from datetime import UTC, date, datetime

import pytest

from core.audit.models import AuditEntry
from helpdesk.models import CannedReply, IncidentNotice
from helpdesk.office import office_hours
from helpdesk.office_forms import HoursField, hours_words
from helpdesk.terms import AgentRole
from tests.control_plane import at, make_agent
from tests.helpdesk.desk import TUESDAY, fresh, raised


@pytest.fixture
def lead(desk):
    return at(make_agent("lena@platform.example", role=AgentRole.LEAD))


def press(browser, path, **sent):
    shown = browser.post(path, sent, follow=True)
    assert shown.status_code == 200
    return shown.text


WEEK = {f"day{n}": "08:30-12:30, 13:30 – 17:00" for n in range(5)}


def test_a_lead_changes_the_week_and_open_promises_follow(lead):
    ticket = raised(TUESDAY.replace(hour=12))
    assert "and open promises with it" in press(lead, "/office/week/", **WEEK)
    # Half an hour before the break, and an hour and a half after it.
    assert fresh(ticket).first_reply_due_at == datetime(2026, 2, 10, 15, tzinfo=UTC)
    assert 'value="08:30–12:30, 13:30–17:00"' in lead.get("/office/").text
    assert not office_hours().is_open(datetime(2026, 2, 10, 13, tzinfo=UTC))


def test_a_lead_changes_a_day_and_changes_it_back(lead):
    shown = press(
        lead, "/office/days/", on="2026-12-24", hours="8:30–12:00", reason="Christmas Eve"
    )
    assert "Christmas Eve" in shown
    assert not office_hours().is_open(datetime(2026, 12, 24, 12, tzinfo=UTC))
    press(lead, "/office/days/remove/", on="2026-12-24")
    assert office_hours().is_open(datetime(2026, 12, 24, 12, tzinfo=UTC))
    assert "Good Friday" in lead.get("/office/").text


def test_a_lead_changes_a_target(lead):
    told = {"priority": "normal", "first_reply_minutes": 30, "resolution_minutes": 60}
    press(lead, "/office/targets/", **told)
    promised = office_hours().first_reply_by("normal", TUESDAY)
    assert promised == datetime(2026, 2, 10, 10, 30, tzinfo=UTC)


def test_a_lead_opens_and_closes_notices_and_keeps_canned_replies(lead):
    press(lead, "/office/notices/", title="Email is late", text="We are on it.")
    notice = IncidentNotice.objects.get()
    assert "Email is late" in lead.get("/office/").text
    press(lead, f"/office/notices/{notice.ref}/close/")
    assert "Email is late" not in lead.get("/office/").text
    told = {"title": "Hello", "text": "Dear {requester}", "topic": ""}
    assert "was added" in press(lead, "/office/canned/", **told)
    assert "of this title already" in press(lead, "/office/canned/", **told)
    canned = CannedReply.objects.get(title="Hello")
    press(lead, f"/office/canned/{canned.ref}/remove/")
    assert not CannedReply.objects.filter(title="Hello").exists()
    verbs = AuditEntry.objects.filter(verb__startswith="canned_reply").values_list(
        "verb", flat=True
    )
    assert list(verbs) == ["canned_reply.added", "canned_reply.removed"]


@pytest.mark.parametrize(
    ("path", "sent", "said"),
    [
        ("week", {"day0": "nine to five"}, "Enter hours such as"),
        ("week", {"day0": "17:00–08:30"}, "Hours end after they begin"),
        ("days", {"on": "", "hours": "", "reason": "x"}, "Enter the day."),
        ("days", {"on": "2026-12-24", "reason": ""}, "Enter the reason"),
        ("days", {"on": "9999-12-24", "reason": "x"}, "Enter a day of this century."),
        ("targets", {"priority": "normal", "first_reply_minutes": "-1"}, "There is a problem"),
        ("notices", {"title": ""}, "There is a problem"),
        ("canned", {"title": "Only a title"}, "There is a problem"),
    ],
)
def test_what_cannot_be_understood_is_told_and_changes_nothing(path, sent, said, lead):
    before = office_hours()
    assert said in press(lead, f"/office/{path}/", **sent)
    assert office_hours() == before
    assert not IncidentNotice.objects.exists()
    assert not CannedReply.objects.filter(title="Only a title").exists()


def test_an_agent_sees_the_office_and_changes_nothing(desk):
    browser = at(make_agent())
    shown = browser.get("/office/").text
    assert "08:30–17:30" in shown
    assert "Change week" not in shown
    assert "Only a lead may do this." in press(browser, "/office/week/", **WEEK)
    assert office_hours().is_open(datetime(2026, 2, 10, 13, tzinfo=UTC))


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("", []),
        ("08:30–17:30", [(510, 1050)]),
        ("13:30 to 24:00, 8:00-12:00", [(480, 720), (810, 1440)]),
    ],
)
def test_hours_are_read_as_people_type_them(typed, hours):
    field = HoursField("Hours")
    assert field.clean(typed) == hours
    assert field.clean(hours_words(hours)) == hours


def test_a_day_is_a_date(lead):
    shown = press(lead, "/office/days/", on="2026-03-02", hours="", reason="Training")
    assert "closed (Training)" in shown
    assert office_hours().why_closed_on(date(2026, 3, 2)) == "Training"
