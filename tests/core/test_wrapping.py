"""Other wrapping, the same keys: what was sealed before opens afterwards."""

import base64
import stat
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from core import keyring
from tests.core.keys import InventedKms, a_school, cleartext_keyset


def sealed(school):
    return keyring.text_aead(school).encrypt(b"a draft", b"its place")


def opens(school, text):
    keyring.forget_opened_keysets()
    assert keyring.files_aead(school)
    return keyring.text_aead(school).decrypt(text, b"its place") == b"a draft"


def rewrap(school):
    before = school.text_keyset, school.files_keyset
    school.take(keyring.rewrapped(school))
    assert school.text_keyset != before[0]
    assert school.files_keyset != before[1]


def step(settings, name):
    settings.LOCAL_WRAPPING_KEY = keyring.next_local_wrapping_key(settings.LOCAL_WRAPPING_KEY, name)
    return settings.LOCAL_WRAPPING_KEY


# Local keys --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("own_local_key")
def test_from_one_local_key_to_the_next_everything_opens_at_each_step(settings):
    school, first = a_school(), keyring.wrapping_key()
    text = sealed(school)
    before = settings.LOCAL_WRAPPING_KEY
    step(settings, "add")
    assert keyring.wrapping_key() == first
    assert opens(school, text)
    both = settings.LOCAL_WRAPPING_KEY
    step(settings, "promote")
    second = keyring.wrapping_key()
    assert second != first
    assert opens(school, text)
    rewrap(school)
    assert opens(school, text)
    # A process that has not been given the last step yet:
    settings.LOCAL_WRAPPING_KEY = both
    assert opens(school, text)
    step(settings, "promote")
    step(settings, "drop")
    assert keyring.wrapping_key() == second
    assert opens(school, text)
    settings.LOCAL_WRAPPING_KEY = before
    with pytest.raises(keyring.KeysetRefused):
        opens(school, text)


@pytest.mark.usefixtures("own_local_key")
def test_rewrapping_changes_no_key():
    school = a_school()
    was = [cleartext_keyset(school, one) for one in (school.text_keyset, school.files_keyset)]
    rewrap(school)
    assert was == [
        cleartext_keyset(school, one) for one in (school.text_keyset, school.files_keyset)
    ]


@pytest.mark.usefixtures("own_local_key")
@pytest.mark.parametrize("name", ["add", "promote", "drop"])
def test_a_step_from_what_is_no_key_is_refused(name):
    with pytest.raises(ImproperlyConfigured):
        keyring.next_local_wrapping_key("bm9uc2Vuc2U=", name)


@pytest.mark.usefixtures("own_local_key")
def test_the_command_writes_the_next_local_key_where_its_owner_alone_reads(settings, tmp_path):
    school = a_school()
    text = sealed(school)
    for name in ("add", "promote"):
        told, file = StringIO(), tmp_path / name
        call_command("new_local_wrapping_key", "--out", file, "--step", name, stdout=told)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        settings.LOCAL_WRAPPING_KEY = file.read_text().strip()
        assert settings.LOCAL_WRAPPING_KEY not in told.getvalue()
        assert opens(school, text)
    new = tmp_path / "new"
    call_command("new_local_wrapping_key", "--out", new, stdout=StringIO())
    settings.LOCAL_WRAPPING_KEY = new.read_text().strip()
    assert a_school()
    with pytest.raises(CommandError, match="Not written"):
        call_command("new_local_wrapping_key", "--out", new, stdout=StringIO())
    assert new.read_text().strip() == settings.LOCAL_WRAPPING_KEY
    settings.LOCAL_WRAPPING_KEY = base64.b64encode(b"nonsense").decode()
    with pytest.raises(CommandError, match="LOCAL_WRAPPING_KEY is not"):
        call_command("new_local_wrapping_key", "--out", tmp_path / "x", "--step", "add")


# KMS ---------------------------------------------------------------------------------------------


def test_from_one_kms_key_to_the_next_no_plaintext_leaves_kms(kms, settings):
    service = InventedKms.behind(kms)
    school = a_school()
    text = sealed(school)
    settings.KMS_KEY_ID = "alias/next"
    with pytest.raises(keyring.KeysetRefused):
        opens(school, text)
    settings.KMS_FORMER_KEY_IDS = ["alias/schools"]
    assert opens(school, text)
    service.asked.clear()
    rewrap(school)
    # Each is tried with the present key first, and that is all KMS was asked.
    assert service.asked == ["ReEncrypt"] * 4
    settings.KMS_FORMER_KEY_IDS = []
    assert opens(school, text)
    assert ("alias/next", str(school.ref)) in service.contexts()


def test_t05_kms_does_not_rewrap_for_another_school(kms, settings):
    InventedKms.behind(kms)
    ours, theirs = a_school(), a_school()
    rewrap(ours)
    ours.text_keyset, ours.files_keyset = theirs.text_keyset, theirs.files_keyset
    with pytest.raises(keyring.KeysetRefused):
        keyring.rewrapped(ours)


def test_from_a_local_key_to_kms_everything_opens_at_each_step(kms, settings):
    service = InventedKms.behind(kms)
    local = keyring.new_local_wrapping_key()
    settings.KMS_KEY_ID, settings.LOCAL_WRAPPING_KEY = None, local
    school = a_school()
    text = sealed(school)
    settings.KMS_KEY_ID = "alias/schools"
    assert opens(school, text)
    assert service.asked == []  # so it opens while KMS is down, too
    rewrap(school)
    assert opens(school, text)
    rewrap(school)  # from KMS to KMS, with the local key still there
    assert "ReEncrypt" in service.asked
    settings.LOCAL_WRAPPING_KEY = None
    assert opens(school, text)
    settings.KMS_KEY_ID, settings.LOCAL_WRAPPING_KEY = None, local
    with pytest.raises(keyring.KeysetRefused):
        opens(school, text)


@pytest.mark.parametrize("code", ["DisabledException", "KMSInternalException"])
def test_t66_a_kms_that_says_no_leaves_keysets_as_they_are(kms, code):
    service = InventedKms.behind(kms)
    school = a_school()
    rewrap(school)
    service.refuses_with = code
    for change in (keyring.rewrapped, keyring.with_new_keys, keyring.with_newest_sealing):
        keyring.forget_opened_keysets()
        with pytest.raises(keyring.KeysUnavailable, match=code):
            change(school)
