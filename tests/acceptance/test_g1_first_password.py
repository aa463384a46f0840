"""Asking for the link that sets a password, and using it (acceptance G1)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.accounts.models import PasswordLinkRequest, User
from core.audit.models import AuditEntry
from core.outbox.models import OutboxEvent
from core.tenancy import in_control_plane, in_school
from tests.acceptance.accounts import (
    GOOD,
    ask,
    create_password,
    give_password,
    is_logged_in,
    link_in,
    log_in,
    user_of,
    works,
)
from tests.acceptance.page import Page
from tests.factories import make_staff


@pytest.fixture
def link_for(browse, send_mails):
    """Ask for a link and take it out of the email."""

    def get(actor):
        ask(browse(), user_of(actor).email)
        return link_in(send_mails())

    return get


# Asking for the link


def test_g1_03_the_link_is_sent_to_the_address(browse, teacher, send_mails, see):
    answer = ask(browse(), user_of(teacher).email)
    assert "Check your email" in see(browse(), answer.url).text
    (letter,) = send_mails()
    assert letter.to == [user_of(teacher).email]
    assert works(browse(), link_in([letter]))


def test_g1_03_capitals_and_spaces_in_the_address_do_not_matter(browse, teacher, send_mails):
    ask(browse(), f"  {user_of(teacher).email.upper()} ")
    assert len(send_mails()) == 1


def test_g1_03_each_link_is_unique(teacher, link_for):
    assert len({link_for(teacher) for _ in range(3)}) == 3


def test_g1_03_the_answer_does_not_tell_whether_the_address_is_known(
    browse, teacher, send_mails, statements
):
    left = make_staff("left")
    User.objects.filter(email=user_of(left).email).update(is_active=False)
    heard, answers = [], []
    for email in (user_of(teacher).email, user_of(left).email, "nobody@elsewhere.example"):
        client = browse()
        form = Page(client.get("/login/link/")).form("Reset Password")
        with statements() as said:
            answer = form.submit(client, email=email)
        heard.append(list(said))
        sent = client.get(answer.url)
        answers.append((answer.status_code, answer.url, Page(sent).text))
    assert heard[0] == heard[1] == heard[2]
    assert any("accounts_passwordlinkrequest" in query for query in heard[0])
    assert answers[0] == answers[1] == answers[2]
    assert [letter.to for letter in send_mails()] == [[user_of(teacher).email]]


def test_g1_03_what_is_no_address_is_refused_before_anything_is_done(browse, in_school_a):
    answer = ask(browse(), "not an address")
    assert answer.status_code == 200
    assert not PasswordLinkRequest.objects.exists()


def test_g1_03_too_many_requests_get_the_same_answer_and_no_more_mails(browse, teacher, send_mails):
    answers = {ask(browse(), user_of(teacher).email).url for _ in range(7)}
    assert answers == {"/login/link/sent/"}
    assert OutboxEvent.objects.filter(kind="accounts.password_link_requested").count() == 5
    assert len(send_mails()) == 5


# How long the link works


def utc(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent_at", "midnight"),
    [
        pytest.param("2026-01-15 09:00", "2026-01-16 00:00", id="winter"),
        pytest.param("2026-07-15 09:00", "2026-07-15 23:00", id="summer"),
        pytest.param("2026-07-14 23:00", "2026-07-15 23:00", id="first minute of a summer day"),
        pytest.param("2026-03-28 12:00", "2026-03-29 00:00", id="eve of the short day"),
        pytest.param("2026-03-29 00:30", "2026-03-29 23:00", id="short day, before the change"),
        pytest.param("2026-03-29 12:00", "2026-03-29 23:00", id="short day, after the change"),
        pytest.param("2026-10-24 12:00", "2026-10-24 23:00", id="eve of the long day"),
        pytest.param("2026-10-24 23:30", "2026-10-26 00:00", id="long day, before"),
        pytest.param("2026-10-25 12:00", "2026-10-26 00:00", id="long day, after the change"),
    ],
)
def test_g1_04_the_link_expires_at_the_schools_midnight(
    browse, teacher, link_for, sent_at, midnight
):
    with time_machine.travel(utc(sent_at), tick=False) as clock:
        link = link_for(teacher)
        assert works(browse(), link)
        clock.move_to(utc(midnight) - timedelta(seconds=1))
        assert works(browse(), link)
        clock.move_to(utc(midnight))
        assert not works(browse(), link)


def test_g1_04_midnight_is_that_of_the_schools_zone(
    browse, school_a, teacher, link_for, monkeypatch
):
    with in_control_plane():
        type(school_a).objects.filter(pk=school_a.pk).update(time_zone="Pacific/Auckland")
    monkeypatch.setattr(school_a, "time_zone", "Pacific/Auckland")
    with time_machine.travel(datetime(2026, 7, 15, 9, 0, tzinfo=UTC), tick=False) as clock:
        link = link_for(teacher)
        clock.move_to(datetime(2026, 7, 15, 11, 59, 59, tzinfo=UTC))
        assert works(browse(), link)
        clock.move_to(datetime(2026, 7, 15, 12, 0, tzinfo=UTC))
        assert not works(browse(), link)


def test_g1_04_a_page_opened_before_midnight_creates_no_password_after_it(
    browse, teacher, link_for
):
    with time_machine.travel(datetime(2026, 1, 15, 23, 0, tzinfo=UTC), tick=False) as clock:
        client = browse()
        form = Page(client.get(link_for(teacher), follow=True)).form("Create password")
        clock.move_to(datetime(2026, 1, 16, tzinfo=UTC))
        answer = form.submit(client, new_password1=GOOD, new_password2=GOOD)
    assert "This link no longer works" in Page(answer).text
    assert not user_of(teacher).has_usable_password()


def test_g1_04_the_link_works_once(browse, teacher, link_for):
    link = link_for(teacher)
    create_password(browse(), link)
    assert user_of(teacher).check_password(GOOD)
    assert not works(browse(), link)


def test_g1_04_a_form_that_was_open_twice_creates_one_password(browse, teacher, link_for):
    link = link_for(teacher)
    first, second = browse(), browse()
    forms = [Page(one.get(link, follow=True)).form("Create password") for one in (first, second)]
    forms[0].submit(first, new_password1=GOOD, new_password2=GOOD)
    answer = forms[1].submit(second, new_password1=GOOD[::-1], new_password2=GOOD[::-1])
    assert "This link no longer works" in Page(answer).text
    assert user_of(teacher).check_password(GOOD)


def test_g1_04_a_newer_link_ends_the_older(browse, teacher, link_for):
    older, newer = link_for(teacher), link_for(teacher)
    assert not works(browse(), older)
    assert works(browse(), newer)


@pytest.mark.parametrize(
    "change",
    [
        {"email": "new.address@greenwood.example"},
        {"password": "md5$changed"},
        {"is_active": False},
    ],
)
def test_g1_04_a_changed_account_ends_the_link(browse, teacher, link_for, change):
    link = link_for(teacher)
    assert works(browse(), link)
    User.objects.filter(pk=teacher.user_id).update(**change)
    assert not works(browse(), link)


def test_g1_04_the_link_works_on_its_schools_host_alone(browse, school_b, teacher, link_for):
    link = link_for(teacher)
    twin = user_of(teacher)
    with in_school(school_b):
        twin.save(force_insert=True)
    assert not works(browse(school=school_b), link)
    assert works(browse(), link)


# An expired or used link


def test_g1_05_a_dead_link_says_so_offers_a_new_one_and_reveals_nothing(browse, teacher, link_for):
    used = link_for(teacher)
    create_password(browse(), used)
    ref = used.split("/")[3]
    nobody = used.replace(ref, "01890a5d-ac96-774b-bcce-b302099a8057")
    bodies = set()
    for link in (used, nobody, f"/login/link/{ref}/abc-def/", f"/login/link/{ref}/set-password/"):
        answer = browse().get(link)
        page = Page(answer)
        assert (answer.status_code, page.link("Send a new link")) == (200, "/login/link/")
        assert "It has expired, or it has been used." in page.text
        bodies.add(page.text)
    assert len(bodies) == 1
    assert user_of(teacher).email not in bodies.pop()


# Creating the password, then logging in with it


def test_g1_06_who_has_created_a_password_goes_to_the_log_in_page_and_logs_in(
    browse, teacher, link_for, see
):
    client = browse()
    answer = create_password(client, link_for(teacher))
    assert (answer.status_code, answer.url) == (302, "/login/")
    assert not is_logged_in(client)
    assert "Your password is set" in see(client, "/login/").text
    answer = log_in(client, user_of(teacher).email, GOOD)
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_logged_in(client)


def test_g1_06_creating_a_password_is_on_the_record(browse, teacher, link_for):
    create_password(browse(), link_for(teacher))
    entry = AuditEntry.objects.get(verb="account.password_created")
    assert entry.subject_ref == user_of(teacher).ref


def test_g1_06_a_password_without_its_audit_entry_is_not_created(
    browse, teacher, link_for, monkeypatch
):
    def fail(*_args, **_kwargs):
        raise OSError("The disk is full.")

    link = link_for(teacher)
    monkeypatch.setattr("core.audit.services.record", fail)
    with pytest.raises(OSError, match="full"):
        create_password(browse(), link)
    assert not user_of(teacher).has_usable_password()


def test_g1_06_a_new_password_ends_other_sessions(browse, teacher, link_for):
    give_password(teacher, "another umbrella plover")
    elsewhere = browse(teacher)
    assert is_logged_in(elsewhere)
    create_password(browse(), link_for(teacher))
    assert not is_logged_in(elsewhere)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short1!", "This password is too short."),
        ("password123", "This password is too common."),
        ("qwertyuiop", "This password is too common."),
        ("P@ssw0rd12345", "similar to a commonly used password"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("12/03/1984", "Dates are often easy to guess"),
        ("greta.lindholm", "too similar to the email address"),
        ("greta.lindholm@greenwood", "too similar to the email address"),
    ],
)
def test_g1_06_weak_and_breached_passwords_are_refused_with_the_reason(
    browse, in_school_a, link_for, password, reason
):
    greta = make_staff(email="greta.lindholm@greenwood.example")
    client = browse()
    answer = create_password(client, link_for(greta), password)
    page = Page(answer)
    assert answer.status_code == 200
    assert reason.lower() in page.text.lower()
    assert password not in page.text
    assert not user_of(greta).has_usable_password()
    assert page.form("Create password").submit(
        client, new_password1=GOOD, new_password2=GOOD
    ).url == ("/login/")


def test_g1_06_two_different_passwords_are_refused(browse, teacher, link_for):
    client = browse()
    form = Page(client.get(link_for(teacher), follow=True)).form("Create password")
    answer = form.submit(client, new_password1=GOOD, new_password2=f"{GOOD}!")
    assert "match" in Page(answer).text
    assert not user_of(teacher).has_usable_password()
