"""The keys of a school open for that school and for nothing else."""

import logging
import traceback
from uuid import uuid4

import pytest
from botocore.stub import Stubber
from django.core.exceptions import ImproperlyConfigured

from core import keyring
from tests.core.keys import AnySchool, InventedKms, a_school

pytestmark = pytest.mark.usefixtures("own_local_key")


def test_a_school_seals_and_opens_its_texts():
    school = a_school()
    sealed = keyring.text_aead(school).encrypt(b"a draft", b"its place")
    keyring.forget_opened_keysets()
    assert keyring.text_aead(school).decrypt(sealed, b"its place") == b"a draft"


def test_each_keyset_is_new():
    ref = uuid4()
    first, second = keyring.new_keysets(ref), keyring.new_keysets(ref)
    assert len({first.text, first.files, second.text, second.files}) == 4


@pytest.mark.isolation
def test_t05_a_keyset_of_another_school_is_refused():
    ours, theirs = a_school(), a_school()
    assert keyring.files_aead(ours)
    stolen = AnySchool(
        ref=ours.ref, text_keyset=theirs.text_keyset, files_keyset=theirs.files_keyset
    )
    with pytest.raises(keyring.KeysetRefused):
        keyring.files_aead(stolen)
    with pytest.raises(keyring.KeysetRefused):
        keyring.text_aead(stolen)


def test_a_keyset_in_the_other_ones_place_is_refused():
    school = a_school()
    swapped = AnySchool(
        ref=school.ref, text_keyset=school.files_keyset, files_keyset=school.text_keyset
    )
    with pytest.raises(keyring.KeysetRefused):
        keyring.text_aead(swapped)
    with pytest.raises(keyring.KeysetRefused):
        keyring.files_aead(swapped)


@pytest.mark.parametrize("bent", [b"nonsense", None])
def test_a_damaged_keyset_is_refused_without_telling_anything(bent, caplog):
    caplog.set_level(logging.DEBUG)
    school = a_school()
    if bent is None:
        bent = school.files_keyset[:-1] + bytes([school.files_keyset[-1] ^ 1])
    school.files_keyset = bent
    with pytest.raises(keyring.KeysetRefused) as refused:
        keyring.files_aead(school)
    told = "".join(traceback.format_exception(refused.value)) + caplog.text
    assert "This keyset does not open for this school." in told
    assert repr(bent)[2:-1] not in told
    assert refused.value.__cause__ is None


def test_t18_a_keyset_does_not_open_under_another_wrapping_key(settings):
    school = a_school()
    settings.LOCAL_WRAPPING_KEY = keyring.new_local_wrapping_key()
    with pytest.raises(keyring.KeysetRefused):
        keyring.files_aead(school)


@pytest.mark.parametrize("value", [None, "", "###", "bm9uc2Vuc2U="])
def test_a_wrong_wrapping_key_is_named_but_not_shown(settings, value):
    settings.LOCAL_WRAPPING_KEY = value
    with pytest.raises(ImproperlyConfigured) as refused:
        keyring.new_keysets(uuid4())
    assert str(refused.value) == "LOCAL_WRAPPING_KEY is not a Tink AES256_GCM keyset."


def test_a_keyset_is_unwrapped_once_in_a_process(monkeypatch):
    asked = []
    wrapper = keyring.wrapping.wrapper()

    class Counting:
        name = wrapper.name

        def encrypt(self, plaintext, associated_data):
            return wrapper.encrypt(plaintext, associated_data)

        def decrypt(self, ciphertext, associated_data):
            asked.append(associated_data)
            return wrapper.decrypt(ciphertext, associated_data)

    monkeypatch.setattr(keyring.wrapping, "wrapper", Counting)
    school = a_school()
    asked.clear()  # Tink proves a new keyset by unwrapping it
    for _ in range(3):
        keyring.text_aead(school)
        keyring.files_aead(school)
    assert asked == [school.ref.bytes] * 2


