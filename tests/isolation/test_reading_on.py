"""Staff read what they were told of or wrote themselves, for as long as it is theirs to read."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from core import clock
from safeguarding.models import Action, Alert, Draft, Incident
from safeguarding.selectors import incidents as selectors
from safeguarding.services import deliveries
from safeguarding.services.alerts import mark_as_read
from safeguarding.services.incidents import Link
from schools.services.staff import deactivate_staff
from tests.drafts import newest
from tests.factories import acting, make_action, make_incident, make_staff, make_student, staff_row
from tests.isolation.world import incident_form

pytestmark = pytest.mark.isolation


def status(world, visitor, path):
    return world.client(visitor).get(path).status_code


def ways_in(world, incident, action):
    """Every address that shows something of the incident."""
    files = [one.attachment.ref for one in incident.files.all()]
    return [
        f"/incidents/{incident.ref}/",
        f"/actions/{action.ref}/",
        *[f"/files/{ref}/" for ref in files],
    ]


def test_t30_nobody_without_key_reads_what_they_were_not_alerted_to(here):
    paths = ways_in(here, here.incident, Action.objects.get())
    assert len(paths) == 3
    for path in paths:
        assert status(here, "key holder", path) in (200, 302)
        assert status(here, "staff", path) in (200, 302)
        assert status(here, "colleague", path) == 404
    for path in ("/incidents/", "/students/", f"/students/{here.student.ref}/"):
        assert status(here, "key holder", path) == 200
        assert status(here, "colleague", path) == 403
    assert here.mark not in _lines(here.client("colleague").get("/").text)


def _lines(text):
    # The person's own name stands in the shell.
    return text.replace("Colleague Quillfeather", "")


def test_t30_what_is_marked_as_read_is_closed_again_everywhere(here):
    staff = here.people["staff"]
    paths = ways_in(here, here.incident, Action.objects.get())
    assert status(here, "staff", paths[0]) == 200
    mark_as_read(actor=staff, ref=here.incident.ref)
    assert [status(here, "staff", path) for path in paths] == [404, 404, 404]
    post = here.client("staff").post
    assert post(f"/incidents/{here.incident.ref}/actions/", {"text": "x"}).status_code == 404
    assert status(here, "key holder", paths[0]) == 200


def test_t30_an_alert_to_a_later_action_opens_the_incident_until_it_is_read(here):
    staff, path = here.people["staff"], f"/incidents/{here.incident.ref}/"
    mark_as_read(actor=staff, ref=here.incident.ref)
    assert status(here, "staff", path) == 404
    make_action(here.people["key holder"], here.incident, recipients=[staff])
    assert status(here, "staff", path) == 200
    mark_as_read(actor=staff, ref=here.incident.ref)
    assert status(here, "staff", path) == 404


@pytest.mark.parametrize(
    ("age", "seen"), [(timedelta(days=6, hours=23), 200), (timedelta(days=7), 404)]
)
def test_t30_ones_own_words_are_shown_for_seven_days(age, seen, here):
    author = here.people["colleague"]
    own = make_incident(author, text="My own words.")
    others = make_action(here.people["key holder"], own, text="Somebody else's words.")
    path = f"/incidents/{own.ref}/"
    page = here.client("colleague").get(path)
    assert "My own words." in page.text
    assert "Somebody else" not in page.text
    assert status(here, "colleague", f"/actions/{others.ref}/") == 404
    then = clock.now() - age
    Incident.objects.filter(pk=own.pk).update(occurred_at=then, recorded_at=then)
    assert status(here, "colleague", path) == seen
    assert status(here, "key holder", path) == 200


def test_t30_a_linked_student_opens_nothing_to_staff(here):
    linked = make_student("Linnet", "Linked")
    incident = make_incident(here.people["key holder"], links=[Link(student=linked)])
    path = f"/incidents/{incident.ref}/"
    assert "Linnet" in here.client("key holder").get(path).text
    assert status(here, "key holder", f"/students/{linked.ref}/") == 200
    for visitor in ("staff", "colleague", "administrator"):
        assert status(here, visitor, path) == 404
        assert status(here, visitor, f"/students/{linked.ref}/") == 403


def test_t30_staff_may_add_an_action_only_where_they_may_read(here):
    form = {**incident_form(here), "text": "Noted."}
    path = f"/incidents/{here.incident.ref}/actions/"
    before = Action.objects.count()
    assert here.client("colleague").post(path, form).status_code == 404
    assert Action.objects.count() == before
    assert here.client("staff").post(path, form).status_code == 302
    assert Action.objects.count() == before + 1


def test_t30_only_who_was_alerted_marks_as_read(here):
    path = f"/incidents/{here.incident.ref}/read/"
    assert here.client("colleague").post(path).status_code == 404
    assert not Alert.objects.filter(read_at__isnull=False).exists()
    assert here.client("staff").post(path).status_code == 302
    read = Alert.objects.filter(read_at__isnull=False).values_list("recipient_id", flat=True)
    assert list(read) == [here.people["staff"].staff_id]


def test_t30_a_draft_is_for_its_author_alone(here):
    form = f"/incidents/add/?draft={here.draft}"
    author = here.people["key holder"]
    assert f"{here.mark} draft" in here.client("key holder").get(form).text
    for visitor in ("staff", "administrator"):
        assert f"{here.mark} draft" not in here.client(visitor).get(form).text
        here.client(visitor).post("/drafts/discard/", {"draft": str(here.draft)})
    assert Draft.objects.filter(author_id=author.staff_id).exists()
    row = Draft.objects.get(author_id=author.staff_id)
    Draft.objects.filter(pk=row.pk).update(author_id=here.people["staff"].staff_id)
    stolen = newest(here.people["staff"])
    assert stolen is None


def test_t32_a_key_holder_without_the_key_sees_nothing_until_it_is_shown(here):
    keyless = here.people["key holder without key"]
    make_incident(here.people["key holder"], recipients=[keyless], text="For the deputy.")
    shown = replace(keyless, reader=replace(keyless.reader, has_shown_key=True))
    make_incident(shown, text="By the deputy.")
    for path in ("/", f"/incidents/{here.incident.ref}/", "/incidents/", "/students/"):
        answer = here.client("key holder without key").get(path)
        assert answer["Location"].startswith("/account/key/?next=")
        assert status(here, "key holder", path) == 200
    assert list(Incident.objects.visible_to(keyless.reader)) == []
    assert list(Action.objects.visible_to(keyless.reader)) == []
    assert list(Alert.objects.visible_to(keyless.reader)) == []
    assert selectors.refused_emails(keyless.reader) == 0


def test_t32_the_key_of_one_session_is_not_the_key_of_another(here):
    assert status(here, "key holder", "/incidents/") == 200
    holder = here.people["key holder"]
    here.people["same person elsewhere"] = acting(staff_row(holder), has_key=False)
    answer = here.client("same person elsewhere").get("/incidents/")
    assert answer["Location"].startswith("/account/key/?next=")


def test_t34_who_left_is_not_offered_not_emailed_and_not_revived_by_a_group(here):
    leaver = make_staff("leaver", kind="key_holder", family_name="Leavering")
    incident = make_incident(here.people["key holder"], recipients=[leaver])
    alert = Alert.objects.get(incident=incident)
    assert _suggested(here, "Leavering") == 3
    assert deliveries.alert_notice(alert.ref).is_registered
    deactivate_staff(actor=here.people["administrator"], ref=leaver.staff_ref)
    assert _suggested(here, "Leavering") == 0
    assert not deliveries.alert_notice(alert.ref).is_registered
    for page in ("/incidents/add/?list", f"/incidents/{here.incident.ref}/?list"):
        assert "Leavering" not in here.client("key holder").get(page).text


def _suggested(world, typed):
    client, found = world.client("key holder"), 0
    for path in ("/staff/suggest/", "/staff/suggest-key-holders/", "/students/suggest/"):
        asked = json.dumps({"query": typed})
        answer = client.post(path, asked, content_type="application/json")
        found += len(answer.json()["results"])
    text = client.get("/incidents/add/?list").text
    return found + (typed in text)
