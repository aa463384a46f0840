"""Passkeys and security keys as a second factor, never as the first."""

import json

import pytest
from allauth.mfa.models import Authenticator

from core.tenancy import in_school
from tests.acceptance.accounts import GOOD, give_password, log_in, user_of
from tests.acceptance.page import Page
from tests.core.accounts.conftest import is_in
from tests.core.accounts.soft_passkey import SoftPasskey, options_of
from tests.factories import make_staff

ENROL, SHOW = "/account/key/enrol/passkey/", "/login/key/"


@pytest.fixture
def person(in_school_a):
    return make_staff(kind="key_holder", has_key=False)


@pytest.fixture
def passkey(browse, clock, person):
    """A passkey that was set up at the first log-in."""
    client, key = browse(), SoftPasskey()
    log_in(client, give_password(person).email, GOOD)
    page = client.get(Page(client.get("/", follow=True)).link("a passkey or security key"))
    answer = client.post(ENROL, {"name": "", "credential": key.create(page)}, follow=True)
    assert "Your recovery codes" in Page(answer).text
    assert is_in(client)
    clock.shift(60)
    return key


def second_step(browse, person):
    client = browse()
    return client, log_in(client, user_of(person).email, GOOD, follow=True)


def test_g1_06_a_passkey_set_up_at_the_first_log_in_is_shown_at_the_next(
    browse, person, passkey, entries
):
    assert Authenticator.objects.get(type="webauthn").data["name"] == "Passkey"
    client, page = second_step(browse, person)
    assert "Use your passkey or security key" in Page(page).text
    assert client.post(SHOW, {"credential": passkey.show(page)}).url == "/"
    assert is_in(client)
    assert entries("session.began")[-1].facts == {"method": "password and webauthn"}
    pk = Authenticator.objects.get(type="webauthn").pk
    assert entries("key.shown")[-1].key == f"webauthn:{pk}"


def test_g1_06_without_javascript_the_page_says_what_to_do(browse, person, passkey):
    client, page = second_step(browse, person)
    assert "need JavaScript" in Page(page).text
    answer = client.post(SHOW, {"credential": ""})
    assert "Your passkey was not shown." in Page(answer).text


def test_g1_06_recovery_codes_stand_in_for_a_passkey(browse, person, passkey):
    row = Authenticator.objects.get(type="recovery_codes")
    client, _ = second_step(browse, person)
    client.post(SHOW, {"code": row.wrap().get_unused_codes()[0]})
    assert is_in(client)


def test_t37_an_answer_works_once(browse, person, passkey):
    client, page = second_step(browse, person)
    answer = passkey.show(page)
    client.post(SHOW, {"credential": answer})
    assert is_in(client)
    other, _ = second_step(browse, person)
    assert "That is not right." in Page(other.post(SHOW, {"credential": answer})).text
    assert not is_in(other)


def test_t36_another_persons_passkey_opens_nothing(browse, person, passkey, entries):
    client, page = second_step(browse, person)
    stranger = SoftPasskey()
    assert "That is not right." in Page(client.post(SHOW, {"credential": stranger.show(page)})).text
    assert not is_in(client)
    entry = entries("login.failed")[-1]
    assert (entry.subject_ref, entry.facts) == (user_of(person).ref, {"step": "key"})


def test_t01_a_passkey_answers_at_its_schools_host_alone(browse, person, passkey):
    client, page = second_step(browse, person)
    assert options_of(page)["rpId"] == "greenwood.localhost"
    for origin in ("http://hillside.localhost", "https://evil.example", "http://localhost"):
        client.post(SHOW, {"credential": passkey.show(page, origin)})
        assert not is_in(client)
        page = client.get(SHOW)


def test_t01_a_passkey_row_copied_to_the_other_school_opens_nothing(
    browse, person, passkey, school_b
):
    row = Authenticator.objects.get(type="webauthn")
    with in_school(school_b):
        twin = make_staff(kind="key_holder")
        email = give_password(twin).email
        Authenticator.objects.create(user_id=twin.user_id, type="webauthn", data=row.data)
    client = browse(school=school_b)
    page = log_in(client, email, GOOD, follow=True)
    answer = client.post(SHOW, {"credential": passkey.show(page)})
    assert "That is not right." in Page(answer).text
    assert not is_in(client)


MALFORMED = [
    "x", "[]", "1", "null", '"text"', "{}", '{"id": 1}', '{"id": "AA", "rawId": "AA"}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}',
    json.dumps(
        {
            "id": "AA", "rawId": "AA", "type": "public-key",
            "response": {"clientDataJSON": "AA", "attestationObject": "AA",
                         "authenticatorData": "AA", "signature": "AA"},
        }
    ),
]  # fmt: skip


@pytest.mark.parametrize("written", MALFORMED)
def test_t31_a_hand_written_answer_is_refused_calmly(browse, clock, person, written):
    client = browse()
    log_in(client, give_password(person).email, GOOD)
    client.get(ENROL)
    answer = client.post(ENROL, {"name": "x", "credential": written})
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("written", MALFORMED)
def test_t31_a_hand_written_answer_shows_no_key(browse, person, passkey, written):
    client, _ = second_step(browse, person)
    assert client.post(SHOW, {"credential": written}).status_code == 200
    assert not is_in(client)


def test_g1_01_no_passkey_logs_in_without_the_password(browse, person, passkey):
    assert "passkey" not in Page(browse().get("/login/")).text.lower()
    client = browse()
    assert client.get(SHOW).url == "/login/"
    assert client.post(SHOW, {"credential": "{}"}).url == "/login/"


def test_t36_the_same_passkey_is_not_asked_for_twice(browse, person, passkey, clock):
    client, page = second_step(browse, person)
    client.post(SHOW, {"credential": passkey.show(page)})
    asked = options_of(client.get("/account/keys/passkey/"))
    assert len(asked["excludeCredentials"]) == 1
