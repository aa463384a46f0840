"""Webinars at a school: a place, a file for the calendar, and nothing of anybody else's place."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from core import clock
from core.audit.models import AuditEntry
from core.identifiers import uuid7
from core.refusals import Refused
from core.tenancy import at_face, in_school
from helpdesk.face import FACE
from helpdesk.knowledge import Guest, give_place_up, take_place
from helpdesk.knowledge_terms import PlaceAnswer
from helpdesk.models import WebinarPlace
from support.middleware import _OnlyReads
from tests.factories import make_staff
from tests.support.knowledge import announce, call_off


@pytest.fixture
def client(browse, teacher):
    """Somebody without a key."""
    return browse(teacher)


@pytest.fixture
def at_hillside(browse, school_b):
    """Somebody of another school."""
    with in_school(school_b):
        colleague = make_staff(given_name="Hari", family_name="Hill")
    return browse(colleague, school=school_b)


def press(client, webinar, place="take"):
    page = client.post(f"/support/webinars/{webinar.slug}/place/", {"place": place}, follow=True)
    assert page.status_code == 200
    return page.text


def places():
    with at_face(FACE):
        return list(WebinarPlace.objects.values_list("school_name", "name", "email"))


def test_somebody_takes_a_place_and_gives_it_up(client, teacher, school_a, in_school_a):
    it = announce(places=1)
    shown = client.get("/support/").text
    assert "First steps" in shown
    path = f"/support/webinars/{it.slug}/"
    page = client.get(path).text
    assert "<strong>questions</strong>" in page
    assert it.join_url not in page
    assert "The helpdesk is told your name, your school and your email address." in page

    assert "You have a place. The joining link is below." in press(client, it)
    assert it.join_url in client.get(path).text
    assert "You have a place" in client.get("/support/").text
    assert [(school, name) for school, name, _ in places()] == [(school_a.name, teacher.name)]
    assert "Your place was given up." in press(client, it, "give_up")
    assert places() == []
    assert it.join_url not in client.get(path).text
    assert "You have no place at this webinar to give up." in press(client, it, "give_up")
    with in_school(school_a):
        verbs = AuditEntry.objects.filter(verb__startswith="webinar.").order_by("id")
        assert [one.verb for one in verbs] == ["webinar.registered", "webinar.unregistered"]
        assert {one.facts["webinar"] for one in verbs} == {str(it.ref)}


def test_where_every_place_is_taken_the_next_is_refused(client, at_hillside):
    it = announce(places=1)
    assert "You have a place." in press(client, it)
    assert "There is no place left at this webinar." in press(at_hillside, it)
    assert len(places()) == 1
    page = at_hillside.get(f"/support/webinars/{it.slug}/").text
    assert "Every place is taken." in page
    assert "Take a place" not in page
    press(client, it, "give_up")
    assert "You have a place." in press(at_hillside, it)


def test_no_school_sees_who_of_another_takes_part(client, at_hillside, teacher, school_a):
    it = announce()
    press(client, it)
    assert teacher.name in str(places())
    page = at_hillside.get(f"/support/webinars/{it.slug}/").text + at_hillside.get("/support/").text
    for secret in (teacher.name, school_a.name, school_a.slug, it.join_url):
        assert secret not in page, secret
    assert "You have no place" in press(at_hillside, it, "give_up")
    assert len(places()) == 1


def test_a_guard_that_lets_only_reading_through_lets_nobody_take_a_place(in_school_a):
    it, now = announce(), clock.now()
    who = Guest(
        school_ref=uuid7(), school_name="S", staff_ref=uuid7(), name="N", email="n@s.example"
    )
    assert take_place(it.slug, who, now=now) is PlaceAnswer.TAKEN
    for deed in (
        lambda: take_place(it.slug, who, now=now),
        lambda: give_place_up(it.slug, who.staff_ref, now=now),
    ):
        with connection.execute_wrapper(_OnlyReads()), pytest.raises(Refused):
            deed()
    assert len(places()) == 1


def test_the_file_for_the_calendar_says_when_and_where(client):
    it = announce(
        title="Keys; “how, when”\nand why",
        summary="X" * 200,
        starts_at=datetime(2099, 7, 1, 15, tzinfo=UTC),
        minutes=45,
    )
    path = f"/support/webinars/{it.slug}/calendar/"
    refused = client.get(path, follow=True)
    assert "Take a place first." in refused.text
    press(client, it)
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{it.slug}.ics"'
    assert b"\r\nDTSTART:20990701T150000Z\r\n" in answer.content
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event.decoded("dtend") == datetime(2099, 7, 1, 15, 45, tzinfo=UTC)
    assert str(event["summary"]) == it.title
    assert it.join_url in str(event["description"])
    assert str(event["uid"]) == f"{it.ref}@localhost"
    assert event["sequence"] == it.version


def test_one_that_is_called_off_says_so_to_whoever_had_a_place(client, at_hillside):
    it = announce()
    press(client, it)
    call_off(it)
    page = client.get(f"/support/webinars/{it.slug}/").text
    assert "This webinar was called off" in page
    assert it.join_url not in page
    assert "Called off" in client.get("/support/").text
    refused = client.get(f"/support/webinars/{it.slug}/calendar/", follow=True)
    assert "Take a place first." in refused.text
    assert at_hillside.get(f"/support/webinars/{it.slug}/").status_code == 404
    assert "First steps" not in at_hillside.get("/support/").text


def test_one_that_is_over_goes_or_becomes_a_recording(client):
    announce(title="Gone", starts_at=clock.now() - timedelta(hours=2))
    kept = announce(
        title="Kept",
        starts_at=clock.now() - timedelta(hours=2),
        recording_url="https://videos.example/3",
    )
    now = announce(title="Just now", starts_at=clock.now() - timedelta(minutes=10))
    page = client.get("/support/").text
    videos, webinars = page.split('id="videos"')[1].split('id="webinars"')
    assert "Kept" in videos
    assert "Just now" in webinars
    assert "Gone" not in page
    assert client.get("/support/webinars/gone/").status_code == 404
    recording = client.get(f"/support/webinars/{kept.slug}/").text
    assert 'href="https://videos.example/3"' in recording
    assert "Take a place" not in recording
    assert "over, or was called off" in press(client, kept)
    assert "You have a place." in press(client, now)


def test_what_is_not_published_is_not_there(client):
    it = announce(title="Secret plans", is_published=False)
    assert "Secret plans" not in client.get("/support/").text
    assert client.get(f"/support/webinars/{it.slug}/").status_code == 404
    answer = client.post(f"/support/webinars/{it.slug}/place/", {"place": "take"})
    assert answer.status_code == 404
    assert places() == []


def test_pages_ask_as_often_for_one_webinar_as_for_a_hundred(client):
    first = announce(places=500)
    counts = []
    for number in (0, 99):
        for one in range(number):
            announce(title=f"Steps {one}")
        asked = []
        for path in ("/support/", f"/support/webinars/{first.slug}/"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            asked.append(len(captured))
        counts.append(asked)
    assert counts[0] == counts[1]


def test_with_no_webinar_the_page_says_so(client):
    assert "No webinar is planned just now." in client.get("/support/").text
