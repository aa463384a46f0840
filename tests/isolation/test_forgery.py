"""Requests that a page of another site, or of another school, makes a browser send."""

import json

import pytest

from core.tenancy import in_school
from safeguarding.models import Alert
from tests.isolation.doors import doors_of

pytestmark = pytest.mark.isolation


def token_of(client):
    """Return the token that the page holds for the browser's cookie."""
    text = client.get("/incidents/add/").text
    return text.split('name="csrf-token" content="')[1].split('"')[0]


#: What another site's page may make a browser send, and why it does no harm.
WITHOUT_TOKEN = {
    "lock_session": "the worst that it does is to ask for the password",
    "enter_support": "an agent's pass is the proof; whoever is logged in is refused",
    "save_draft": "the form's own pass says whose it is; a page elsewhere does not have it",
}


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_t16_nothing_is_taken_without_the_token(method, world):
    for visitor in ("key holder", "administrator"):
        client = world.client(visitor, enforce_csrf_checks=True)
        for door in doors_of("school"):
            answer = client.generic(method, door.path(world))
            if door.name not in WITHOUT_TOKEN:
                assert answer.status_code == 403, door
            elif door.name == "lock_session":
                client = world.client(visitor, enforce_csrf_checks=True)
            else:
                assert answer.status_code in {400, 403, 405, 415}, door
    with in_school(world.school):
        assert Alert.objects.filter(read_at__isnull=False).count() == 0


def test_t16_with_the_token_it_is_taken(world):
    client = world.client("staff", enforce_csrf_checks=True)
    path, own = f"/incidents/{world.incident.ref}/read/", {"x-csrftoken": token_of(client)}
    assert client.post(path, headers=own | {"origin": "http://evil.example"}).status_code == 403
    answer = client.post(path, headers=own | {"origin": f"http://{world.school.host}"})
    assert answer.status_code == 302
    with in_school(world.school):
        assert Alert.objects.filter(read_at__isnull=False).count() == 1


def test_t16_a_page_of_the_other_school_sends_nothing_here(twins):
    ours, theirs = twins
    path = f"/incidents/{ours.incident.ref}/read/"
    victim = ours.client("staff", enforce_csrf_checks=True)
    attacker = theirs.client("staff", enforce_csrf_checks=True)
    own, foreign = token_of(victim), token_of(attacker)
    from_there = {"origin": f"http://{theirs.school.host}"}
    assert victim.post(path, headers={"x-csrftoken": foreign}).status_code == 403
    assert victim.post(path, {"csrfmiddlewaretoken": foreign}).status_code == 403
    assert victim.post(path, headers={"x-csrftoken": own, **from_there}).status_code == 403
    assert victim.post(path, headers={"x-csrftoken": own, "origin": "null"}).status_code == 403
    assert victim.post(path, headers={"x-csrftoken": own}).status_code == 302


def test_t16_nobody_is_logged_in_by_another_page(world):
    client = world.client(enforce_csrf_checks=True)
    known = {"login": "staff@trust.example", "password": "four unrelated words here"}
    assert client.post("/login/", known).status_code == 403
    assert client.post("/login/link/", {"email": "staff@trust.example"}).status_code == 403
    page = client.get("/login/").text
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.post("/login/", known | {"csrfmiddlewaretoken": token}).status_code == 302


def test_t16_suggestions_answer_no_other_origin(world):
    client = world.client("staff", enforce_csrf_checks=True)
    for door in doors_of("school"):
        if not door.name.startswith("suggest_"):
            continue
        own = {"x-csrftoken": token_of(client)}
        ask = {"path": door.path(world), "data": json.dumps({"query": world.mark[:4]})}
        ask["content_type"] = "application/json"
        assert client.post(**ask).status_code == 403
        assert (
            client.post(**ask, headers={"origin": "http://hillside.localhost"}).status_code == 403
        )
        answer = client.post(**ask, headers=own)
        assert answer.status_code == 200
        assert world.mark in answer.text


def test_t16_no_page_lets_another_origin_read_it(twins):
    world, other = twins
    asked = {
        "origin": f"http://{other.school.host}",
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-csrftoken",
    }
    client = world.client("key holder")
    for door in doors_of("school"):
        for method in ("OPTIONS", "GET"):
            answer = client.generic(method, door.path(world), headers=asked)
            allowed = [name for name in answer.headers if name.lower().startswith("access-control")]
            assert allowed == [], door
