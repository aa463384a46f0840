"""What a user without key access may open, and for how long (acceptance G4.3, G4.4)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.audit.models import AuditEntry
from safeguarding.models import Action, Alert
from safeguarding.services.alerts import mark_as_read
from tests.acceptance.page import Page
from tests.acceptance.steps import read, status, url
from tests.factories import (
    acting,
    categories,
    make_action,
    make_incident,
    make_staff,
    staff_row,
)

MONDAY = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
TEXT = "She said that the dog ate nothing all week."


# Marked as read, without key access


@pytest.fixture
def story(anna, dsl, teacher, sealed_file):
    """An incident with an action, each with a file, that the teacher was alerted to."""

    class Story:
        incident = make_incident(
            anna, text=TEXT, recipients=[teacher], files=[sealed_file(anna).ref]
        )
        action = make_action(dsl, incident, files=[sealed_file(dsl).ref])
        incident_file = incident.files.get().attachment
        action_file = action.files.get().attachment

    return Story


PATHS = {
    "page": lambda story: url(story.incident),
    "page as a list": lambda story: f"{url(story.incident)}?list=1",
    "action page": lambda story: f"/actions/{story.action.ref}/",
    "file": lambda story: f"/files/{story.incident_file.ref}/",
    "file in the browser": lambda story: f"/files/{story.incident_file.ref}/?view",
    "file of an action": lambda story: f"/files/{story.action_file.ref}/",
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_g4_03_user_without_key_cannot_open_after_mark_as_read(browse, teacher, story, path):
    client = browse(teacher)
    assert status(client, path(story)) == 200
    read(client, story.incident)
    assert status(client, path(story)) == 404


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_g4_03_a_key_holder_can_still_open_after_mark_as_read(browse, dsl, story, path):
    deputy = make_staff(kind="key_holder")
    make_action(dsl, story.incident, recipients=[deputy])
    client = browse(deputy)
    read(client, story.incident)
    assert status(client, path(story)) == 200


def test_g4_03_after_mark_as_read_no_action_can_be_added(browse, teacher, story):
    client = browse(teacher)
    form = Page(client.get(url(story.incident))).form("Add Action")
    read(client, story.incident)
    answer = form.submit(client, text="Too late.")
    assert answer.status_code == 404
    assert not Action.objects.filter(author_id=teacher.staff_id).exists()


def test_g4_03_after_mark_as_read_it_has_left_the_dashboard_and_every_list(
    browse, teacher, story, see
):
    client = browse(teacher)
    assert "Maddy" in see(client, "/").text
    read(client, story.incident)
    page = see(client, "/")
    assert "Maddy" not in page.text
    assert str(story.incident.ref) not in str(page.links)
    for closed in ("/incidents/", "/students/", f"/students/{story.incident.student.ref}/"):
        assert client.get(closed).status_code == 403


def test_g4_03_suggestions_tell_names_and_nothing_of_incidents(browse, teacher, story):
    client = browse(teacher)
    read(client, story.incident)
    for place in ("students", "staff"):
        answer = client.post(
            f"/{place}/suggest/", {"query": "dog"}, content_type="application/json"
        )
        assert answer.json() == {"results": []}
    answer = client.post("/students/suggest/", {"query": "Maddy"}, content_type="application/json")
    (found,) = answer.json()["results"]
    assert found.keys() == {"ref", "label", "detail"}


def test_g4_03_marking_again_changes_nothing_and_shows_nothing(browse, teacher, story):
    client = browse(teacher)
    form = Page(client.get(url(story.incident))).form("Mark as read")
    form.submit(client)
    alert = Alert.objects.get(recipient_id=teacher.staff_id)
    answer = form.submit(client)
    assert (answer.status_code, answer.url) == (302, "/")
    assert Alert.objects.get(recipient_id=teacher.staff_id).read_at == alert.read_at
    assert AuditEntry.objects.filter(verb="alert.read").count() == 1


def test_g4_03_who_was_never_alerted_cannot_mark_it(browse, teacher, story):
    form = Page(browse(teacher).get(url(story.incident))).form("Mark as read")
    stranger = make_staff()
    assert form.submit(browse(stranger)).status_code == 404


def test_g4_03_a_new_alert_opens_the_incident_again(browse, teacher, dsl, story, see):
    client = browse(teacher)
    read(client, story.incident)
    assert client.get(url(story.incident)).status_code == 404
    make_action(dsl, story.incident, recipients=[teacher])
    assert TEXT in see(client, url(story.incident)).text


def test_g4_03_the_page_warns_the_user_without_key_before_it_happens(
    browse, teacher, dsl, story, see
):
    warning = "You will not be able to read it again"
    page = see(browse(teacher), url(story.incident))
    assert warning in page.text
    assert page.text.index("Add Action") < page.text.index(warning)
    make_action(dsl, story.incident, recipients=[dsl])
    assert warning not in see(browse(dsl), url(story.incident)).text


def test_g4_03_a_page_with_pupil_data_is_kept_in_no_cache(browse, teacher, dsl, story):
    student = story.incident.student.ref
    opened = (
        (teacher, ["/", url(story.incident), "/incidents/add/", PATHS["file"](story)]),
        (dsl, ["/incidents/", "/students/", f"/students/{student}/", PATHS["file"](story)]),
    )
    for actor, paths in opened:
        for path in paths:
            answer = browse(actor).get(path)
            assert answer.status_code == 200
            assert "no-store" in answer["Cache-Control"]
            b"".join(answer)


# What a user without key access sees


def test_g4_04_who_was_not_alerted_sees_nothing(browse, teacher, story, see):
    assert TEXT in see(browse(teacher), url(story.incident)).text
    for stranger in (make_staff(), make_staff(kind="administrator")):
        for path in PATHS.values():
            assert status(browse(stranger), path(story)) == 404


def test_g4_04_an_alert_to_an_action_opens_the_whole_incident(browse, dsl, story, see):
    colleague = make_staff()
    make_action(dsl, story.incident, text="Please watch her.", recipients=[colleague])
    page = see(browse(colleague), url(story.incident))
    for words in (TEXT, "Telephoned home.", "Please watch her."):
        assert words in page.text


def test_g4_04_an_author_sees_their_own_text_but_not_others_actions(browse, anna, dsl, story, see):
    make_action(
        dsl,
        story.incident,
        text="Referred to children’s services.",
        categories=categories("Child Protection"),
        agencies=["Social Care"],
    )
    mine = make_action(anna, story.incident, text="I rang her mother.")
    whole = see(browse(dsl), url(story.incident))
    page = see(browse(anna), url(story.incident))
    assert TEXT in page.text
    assert "I rang her mother." in page.text
    for hidden in ("Telephoned home.", "Referred to", "Social Care"):
        assert hidden in whole.text
        assert hidden not in page.text
    assert "Child Protection" in whole.between("Categories", "Add Action")
    assert "Child Protection" not in page.between("Categories", "Add Action")
    assert "No action has been added yet." not in page.text
    assert browse(anna).get(f"/actions/{story.action.ref}/").status_code == 404
    assert browse(anna).get(PATHS["file of an action"](story)).status_code == 404
    assert browse(anna).get(f"/actions/{mine.ref}/").url == url(story.incident)


def test_g4_04_my_history_does_not_tell_an_author_which_categories_others_added(
    browse, anna, dsl, story, see
):
    make_action(dsl, story.incident, categories=categories("Child Protection"))
    make_action(anna, story.incident)
    assert "Child Protection" in see(browse(dsl), "/").between("My History")
    lines = see(browse(anna), "/").between("My History")
    assert lines.count("Medical") == 2
    assert "Child Protection" not in lines


def test_g4_04_an_author_is_not_told_that_there_is_no_action(browse, anna, story, see):
    page = see(browse(anna), url(story.incident))
    assert "No action has been added yet." not in page.text
    assert "You see the actions that you added yourself." in page.text


def test_g4_04_an_author_sees_their_own_text_for_seven_days(browse, dsl, see):
    with time_machine.travel(MONDAY, tick=False) as clock:
        author = make_staff()
        incident = make_incident(author, text=TEXT)
        clock.move_to(MONDAY + timedelta(days=7))
        assert TEXT in see(browse(author), url(incident)).text
        clock.shift(timedelta(seconds=1))
        assert browse(author).get(url(incident)).status_code == 404
        make_action(acting(staff_row(dsl), has_key=True), incident, recipients=[author])
        assert TEXT in see(browse(author), url(incident)).text


def test_g4_04_own_actions_stay_for_seven_days_once_the_incident_is_closed_to_their_author(
    browse, dsl, see
):
    with time_machine.travel(MONDAY, tick=False) as clock:
        teacher, anna = make_staff(), make_staff()
        incident = make_incident(anna, text=TEXT, recipients=[teacher])
        mine = make_action(teacher, incident, text="I rang her mother.")
        client = browse(teacher)
        assert client.get(f"/actions/{mine.ref}/").url == url(incident)
        mark_as_read(actor=teacher, ref=incident.ref)
        clock.move_to(MONDAY + timedelta(days=7))
        page = see(browse(teacher), f"/actions/{mine.ref}/")
        assert "I rang her mother." in page.text
        assert TEXT not in page.text
        assert AuditEntry.objects.filter(verb="action.viewed", subject_ref=mine.ref).exists()
        clock.shift(timedelta(seconds=1))
        assert browse(teacher).get(f"/actions/{mine.ref}/").status_code == 404


def test_g4_04_a_key_holder_sees_every_incident_once_the_key_was_shown(browse, dsl, story, see):
    assert TEXT in see(browse(dsl), url(story.incident)).text
    answer = browse(dsl, has_key=False).get(url(story.incident))
    assert answer.url.startswith("/account/key/")


@pytest.mark.parametrize(
    "path", ["/incidents/01890a5d-ac96-774b-bcce-b302099a8057/", "/incidents/1/", "/incidents/x/"]
)
def test_g4_04_what_is_absent_and_what_is_hidden_look_the_same(browse, story, path):
    stranger = browse(make_staff())
    hidden, absent = stranger.get(url(story.incident)), stranger.get(path)
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content
