"""Webinars at the desk: planned, changed by two at once, called off, forgotten."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from core.audit.models import AuditEntry
from core.identifiers import uuid7
from core.refusals import Refused
from helpdesk import tasks
from helpdesk.knowledge import Guest, give_place_up, take_place, webinars_for
from helpdesk.knowledge_terms import PlaceAnswer, WebinarState
from helpdesk.models import Webinar, WebinarPlace
from helpdesk.services import webinars as services
from helpdesk.terms import AgentRole, Refusal
from tests.control_plane import at, make_agent
from tests.helpdesk.desk import GREENWOOD, HILLSIDE, TUESDAY
from tests.helpdesk.knowledge import planned, webinar

TYPED = {
    "title": "First steps",
    "summary": "For everybody who is new.",
    "text": "Bring **questions**.",
    "starts_at_0": "2026-07-01",
    "starts_at_1": "16:00",
    "minutes": "45",
    "join_url": "https://meet.example/first-steps",
    "places": "2",
    "recording_url": "",
}


@pytest.fixture
def editor(desk):
    return at(make_agent("edwin@platform.example", role=AgentRole.EDITOR))


def press(browser, path, **sent):
    shown = browser.post(path, sent, follow=True)
    assert shown.status_code == 200
    return shown.text


def guest(name="Rita Requester", school=GREENWOOD, **facts):
    plain = {
        "school_ref": school,
        "school_name": "Greenwood School" if school == GREENWOOD else "Hillside School",
        "staff_ref": uuid7(),
        "name": name,
        "email": f"{name.split()[0].lower()}@school.example",
    }
    return Guest(**{**plain, **facts})


def test_an_editor_plans_in_british_time_publishes_and_sees_who_comes(editor, desk):
    shown = press(editor, "/webinars/new/", **TYPED)
    assert "Planned. Schools see it once you publish it." in shown
    it = Webinar.objects.get()
    assert it.starts_at.isoformat() == "2026-07-01T15:00:00+00:00"
    assert webinars_for(uuid7(), now=TUESDAY) == ()
    path = f"/webinars/{it.ref}/"
    assert "All schools see this webinar now." in press(editor, f"{path}publish/")
    assert "Nobody has a place yet." in editor.get(path).text
    take_place(it.slug, guest(), now=TUESDAY)
    take_place(it.slug, guest("Hari Hill", HILLSIDE), now=TUESDAY)
    shown = editor.get(path).text
    for words in ("Rita Requester", "Greenwood School", "hari@school.example", "2 of 2"):
        assert words in shown
    assert "2 of 2" in editor.get("/webinars/").text


def test_two_editors_of_one_webinar_lose_nothing(editor, lena):
    it = webinar(lena)
    path = f"/webinars/{it.ref}/change/"
    assert f'name="version" value="{it.version}"' in editor.get(path).text
    services.change_webinar(
        actor=lena, ref=it.ref, planned=planned(title="Second steps"), seen=it.version
    )
    shown = press(editor, path, version=it.version, **{**TYPED, "summary": "What he wrote."})
    assert "Somebody else changed this while you were writing" in shown
    assert "Second steps" in shown
    assert "What he wrote." in shown
    it.refresh_from_db()
    assert it.title == "Second steps"
    press(editor, path, version=it.version, **{**TYPED, "summary": "What he wrote."})
    it.refresh_from_db()
    assert it.summary == "What he wrote."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"starts_at_1": ""}, "There is a problem"),
        # Clocks go forward: there is no 01:30.
        ({"starts_at_0": "2026-03-29", "starts_at_1": "01:30"}, "There is a problem"),
        ({"minutes": "0"}, "There is a problem"),
        ({"places": "0"}, "There is a problem"),
        ({"join_url": "javascript:alert(1)"}, "begins with https://"),
        ({"join_url": "http://meet.example/1"}, "begins with https://"),
        ({"recording_url": "data:text/html,x"}, "begins with https://"),
        ({"title": ""}, "There is a problem"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(editor, wrong, said):
    shown = press(editor, "/webinars/new/", **{**TYPED, **wrong})
    assert said in shown
    assert escape(TYPED["summary"]) in shown
    assert not Webinar.objects.exists()


def test_there_are_no_fewer_places_than_are_taken(editor, lena):
    it = webinar(lena, places=2)
    for name in ("Rita", "Hari"):
        assert take_place(it.slug, guest(name), now=TUESDAY) is PlaceAnswer.TAKEN
    assert take_place(it.slug, guest("Late"), now=TUESDAY) is PlaceAnswer.FULL
    shown = press(
        editor, f"/webinars/{it.ref}/change/", version=it.version, **{**TYPED, "places": "1"}
    )
    assert "More people than that have a place already." in shown
    press(editor, f"/webinars/{it.ref}/change/", version=it.version, **{**TYPED, "places": "3"})
    assert take_place(it.slug, guest("Late"), now=TUESDAY) is PlaceAnswer.TAKEN


def test_a_place_is_one_and_can_be_given_up(lena):
    it, rita = webinar(lena, places=1), guest()
    for _ in range(2):
        assert take_place(it.slug, rita, now=TUESDAY) is PlaceAnswer.TAKEN
    assert WebinarPlace.objects.count() == 1
    # Somebody else's cannot.
    assert give_place_up(it.slug, uuid7(), now=TUESDAY) is PlaceAnswer.GONE
    assert give_place_up(it.slug, rita.staff_ref, now=TUESDAY) is PlaceAnswer.GIVEN_UP
    assert give_place_up(it.slug, rita.staff_ref, now=TUESDAY) is PlaceAnswer.GONE
    assert take_place(it.slug, guest("Hari"), now=TUESDAY) is PlaceAnswer.TAKEN


def test_who_looks_learns_of_nobody_elses_place_and_no_link(lena):
    it, rita = webinar(lena, places=5), guest()
    take_place(it.slug, rita, now=TUESDAY)
    (hers,) = webinars_for(rita.staff_ref, now=TUESDAY)
    (others,) = webinars_for(uuid7(), now=TUESDAY)
    assert (hers.is_mine, hers.join_url) == (True, it.join_url)
    assert (others.is_mine, others.join_url, others.places_left) == (False, "", 4)
    assert "Rita" not in repr(others)
    assert "school" not in repr(others).replace("For everybody", "")


def test_one_called_off_is_shown_to_whoever_had_a_place_and_one_that_is_over_to_nobody(lena, desk):
    it, rita = webinar(lena), guest()
    take_place(it.slug, rita, now=TUESDAY)
    services.call_webinar_off(actor=lena, ref=it.ref)
    (told,) = webinars_for(rita.staff_ref, now=TUESDAY)
    assert told.is_called_off
    assert webinars_for(uuid7(), now=TUESDAY) == ()
    assert take_place(it.slug, guest("Hari"), now=TUESDAY) is PlaceAnswer.GONE
    for deed in (services.publish_webinar, services.call_webinar_off):
        with pytest.raises(Refused) as refused:
            deed(actor=lena, ref=it.ref)
        assert refused.value.why == Refusal.CALLED_OFF
    it.refresh_from_db()
    assert it.state == WebinarState.CALLED_OFF

    other = webinar(lena, title="Second steps")
    ends = other.ends_at
    assert [one.slug for one in webinars_for(uuid7(), now=ends - timedelta(seconds=1))] == [
        other.slug
    ]
    assert webinars_for(uuid7(), now=ends) == ()
    assert take_place(other.slug, guest(), now=ends) is PlaceAnswer.GONE
    services.change_webinar(
        actor=lena,
        ref=other.ref,
        planned=planned(title="Second steps", recording_url="https://videos.example/2"),
        seen=other.version,
    )
    (told,) = webinars_for(uuid7(), now=ends + timedelta(days=400))
    assert told.recording_url == "https://videos.example/2"


def test_who_had_a_place_is_forgotten_after_its_time(lena, desk, settings):
    it, later = webinar(lena), webinar(lena, starts_at=TUESDAY + timedelta(days=30))
    for one in (it, later):
        take_place(one.slug, guest(), now=TUESDAY)
    desk.move_to(it.starts_at + timedelta(days=settings.WEBINAR_RETENTION_DAYS))
    assert tasks.forget_places() == 0
    desk.shift(timedelta(seconds=1))
    assert tasks.forget_places() == 1
    assert [*WebinarPlace.objects.values_list("webinar", flat=True)] == [later.pk]
    assert AuditEntry.objects.filter(verb="webinar.emptied", subject_ref=it.ref).count() == 1


def test_agents_who_do_not_edit_plan_nothing(agatha, lena):
    it = webinar(lena)
    deeds = (
        lambda: services.plan_webinar(actor=agatha, planned=planned()),
        lambda: services.change_webinar(
            actor=agatha, ref=it.ref, planned=planned(), seen=it.version
        ),
        lambda: services.publish_webinar(actor=agatha, ref=it.ref),
        lambda: services.call_webinar_off(actor=agatha, ref=it.ref),
    )
    for deed in deeds:
        with pytest.raises(Refused) as refused:
            deed()
        assert refused.value.why == Refusal.EDITORS_ONLY
    assert Webinar.objects.get().state == WebinarState.PUBLISHED


def test_the_record_holds_no_name_of_who_takes_part(lena):
    it = webinar(lena)
    take_place(it.slug, guest("Quill Feather", school_name="Oystercatcher"), now=TUESDAY)
    kept = AuditEntry.objects.filter(subject_kind="helpdesk.webinarplace")
    assert kept.get().verb == "row.inserted"
    said = str([*kept.values_list("changes", "facts")])
    assert not any(word in said for word in ("Quill", "quill@", "Oystercatcher"))


def test_pages_ask_as_often_for_one_as_for_a_hundred(editor, lena):
    first = webinar(lena, places=500)
    counts = []
    for number in (1, 99):
        for one in range(number):
            take_place(first.slug, guest(f"Somebody {one}"), now=TUESDAY)
            webinar(lena, title=f"Steps {one}", starts_at=TUESDAY - timedelta(days=one))
            webinar(lena, title=f"More {one}", starts_at=TUESDAY + timedelta(days=one))
        asked = []
        for path in ("/webinars/", f"/webinars/{first.ref}/"):
            with CaptureQueriesContext(connection) as captured:
                assert editor.get(path).status_code == 200
            asked.append(len(captured))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12


def test_with_no_webinar_the_page_says_so(editor):
    shown = editor.get("/webinars/").text
    assert "No webinar is planned." in shown
    assert "There was none yet." in shown
