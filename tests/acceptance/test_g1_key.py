"""The key: a second factor for key holders and administrators (acceptance G1.6)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.audit.models import AuditEntry
from schools.models import AccessGroup
from tests.acceptance.accounts import (
    GOOD,
    code_of,
    enrol,
    give_password,
    is_logged_in,
    log_in,
    user_of,
)
from tests.acceptance.page import Page
from tests.factories import make_staff, staff_row


@pytest.fixture(autouse=True)
def clock():
    """Stand still, so that no code changes between being read and being typed."""
    with time_machine.travel(datetime(2026, 1, 15, 9, tzinfo=UTC), tick=False) as moved:
        yield moved


def test_g1_06_setting_a_key_up_leads_on_to_where_the_person_wanted_to_go(browse, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    email = give_password(person).email
    client = browse()
    form = Page(client.get("/login/?next=/students/")).form("Login")
    page = Page(form.submit(client, follow=True, login=email, password=GOOD))
    secret = page.text.split("Secret: ")[1].split()[0]
    answer = page.form("Set up key").submit(client, follow=True, code=code_of(secret))
    assert Page(answer).link("I have kept them safe") == "/students/"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://hillside.localhost/", "javascript:1"]
)
def test_g1_06_log_in_and_key_never_lead_to_another_site(browse, in_school_a, elsewhere):
    person = make_staff(kind="key_holder", has_key=False)
    email = give_password(person).email
    client = browse()
    form = Page(client.get("/login/", {"next": elsewhere})).form("Login")
    assert form.submit(client, login=email, password=GOOD).url == "/"
    _, page = enrol(client)
    assert page.link("I have kept them safe") == "/"
    codes = client.get("/account/key/recovery-codes/", {"next": elsewhere})
    assert Page(codes).link("I have kept them safe") == "/"


@pytest.mark.parametrize("kind", ["key_holder", "administrator"])
def test_g1_06_a_key_is_set_up_at_the_first_log_in(browse, in_school_a, kind):
    person = make_staff(kind=kind, has_key=False)
    email = give_password(person).email
    client = browse()
    log_in(client, email, GOOD)
    assert client.get("/").url == "/account/key/?next=%2F"
    _, page = enrol(client)
    assert "Your recovery codes" in page.text
    assert is_logged_in(client)
    entry = AuditEntry.objects.get(verb="key.enrolled")
    assert (entry.user_id, entry.subject_ref) == (person.user_id, user_of(person).ref)


def test_g1_06_a_wrong_code_sets_no_key_up(browse, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    client = browse()
    log_in(client, give_password(person).email, GOOD)
    page = Page(client.get("/", follow=True))
    answer = page.form("Set up key").submit(client, follow=True, code="000000")
    assert "Set up your key" in Page(answer).text
    assert not is_logged_in(client)


def test_g1_06_a_key_holder_shows_the_key_at_every_later_log_in(browse, clock, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    email = give_password(person).email
    client = browse()
    log_in(client, email, GOOD)
    secret, _ = enrol(client)
    clock.shift(timedelta(days=1))
    later = browse()
    answer = log_in(later, email, GOOD, follow=True)
    assert "Show your key" in Page(answer).text
    assert not is_logged_in(later)
    wrong = Page(answer).form("Continue").submit(later, follow=True, code="000000")
    assert "Show your key" in Page(wrong).text
    assert not is_logged_in(later)
    answer = Page(wrong).form("Continue").submit(later, code=code_of(secret))
    assert answer.url == "/"
    assert is_logged_in(later)


def test_g1_06_a_recovery_code_works_once_in_place_of_the_key(browse, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    email = give_password(person).email
    client = browse()
    log_in(client, email, GOOD)
    _, page = enrol(client)
    code = page.text.split("other valuables. ")[1].split()[0]
    logged_in = []
    for _ in range(2):
        later = browse()
        answer = log_in(later, email, GOOD, follow=True)
        Page(answer).form("Continue").submit(later, code=code)
        logged_in.append(is_logged_in(later))
    assert logged_in == [True, False]


def test_g1_06_who_becomes_a_key_holder_while_logged_in_sets_a_key_up_first(browse, teacher):
    give_password(teacher)
    client = browse()
    log_in(client, user_of(teacher).email, GOOD)
    assert is_logged_in(client)
    staff = staff_row(teacher)
    staff.access_group = AccessGroup.objects.get(holds_key=True)
    staff.save()
    assert not is_logged_in(client)
    enrol(client)
    assert is_logged_in(client)


def test_g1_06_the_page_that_sets_a_key_up_is_gone_once_there_is_one(browse, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    client = browse()
    log_in(client, give_password(person).email, GOOD)
    enrol(client)
    answer = client.get("/account/key/enrol/")
    assert (answer.status_code, answer.url) == (302, "/")


def test_g1_06_a_member_of_staff_without_key_access_is_asked_for_no_key(browse, teacher):
    client = browse()
    answer = log_in(client, give_password(teacher).email, GOOD, follow=True)
    assert "My History" in Page(answer).text