def test_kms_wraps_with_the_school_as_encryption_context(kms):
    service = InventedKms.behind(kms)
    school, other = a_school(), a_school()
    keyring.forget_opened_keysets()
    aead = keyring.text_aead(school)
    assert aead.decrypt(aead.encrypt(b"a draft", b""), b"") == b"a draft"
    assert service.contexts() == {
        ("alias/schools", str(school.ref)),
        ("alias/schools", str(other.ref)),
    }
    assert all(len(plaintext) < 4096 for plaintext in service.plaintexts())
    assert not any(plaintext in bytes(school.text_keyset) for plaintext in service.plaintexts())
    other.text_keyset = school.text_keyset
    with pytest.raises(keyring.KeysetRefused):
        keyring.text_aead(other)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("InvalidCiphertextException", keyring.KeysetRefused),
        ("IncorrectKeyException", keyring.KeysetRefused),
        ("DisabledException", keyring.KeysUnavailable),
        ("KMSInternalException", keyring.KeysUnavailable),
        ("AccessDeniedException", keyring.KeysUnavailable),
    ],
)
def test_t66_what_kms_refuses_is_told_from_kms_being_down(kms, settings, code, error):
    settings.KMS_KEY_ID, settings.LOCAL_WRAPPING_KEY = None, keyring.new_local_wrapping_key()
    school = a_school()
    settings.KMS_KEY_ID, settings.LOCAL_WRAPPING_KEY = "alias/schools", None
    with Stubber(kms) as stub:
        stub.add_client_error("decrypt", service_error_code=code)
        with pytest.raises(error):
            keyring.files_aead(school)


def test_t66_kms_out_of_reach_is_told(kms):
    with pytest.raises(keyring.KeysUnavailable):
        keyring.new_keysets(uuid4())


# What was changed in a keyset --------------------------------------------------------------------


def bent_everywhere(wrapped):
    for place in range(len(wrapped)):
        bent = bytearray(wrapped)
        bent[place] ^= 1 << place % 8
        yield bytes(bent)


def cut_everywhere(wrapped):
    return [wrapped[:length] for length in range(1, len(wrapped), 7)]


@pytest.mark.parametrize("is_rotated", [False, True])
def test_a_keyset_with_any_bit_turned_or_any_part_cut_off_is_refused(is_rotated):
    school = a_school()
    if is_rotated:
        school.take(keyring.with_new_keys(school))
        school.take(keyring.with_newest_sealing(school))
    for name, use in (("text_keyset", keyring.text_aead), ("files_keyset", keyring.files_aead)):
        assert use(school)
        whole = getattr(school, name)
        for bent in [*bent_everywhere(whole), *cut_everywhere(whole), whole + whole[:30]]:
            setattr(school, name, bent)
            with pytest.raises(keyring.KeysetRefused):
                use(school)
        setattr(school, name, whole)


@pytest.mark.parametrize("change", ["with_new_keys", "with_newest_sealing", "rewrapped"])
def test_t05_a_keyset_that_is_not_the_schools_own_is_not_changed_either(change):
    school, other = a_school(), a_school()
    assert getattr(keyring, change)(school)
    wrong = {
        "another school's": {"text_keyset": other.text_keyset, "files_keyset": other.files_keyset},
        "cut": {"text_keyset": school.text_keyset[:40], "files_keyset": school.files_keyset},
    }
    if change != "rewrapped":  # wraps what it cannot look into; swapped, it stays refused
        wrong["swapped"] = {
            "text_keyset": school.files_keyset,
            "files_keyset": school.text_keyset,
        }
    for keysets in wrong.values():
        with pytest.raises(keyring.KeysetRefused):
            getattr(keyring, change)(AnySchool(ref=school.ref, **keysets))


def test_swapped_keysets_stay_refused_when_they_are_rewrapped():
    school = a_school()
    swapped = AnySchool(
        ref=school.ref, text_keyset=school.files_keyset, files_keyset=school.text_keyset
    )
    swapped.take(keyring.rewrapped(swapped))
    with pytest.raises(keyring.KeysetRefused):
        keyring.text_aead(swapped)


def test_emptied_keysets_are_told_from_damaged_ones():
    school = a_school()
    assert keyring.text_aead(school)
    school.text_keyset = school.files_keyset = b""
    for use in (
        keyring.text_aead,
        keyring.files_aead,
        keyring.with_new_keys,
        keyring.with_newest_sealing,
        keyring.rewrapped,
    ):
        with pytest.raises(keyring.KeysDestroyed, match="were destroyed"):
            use(school)


def test_a_keyset_that_kms_would_not_wrap_any_more_is_left_as_it_is(kms):
    InventedKms.behind(kms)
    school, rounds = a_school(), 0
    first = keyring.text_aead(school).encrypt(b"the first", b"")
    while rounds < 100:
        try:
            school.take(keyring.with_new_keys(school))
        except keyring.KeysetFull:
            break
        school.take(keyring.with_newest_sealing(school))
        rounds += 1
    assert 30 < rounds < 100
    assert keyring.text_aead(school).decrypt(first, b"") == b"the first"
    last = keyring.text_aead(school).encrypt(b"the last", b"")
    assert keyring.text_aead(school).decrypt(last, b"") == b"the last"
