"""One's own keys: adding, removing, recovery codes; each with the key shown just now."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from core.accounts.services import keys
from core.audit.models import AuditEntry
from core.refusals import Refused
from tests.acceptance.accounts import GOOD, code_of, enrol, give_password, log_in
from tests.acceptance.page import Page
from tests.core.accounts.conftest import SECRET, is_in
from tests.core.accounts.soft_passkey import SoftPasskey
from tests.factories import make_staff

COOKIE = "__Host-session"
CHANGING = [
    "/account/keys/app/",
    "/account/keys/passkey/",
    "/account/keys/remove/?key=1",
    "/account/key/recovery-codes/",
    "/account/keys/recovery-codes/",
]


def add_passkey(client, name="Key ring"):
    key, page = SoftPasskey(), client.get("/account/keys/passkey/")
    answer = client.post("/account/keys/passkey/", {"name": name, "credential": key.create(page)})
    assert answer.status_code == 302
    return key


@pytest.mark.parametrize("path", CHANGING)
def test_t36_a_change_of_keys_asks_for_the_key_again_and_leads_back(holder, clock, path):
    client = holder.logged_in()
    assert client.get(path).status_code in (200, 302, 404)
    clock.shift(timedelta(minutes=5))
    for method in ("get", "post"):
        answer = getattr(client, method)(path)
        assert answer.url.startswith("/account/key/?next=%2Faccount%2Fkey")
    page = Page(client.get(path, follow=True))
    assert "You showed it more than five minutes ago." in page.text
    answer = page.form("Continue").submit(client, code=code_of(SECRET))
    assert answer.url == path
    assert client.get(path).status_code in (200, 302, 404)


def test_t36_the_password_does_not_confirm_where_there_is_a_key(holder, clock):
    client = holder.logged_in()
    clock.shift(timedelta(minutes=6))
    answer = client.post("/account/password/show/", {"password": GOOD})
    assert answer.url.startswith("/account/key/show/")
    assert client.get("/account/key/recovery-codes/").status_code == 302


def test_t37_a_new_key_ends_the_other_sessions_and_this_one_goes_on(holder, entries):
    elsewhere, client = holder.logged_in(), holder.logged_in()
    was = client.cookies[COOKIE].value
    add_passkey(client)
    assert not is_in(elsewhere)
    assert is_in(client)
    assert client.cookies[COOKIE].value != was
    page = Page(client.get("/account/keys/"))
    assert "Passkey or security key: Key ring" in page.text
    assert page.text.count("This one") == 1
    entry = entries("key.enrolled")[-1]
    passkey = Authenticator.objects.get(type="webauthn")
    assert entry.facts == {"enrolled": f"webauthn:{passkey.pk}", "sessions_ended": 1}
    assert entry.key.startswith("totp:")


def test_t37_an_old_session_cookie_is_worth_nothing_after_a_key_change(holder, browse):
    client = holder.logged_in()
    stolen = browse()
    stolen.cookies[COOKIE] = client.cookies[COOKIE].value
    assert is_in(stolen)
    add_passkey(client)
    assert not is_in(stolen)


def test_t36_a_key_is_removed_while_another_stays_and_never_the_last(holder, entries):
    client = holder.logged_in()
    only = Authenticator.objects.get(type="totp")
    answer = client.post("/account/keys/remove/", {"key": only.pk}, follow=True)
    assert "This is your only key." in Page(answer).text
    assert Authenticator.objects.filter(pk=only.pk).exists()
    add_passkey(client)
    elsewhere = holder.logged_in()
    page = Page(client.get("/account/keys/"))
    path = page.link("Remove Authenticator app")
    Page(client.get(path)).form("Remove key").submit(client)
    assert list(Authenticator.objects.exclude(type="recovery_codes").values_list("type")) == [
        ("webauthn",)
    ]
    assert not is_in(elsewhere)
    assert is_in(client)
    (entry,) = entries("key.removed")
    assert entry.facts == {"removed": f"totp:{only.pk}", "sessions_ended": 1}


def test_t33_nobody_removes_somebody_elses_key_or_their_own_codes(holder, browse):
    client = holder.logged_in()
    add_passkey(client)
    stranger = browse(make_staff("stranger", kind="key_holder"))
    codes = Authenticator.objects.get(type="recovery_codes").pk
    own = Authenticator.objects.get(type="totp").pk
    for who, key in ((stranger, own), (client, codes), (client, 0), (client, "x")):
        assert who.get("/account/keys/remove/", {"key": key}).status_code == 404
        assert who.post("/account/keys/remove/", {"key": key}).status_code == 404
    assert Authenticator.objects.count() == 3


def test_g1_06_recovery_codes_are_seen_and_made_anew(holder, entries):
    client = holder.logged_in()
    add_passkey(client)
    old = Page(client.get("/account/key/recovery-codes/")).text
    assert entries("key.recovery_codes_viewed")[-1].facts == {"codes": 10}
    code = old.split("other valuables. ")[1].split()[0]
    elsewhere = holder.logged_in()
    Page(client.get("/account/keys/recovery-codes/")).form("Make new recovery codes").submit(client)
    assert not is_in(elsewhere)
    new = Page(client.get("/account/key/recovery-codes/")).text
    assert code not in new
    late = holder.half_logged_in()
    late.post("/login/key/", {"code": code})
    assert not is_in(late)
    late.post("/login/key/", {"code": new.split("other valuables. ")[1].split()[0]})
    assert is_in(late)
    assert "You have 9 left." in Page(late.get("/account/keys/")).text
    assert len(entries("key.recovery_codes_made")) == 1
    assert entries("key.shown")[-1].key.startswith("recovery_codes:")


def test_g1_06_a_teacher_without_a_key_has_the_page_and_may_set_one_up(browse, teacher, clock):
    client = browse()
    log_in(client, give_password(teacher).email, GOOD)
    page = Page(client.get("/account/keys/"))
    assert "You have no key, and what you do here needs none." in page.text
    assert "This one" in page.text
    answer = client.get(page.link("Set up a key"), follow=True)
    assert "Set up your key" in Page(answer).text


def test_t36_the_service_judges_again(holder):
    keyless = make_staff("again", kind="key_holder", has_key=False)
    for call in (
        lambda: keys.enrol_app(actor=keyless, user=holder.user, secret=SECRET, session_key=""),
        lambda: keys.make_recovery_codes(actor=keyless, user=holder.user, session_key=""),
        lambda: keys.view_recovery_codes(actor=keyless, user=holder.user),
    ):
        with pytest.raises(Refused, match="confirm_key"):
            call()


def test_every_entry_says_which_key_and_from_where(holder):
    client = holder.logged_in()
    key = Authenticator.objects.get(type="totp").pk
    client.get("/incidents/")
    client.post("/account/sessions/end-others/")
    entry = AuditEntry.objects.filter(verb="session.ended").get()
    assert (entry.key, entry.had_key, entry.address) == (f"totp:{key}", True, "127.0.0.1")


def test_g1_06_enrolling_keeps_no_secret_in_the_session(browse, clock, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    client = browse()
    log_in(client, give_password(person).email, GOOD)
    page = Page(client.get("/", follow=True))
    secret = page.text.split("Secret: ")[1].split()[0]
    assert secret not in str(dict(client.session))
    wrong = page.form("Set up key").submit(client, code="000000")
    assert secret in Page(wrong).text
    enrol(client)
    assert "key_setup" not in client.session
