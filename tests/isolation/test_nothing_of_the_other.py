"""No answer of one school holds a word of the other."""

import json

import pytest

from core.outbox.models import OutboxEvent
from core.tenancy import in_school
from notifications.channels.email import letters
from safeguarding.models import Alert
from safeguarding.services import deliveries
from tests.isolation.doors import PUBLIC, doors_of

pytestmark = pytest.mark.isolation
VISITORS = ("anonymous", "staff", "key holder without key", "key holder", "administrator")


def words_of(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    cookies = response.cookies.output()
    return f"{response.status_code} {response.headers} {cookies} {body.decode(errors='replace')}"


@pytest.mark.parametrize("visitor", VISITORS)
def test_t22_no_page_names_anything_of_the_other_school(visitor, twins, undone):
    ours, theirs = twins
    client, seen = ours.client(visitor), ""
    for door in doors_of("school"):
        if door.name == "account_logout":
            continue
        for ref in (None, theirs.refs["incidents/"]) if door.takes_ref else (None,):
            for method in ("GET", "POST"):
                with undone():
                    said = words_of(client.generic(method, door.path(ours, ref)))
                leaked = [word for word in theirs.secrets() if word in said]
                assert leaked == [], (door, method)
                seen += said
    assert ours.school.name in seen
    assert (ours.mark in seen) is (visitor in {"staff", "key holder", "administrator"})


@pytest.mark.parametrize("page", ["incidents", "students"])
def test_t22_lists_and_counts_are_of_ones_own(page, twins):
    for world, foreign in (twins, twins[::-1]):
        answer = world.client("key holder").get(f"/{page}/")
        assert answer.context["page"].paginator.count == {"incidents": 2, "students": 1}[page]
        assert world.mark in answer.text
        assert foreign.mark not in answer.text


def test_t22_search_and_suggestions_find_ones_own(twins):
    for world, foreign in (twins, twins[::-1]):
        client = world.client("key holder")
        for door in doors_of("school"):
            if not door.name.startswith("suggest_"):
                continue
            for typed, found in ((world.mark, True), (foreign.mark, False), ("%", False)):
                asked = json.dumps({"query": typed})
                answer = client.post(door.path(world), asked, content_type="application/json")
                assert (world.mark in answer.text) is found
                assert foreign.mark not in answer.text
        for typed, count in ((world.mark, 1), (foreign.mark, 0)):
            answer = client.post("/students/", {"name": typed})
            assert answer.context["page"].paginator.count == count


def test_t22_the_other_schools_references_in_a_form_bring_back_no_name(twins):
    ours, theirs = twins
    people = theirs.people
    posted = {
        "student": str(theirs.student.ref),
        "linked": str(theirs.student.ref),
        "recipients": [str(people["staff"].staff_ref)],
        "assignee": str(people["key holder"].staff_ref),
        "categories": [str(theirs.category.ref)],
        "files": [str(theirs.staged.ref)],
        "text": "Words.",
    }
    for world, is_found in ((theirs, True), (ours, False)):
        answer = world.client("key holder").post("/incidents/add/", posted)
        assert answer.status_code == 200
        assert (f"Zebedee {theirs.mark}" in answer.text) is is_found
        assert (theirs.mark in answer.text) is is_found


def test_t22_emails_and_events_are_of_ones_own(twins):
    for world, foreign in (twins, twins[::-1]):
        with in_school(world.school):
            alert = Alert.objects.filter(recipient_id=world.people["staff"].staff_id).get()
            letter = letters.alert(deliveries.alert_notice(alert.ref), alert.ref)
            events = list(OutboxEvent.objects.values_list("payload", flat=True))
        told = str(letter.message())
        assert world.school.host in told
        assert not any(word in told for word in foreign.secrets())
        assert len(events) == 15
        assert not any(word in str(events) for word in foreign.secrets() + world.secrets())


def test_t22_an_error_page_names_nobody(twins, monkeypatch):
    ours, theirs = twins
    client = ours.client("key holder")
    client.raise_request_exception = False

    def fail(*_args, **_kwargs):
        raise LookupError(f"{ours.mark} and {theirs.mark}")

    assert client.get("/").status_code == 200
    monkeypatch.setattr("safeguarding.views.dashboard.selectors.alerts_for", fail)
    page = client.get("/")
    assert page.status_code == 500
    assert ours.mark not in page.text
    assert theirs.mark not in page.text


def test_t22_public_pages_name_the_school_of_the_host_alone(twins):
    for world, foreign in (twins, twins[::-1]):
        for door in doors_of("school"):
            if door.kind == PUBLIC:
                said = words_of(world.client().get(door.path(world)))
                assert not any(word in said for word in foreign.secrets())
                assert world.mark not in said
