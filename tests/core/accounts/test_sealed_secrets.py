"""What a second factor's secret looks like in the database, and where it opens."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from core import keyring
from core.accounts.key_adapter import KeyAdapter
from core.accounts.models import User
from core.keyring import KeysetRefused
from core.tenancy import in_control_plane, in_school
from tests.acceptance.accounts import code_of
from tests.acceptance.page import Page
from tests.core.accounts.conftest import SECRET
from tests.factories import make_staff


def test_t45_secrets_are_sealed_in_the_database(in_school_a):
    user = User.objects.get(pk=make_staff().user_id)
    TOTP.activate(user, SECRET)
    codes = RecoveryCodes.activate(user)
    stored = str(list(Authenticator.objects.values("data")))
    assert stored.count("'sealed:") == 2
    assert SECRET not in stored
    assert len(codes.get_unused_codes()) == 10
    assert KeyAdapter().decrypt(codes.instance.data["seed"]) not in stored


def test_t05_a_secret_of_one_school_does_not_open_at_the_other(school_a, school_b):
    with in_school(school_a):
        sealed = KeyAdapter().encrypt(SECRET)
        assert KeyAdapter().decrypt(sealed) == SECRET
    with in_school(school_b), pytest.raises(KeysetRefused):
        KeyAdapter().decrypt(sealed)
    with in_control_plane(), pytest.raises(KeysetRefused):
        KeyAdapter().decrypt(sealed)


def test_t05_the_control_plane_seals_for_itself_alone(school_a):
    with in_control_plane():
        sealed = KeyAdapter().encrypt(SECRET)
        assert SECRET not in sealed
        assert KeyAdapter().decrypt(sealed) == SECRET
    with in_school(school_a), pytest.raises(KeysetRefused):
        KeyAdapter().decrypt(sealed)


def test_t05_what_is_sealed_in_the_control_plane_is_bound_to_its_purpose_and_place(school_a):
    aead = keyring.control_plane_aead()
    sealed = aead.encrypt(b"words", b"one purpose")
    assert aead.decrypt(sealed, b"one purpose") == b"words"
    wrapped = bytes(school_a.text_keyset)
    for what, purpose in ((sealed, b"another"), (sealed[:-1], b"one purpose"), (wrapped, b"x")):
        with pytest.raises(KeysetRefused):
            aead.decrypt(what, purpose)


@pytest.mark.parametrize("stored", [SECRET, "", "sealed:", "sealed:AAAA", "x sealed:AAAA"])
def test_t05_nothing_is_taken_for_a_secret_in_the_clear(in_school_a, stored):
    with pytest.raises(KeysetRefused):
        KeyAdapter().decrypt(stored)


def test_t66_where_kms_is_away_the_page_says_that_nothing_is_wrong_with_the_key(
    holder, monkeypatch
):
    client = holder.half_logged_in()

    def away(*_):
        raise keyring.KeysUnavailable("KMS did not answer.")

    monkeypatch.setattr(keyring, "text_aead", away)
    answer = client.post("/login/key/", {"code": code_of(SECRET)})
    assert answer.status_code == 200
    assert "Nothing is wrong with it." in Page(answer).text
