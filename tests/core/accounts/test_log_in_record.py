"""Log-ins on record: begun, failed, held up, with the address; never what was typed."""

import pytest

from core.addresses import client_address
from core.audit.models import AuditEntry
from tests.acceptance.accounts import GOOD, log_in
from tests.core.accounts.conftest import is_in


def test_t36_a_log_in_is_on_record_with_its_method(holder, entries):
    holder.logged_in()
    (began,) = entries("session.began")
    assert began.subject_ref == holder.user.ref
    assert began.facts == {"method": "password and totp"}
    assert (began.user_id, began.had_key, began.address) == (holder.user.pk, True, "127.0.0.1")
    assert len(entries("key.shown")) == 1


def test_t36_a_wrong_password_is_on_record_without_what_was_typed(browse, holder, entries):
    log_in(browse(), holder.user.email, "wrong words")
    log_in(browse(), "nobody@greenwood.example", "wrong words")
    known, unknown = entries("login.failed")
    assert (known.subject_ref, known.facts) == (holder.user.ref, {"step": "password"})
    assert (unknown.subject_ref, unknown.facts) == (None, {"step": "password"})
    stored = str(list(AuditEntry.objects.values()))
    assert "nobody@" not in stored
    assert "wrong words" not in stored


def test_t36_a_wrong_code_is_on_record(holder, entries):
    client = holder.half_logged_in()
    client.post("/login/key/", {"code": "000000"})
    (entry,) = entries("login.failed")
    assert (entry.subject_ref, entry.facts) == (holder.user.ref, {"step": "key"})


def test_t36_attempts_that_are_held_up_are_on_record_once_a_minute(browse, holder, clock, entries):
    for _ in range(9):
        log_in(browse(), holder.user.email, "wrong")
    (entry,) = entries("login.throttled")
    assert (entry.subject_ref, entry.facts) == (holder.user.ref, {"step": "password"})
    assert len(entries("login.failed")) == 5


def test_t36_guessed_codes_are_held_up(holder, entries):
    client = holder.half_logged_in()
    for _ in range(6):
        client.post("/login/key/", {"code": "000000"})
    assert entries("login.throttled")[0].facts == {"step": "key"}
    assert not is_in(client)


def forwarded(rf, value, own="10.0.0.1"):
    return client_address(rf.get("/", REMOTE_ADDR=own, HTTP_X_FORWARDED_FOR=value))


def test_t36_a_forged_address_is_not_believed_without_a_proxy(rf, settings):
    settings.TRUSTED_PROXY_COUNT = 0
    assert forwarded(rf, "198.51.100.7") == "10.0.0.1"
    assert forwarded(rf, "198.51.100.7, 198.51.100.8") == "10.0.0.1"


@pytest.mark.parametrize(
    ("count", "value", "expected"),
    [
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        (2, "6.6.6.6, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
        (2, "198.51.100.7", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "not an address", "10.0.0.1"),
        (1, "198.51.100.7:4711", "198.51.100.7"),
        (1, "[2001:db8::7]:443", "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_t36_behind_proxies_what_they_wrote_counts(rf, settings, count, value, expected):
    settings.TRUSTED_PROXY_COUNT = count
    assert forwarded(rf, value) == expected


def test_no_address_is_none_and_not_a_fault(rf):
    assert client_address(rf.get("/", REMOTE_ADDR="")) is None


def test_t36_record_throttle_and_sessions_go_by_the_one_address(holder, entries, settings):
    client = holder.logged_in(HTTP_X_FORWARDED_FOR="6.6.6.6")
    assert entries("session.began")[0].address == "127.0.0.1"
    assert "6.6.6.6" not in client.get("/account/keys/").text
    settings.TRUSTED_PROXY_COUNT = 1
    client = holder.logged_in(HTTP_X_FORWARDED_FOR="6.6.6.6, 198.51.100.7")
    assert entries("session.began")[1].address == "198.51.100.7"
    assert "198.51.100.7" in client.get("/account/keys/").text
    for number in range(20):
        forged = {"HTTP_X_FORWARDED_FOR": f"6.6.6.{number}, 198.51.100.7"}
        other = holder.browse()
        other.defaults.update(forged)
        log_in(other, f"guess{number}@greenwood.example", "wrong")
    other.defaults["HTTP_X_FORWARDED_FOR"] = "6.6.6.99, 198.51.100.7"
    assert "Too many attempts" in log_in(other, holder.user.email, GOOD).text
