"""A session that is locked opens nothing until the password was given (acceptance G7.2)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session

from core.accounts.sessions import LOCKED, SessionStore
from core.audit.models import AuditEntry
from tests.acceptance.accounts import GOOD, give_password
from tests.acceptance.page import Page
from tests.factories import make_incident


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 2, 2, 10, 0, tzinfo=UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def locked(browse, teacher) -> Any:
    give_password(teacher)
    client = browse(teacher)
    assert client.get("/").status_code == 200
    assert client.post("/account/lock/").status_code == 204
    return client


def unlock(client: Any, password: str, back: str = "/") -> Any:
    form = Page(client.get(f"/account/unlock/?next={back}")).form("Unlock")
    return form.submit(client, password=password)


def test_g7_02_a_locked_session_opens_no_page_and_no_api(locked, teacher, dsl):
    incident = make_incident(dsl, recipients=[teacher])
    for path in (f"/incidents/{incident.ref}/", "/", "/drafts/", "/account/keys/"):
        answer = locked.get(path)
        assert (answer.status_code, answer.url[:22]) == (302, "/account/unlock/?next="), path
    suggest = {"data": {"query": "ma"}, "content_type": "application/json"}
    assert locked.post("/students/suggest/", **suggest).status_code == 302
    assert locked.get("/login/").url == "/account/unlock/?next=%2F"


def test_g7_02_the_password_unlocks_it_and_leads_back(locked, teacher):
    page = Page(locked.get("/account/unlock/?next=/drafts/"))
    assert f"You are logged in as {teacher.name}." in page.text
    wrong = unlock(locked, "not the password")
    assert "The password is not right." in Page(wrong).text
    assert locked.get("/").status_code == 302
    answer = unlock(locked, GOOD, "/drafts/")
    assert (answer.status_code, answer.url) == (302, "/drafts/")
    assert locked.get("/drafts/").status_code == 200
    own = AuditEntry.objects.filter(verb__startswith="session.").order_by("id")
    assert [one.verb for one in own][-2:] == ["session.locked", "session.unlocked"]


def test_g7_02_unlocking_is_held_up_as_log_in_is(locked):
    for _ in range(5):
        assert "The password is not right." in Page(unlock(locked, "wrong")).text
    assert "Too many attempts" in Page(unlock(locked, GOOD)).text
    assert locked.get("/").status_code == 302


def test_g7_02_a_key_that_was_shown_stays_shown(browse, dsl):
    give_password(dsl)
    client = browse(dsl, has_key=True)
    assert client.get("/incidents/").status_code == 200
    client.post("/account/lock/")
    assert client.get("/incidents/").status_code == 302
    unlock(client, GOOD)
    assert client.get("/incidents/").status_code == 200


def test_g7_02_who_is_locked_out_can_log_out(locked):
    form = Page(locked.get("/account/unlock/")).form("Log out")
    assert form.submit(locked).status_code == 302
    assert _leads_to(locked, "/account/unlock/").startswith("/login/")
    assert AuditEntry.objects.filter(verb="session.ended").exists()


def test_g7_02_a_page_under_way_in_another_tab_does_not_undo_the_lock(locked):
    key = locked.cookies["__Host-session"].value
    stale = SessionStore(key)
    stale.load()
    del stale[LOCKED]  # as it was before the lock
    stale["notes"] = "written by the other tab"
    stale.save()
    assert SessionStore(key)["notes"] == "written by the other tab"
    assert locked.get("/").status_code == 302


def test_g7_02_a_locked_session_ends_when_it_is_idle_for_long(locked, clock, browse, teacher):
    client = browse(teacher)
    assert client.get("/").status_code == 200
    client.post("/account/lock/")
    for _ in range(4):
        clock.shift(timedelta(minutes=8))
        client.get("/")
    assert _leads_to(client, "/account/unlock/").startswith("/login/")


def _leads_to(client, path):
    return client.get(path, follow=True).redirect_chain[-1][0]


def test_g7_02_a_page_after_unlocking_leads_to_this_host_alone(locked):
    answer = unlock(locked, GOOD, "https://elsewhere.example/")
    assert answer.url == "/"
    assert Session.objects.exists()


def test_g7_02_nobody_can_lock_without_a_session(browse):
    assert browse().post("/account/lock/").url.startswith("/login/")
