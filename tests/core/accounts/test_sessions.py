"""Sessions: their limits, their list, and their end."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.devices import device_of
from core.accounts.tokens import password_link_tokens
from schools.services.staff import deactivate_staff
from tests.acceptance.accounts import code_of, create_password
from tests.acceptance.page import Page
from tests.core.accounts.conftest import SECRET, is_in
from tests.factories import make_staff

COOKIE = "__Host-session"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


def sessions_page(client):
    return Page(client.get("/account/keys/"))


def session_id(page, number=0):
    forms = [one for one in page.forms if "End this session" in one.captions]
    return forms[number].fields["session"][0]


def test_t37_an_idle_session_ends_after_half_an_hour(holder, clock, entries):
    client = holder.logged_in()
    for _ in range(3):
        clock.shift(timedelta(minutes=28, seconds=59))
        assert is_in(client)
    clock.shift(timedelta(minutes=30, seconds=1))
    answer = client.get("/incidents/")
    assert answer.url == "/login/?next=%2Fincidents%2F"
    (entry,) = entries("session.expired")
    assert (entry.subject_ref, entry.user_id) == (holder.user.ref, None)
    assert not UserSession.objects.exists()
    assert not Session.objects.filter(session_key=client.cookies[COOKIE].value).exists()
    client.get("/")
    assert len(entries("session.expired")) == 1


def test_t37_a_session_in_use_ends_eight_hours_after_the_log_in(holder, clock):
    client = holder.logged_in()
    for _ in range(31):
        clock.shift(timedelta(minutes=15))
        assert is_in(client)
    clock.shift(timedelta(minutes=14))
    assert is_in(client)
    clock.shift(timedelta(minutes=1))
    assert not is_in(client)


def test_t37_limits_are_settings(holder, clock, settings):
    settings.SESSION_IDLE_SECONDS = 120
    client = holder.logged_in()
    clock.shift(80)
    assert is_in(client)
    clock.shift(121)
    assert not is_in(client)


def test_a_page_costs_a_write_at_most_once_a_minute(holder, clock):
    client = holder.logged_in()

    def writes():
        with CaptureQueriesContext(connection) as asked:
            assert is_in(client)
        # The page itself is on record each time.
        return [
            q["sql"]
            for q in asked
            if q["sql"].startswith(("UPDATE", "INSERT")) and "audit_auditentry" not in q["sql"]
        ]

    assert writes() == []
    clock.shift(60)
    assert len(writes()) == 2
    assert writes() == []


def test_t37_a_stolen_cookie_shows_in_the_list_and_is_ended_there(holder, clock, browse, entries):
    client = holder.logged_in(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Chrome/131 Safari/537")
    thief = browse()
    thief.defaults.update(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT=PHONE)
    thief.cookies[COOKIE] = client.cookies[COOKIE].value
    clock.shift(61)
    assert is_in(thief)
    page = holder.logged_in()
    shown = sessions_page(page)
    assert "Safari on an iPhone" in shown.text
    assert "from 203.0.113.9" in shown.text
    answer = page.post("/account/sessions/end/", {"session": session_id(shown)})
    assert answer.url == "/account/keys/"
    assert not is_in(thief)
    assert not is_in(client)
    assert is_in(page)
    (entry,) = entries("session.ended")
    assert (entry.user_id, entry.facts["how"]) == (holder.actor.user_id, "from the list")


def test_t37_all_others_are_ended_and_this_one_goes_on(holder, entries):
    others = [holder.logged_in(), holder.logged_in()]
    this = holder.logged_in()
    page = sessions_page(this)
    assert page.text.count("End this session") == 2
    assert page.text.count("This one") == 1
    page.form("End all others").submit(this)
    assert [is_in(one) for one in (*others, this)] == [False, False, True]
    assert entries("session.ended")[0].facts == {"how": "all others", "sessions": 2}
    assert "End all others" not in sessions_page(this).text


def test_t37_nobody_ends_somebody_elses_session(holder, browse):
    mine = holder.logged_in()
    stranger = browse(make_staff("stranger", kind="key_holder"))
    own, foreign = (
        UserSession.objects.get(session_key=one.cookies[COOKIE].value).pk
        for one in (mine, stranger)
    )
    for wrong in (own, "", "x", "-1", "9" * 30, "²"):
        assert stranger.post("/account/sessions/end/", {"session": wrong}).status_code == 404
    assert is_in(mine)
    assert stranger.post("/account/sessions/end/", {"session": foreign}).url == "/login/"
    assert not is_in(stranger)


def test_t37_log_out_ends_the_session_and_its_row(holder, entries):
    client = holder.logged_in()
    key = client.cookies[COOKIE].value
    client.post("/logout/")
    client.cookies[COOKIE] = key
    assert not is_in(client)
    assert not UserSession.objects.exists()
    assert entries("session.ended")[0].facts == {"how": "log-out"}
    assert entries("session.expired") == []


def test_t37_a_new_password_ends_every_session_and_its_row(holder, browse, entries):
    client = holder.logged_in()
    user = holder.user
    link = f"/login/link/{user.ref}/{password_link_tokens.make_token(user)}/"
    create_password(browse(), link, "entirely other words for it")
    assert not is_in(client)
    assert not UserSession.objects.exists()
    assert entries("account.password_created")[0].facts == {"sessions_ended": 1}


def test_t34_who_is_deactivated_has_no_session_left(holder, administrator):
    client = holder.logged_in()
    deactivate_staff(actor=administrator, ref=holder.actor.staff_ref)
    assert not UserSession.objects.exists()
    assert not Session.objects.filter(session_key=client.cookies[COOKIE].value).exists()
    assert not is_in(client)


def test_t37_the_list_costs_the_same_for_one_session_and_for_a_hundred(holder):
    client = holder.logged_in()
    client.get("/account/keys/")

    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get("/account/keys/")
        return len(asked)

    one = queries()
    row, session = (
        UserSession.objects.get(),
        Session.objects.get(session_key=client.cookies[COOKIE].value),
    )
    for number in range(99):
        key = f"{number:032}"
        Session.objects.create(
            session_key=key, session_data=session.session_data, expire_date=session.expire_date
        )
        UserSession.objects.create(user=row.user, session_key=key, ip=row.ip, user_agent="x")
    assert queries() == one
    assert one <= 9  # the ninth is the unread alerts (the bell of every page)
    assert len(re.findall("End this session", client.get("/account/keys/").text)) == 99


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (PHONE, "Safari on an iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Firefox/132.0", "Firefox on Linux"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/131.0 Safari/537.36", "Chrome on a Chromebook"),
        ("Mozilla/5.0 (iPad) CriOS/131 Safari/604", "Chrome on an iPad"),
        ("curl/8", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_device_is_named_in_plain_words(said, expected):
    assert device_of(said) == expected


def test_t37_a_new_password_ends_a_log_in_that_waits_for_the_key(holder, browse):
    waiting, other = holder.half_logged_in(), holder.half_logged_in()
    assert other.get("/login/key/").status_code == 200
    user = holder.user
    link = f"/login/link/{user.ref}/{password_link_tokens.make_token(user)}/"
    create_password(browse(), link, "entirely other words for it")
    answer = waiting.post("/login/key/", {"code": code_of(SECRET)})
    assert answer.url == "/login/"
    assert not is_in(waiting)


def test_t37_a_key_change_ends_a_session_that_no_list_knows(holder, browse):
    elsewhere = holder.logged_in()
    UserSession.objects.all().delete()
    assert is_in(elsewhere)
    client = holder.logged_in()
    Page(client.get("/account/keys/recovery-codes/")).form("Make new recovery codes").submit(client)
    assert Session.objects.filter(session_key=elsewhere.cookies[COOKIE].value).exists()
    assert not is_in(elsewhere)
    assert is_in(client)
