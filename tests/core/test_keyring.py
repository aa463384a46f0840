"""The keys of a school open for that school and for nothing else."""

import base64
import io
import json
import logging
import secrets
import traceback
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.stub import Stubber
from django.core.exceptions import ImproperlyConfigured

from core import keyring


@dataclass(kw_only=True)
class AnySchool:
    ref: UUID = field(default_factory=uuid4)
    text_keyset: bytes
    files_keyset: bytes


def a_school():
    ref = uuid4()
    made = keyring.new_keysets(ref)
    return AnySchool(ref=ref, text_keyset=made.text, files_keyset=made.files)


@pytest.fixture(autouse=True)
def _local_keys(settings):
    settings.KMS_KEY_ID = None
    settings.LOCAL_WRAPPING_KEY = keyring.new_local_wrapping_key()
    keyring.forget_opened_keysets()
    yield
    keyring.forget_opened_keysets()


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


@pytest.mark.parametrize("bent", [b"", b"nonsense", None])
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
    assert not bent or repr(bent)[2:-1] not in told
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
    wrapper = keyring._wrapper()

    class Counting:
        def encrypt(self, plaintext, associated_data):
            return wrapper.encrypt(plaintext, associated_data)

        def decrypt(self, ciphertext, associated_data):
            asked.append(associated_data)
            return wrapper.decrypt(ciphertext, associated_data)

    monkeypatch.setattr(keyring, "_wrapper", Counting)
    school = a_school()
    asked.clear()  # Tink proves a new keyset by unwrapping it
    for _ in range(3):
        keyring.text_aead(school)
        keyring.files_aead(school)
    assert asked == [school.ref.bytes] * 2


@pytest.fixture
def kms(settings, monkeypatch):
    settings.KMS_KEY_ID = "alias/schools"
    settings.KMS_ENDPOINT_URL = "http://127.0.0.1:1"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    keyring._kms_client.cache_clear()
    yield keyring._kms_client(settings.KMS_ENDPOINT_URL, settings.S3_REGION)
    keyring._kms_client.cache_clear()


def test_kms_wraps_with_the_school_as_encryption_context(kms):
    service = InventedKms()
    kms.meta.events.register("before-send.kms", service.answer)
    school, other = a_school(), a_school()
    keyring.forget_opened_keysets()
    aead = keyring.text_aead(school)
    assert aead.decrypt(aead.encrypt(b"a draft", b""), b"") == b"a draft"
    assert service.contexts() == {
        ("alias/schools", str(school.ref)),
        ("alias/schools", str(other.ref)),
    }
    assert all(len(plaintext) < 4096 for plaintext in service.plaintexts())
    assert not any(plaintext in school.text_keyset for plaintext in service.plaintexts())
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
    settings.KMS_KEY_ID = None
    school = a_school()
    settings.KMS_KEY_ID = "alias/schools"
    with Stubber(kms) as stub:
        stub.add_client_error("decrypt", service_error_code=code)
        with pytest.raises(error):
            keyring.files_aead(school)


def test_t66_kms_out_of_reach_is_told(kms):
    with pytest.raises(keyring.KeysUnavailable):
        keyring.new_keysets(uuid4())


class InventedKms:
    """Answers as KMS would, below boto3's own checks of what is sent."""

    def __init__(self):
        self._wrapped = {}

    def answer(self, request, **_event):
        asked = json.loads(request.body)
        bound = (asked["KeyId"], asked["EncryptionContext"]["school"])
        if request.headers["X-Amz-Target"] == b"TrentService.Encrypt":
            blob = base64.b64encode(secrets.token_bytes(32)).decode()
            self._wrapped[blob] = (bound, asked["Plaintext"])
            return _answered({"CiphertextBlob": blob, "KeyId": bound[0]})
        known, plaintext = self._wrapped[asked["CiphertextBlob"]]
        if known != bound:
            return _answered({"__type": "InvalidCiphertextException"}, status=400)
        return _answered({"Plaintext": plaintext, "KeyId": bound[0]})

    def contexts(self):
        return {bound for bound, _plaintext in self._wrapped.values()}

    def plaintexts(self):
        return [base64.b64decode(plaintext) for _bound, plaintext in self._wrapped.values()]


def _answered(body, status=200):
    content = json.dumps(body).encode()
    return AWSResponse("http://127.0.0.1:1", status, HTTPHeaders(), _Streamed(content))


class _Streamed(io.BytesIO):
    def stream(self):
        yield self.read()
