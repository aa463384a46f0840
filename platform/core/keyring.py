"""The keys of a school: two Tink keysets, wrapped, and opened only for the school they belong to.

A school has one keyset for texts and one for files. The database holds them wrapped: by KMS where
``KMS_KEY_ID`` is set, else by ``LOCAL_WRAPPING_KEY``. Wrapping binds the school's reference, so a
keyset copied into another school's row does not open.

Source: decision 0004.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, cast
from uuid import NAMESPACE_DNS, UUID, uuid5

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables
from tink import (
    TinkError,
    aead,
    new_keyset_handle,
    proto_keyset_format,
    secret_key_access,
    streaming_aead,
)
from tink.proto import tink_pb2

aead.register()
streaming_aead.register()

#: Opened keysets kept in a process: two for each of 256 schools.
_OPENED = 512
_KMS = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2})
#: KMS says with these that the bytes, not the service, are at fault.
_NOT_OURS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


class KeysetRefused(Exception):
    """A keyset is damaged, of the wrong kind, or another school's."""


class KeysUnavailable(Exception):
    """The service that unwraps keysets is down or says no for now."""


class KeyedSchool(Protocol):
    """What the keyring needs to know of a school."""

    ref: UUID
    text_keyset: bytes
    files_keyset: bytes


class Wrapper(Protocol):
    """Wraps keysets: the two methods of ``tink.aead.Aead``, with the school's reference bound."""

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Wrap."""
        ...

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Unwrap."""
        ...


@dataclass(frozen=True, kw_only=True)
class Keysets:
    """The wrapped keysets of a new school, as its row stores them."""

    text: bytes
    files: bytes


def new_keysets(school_ref: UUID) -> Keysets:
    """Make the two keysets of a school.

    Raises:
        KeysUnavailable: KMS did not wrap them; nothing was made.
    """
    return Keysets(
        text=_new_keyset(school_ref, aead.aead_key_templates.AES256_GCM),
        files=_new_keyset(
            school_ref, streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
        ),
    )


def text_aead(school: KeyedSchool) -> aead.Aead:
    """Return what seals and opens a school's texts.

    Raises:
        KeysetRefused: The keyset is damaged, of the wrong kind, or another school's.
        KeysUnavailable: KMS cannot be asked.
    """
    return _open(aead.Aead, school.ref, bytes(school.text_keyset))


def files_aead(school: KeyedSchool) -> streaming_aead.StreamingAead:
    """Return what seals and opens a school's files.

    Raises:
        KeysetRefused: The keyset is damaged, of the wrong kind, or another school's.
        KeysUnavailable: KMS cannot be asked.
    """
    return _open(streaming_aead.StreamingAead, school.ref, bytes(school.files_keyset))


def new_local_wrapping_key() -> str:
    """Return a new value for the setting ``LOCAL_WRAPPING_KEY``."""
    handle = new_keyset_handle(aead.aead_key_templates.AES256_GCM)
    cleartext = proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    return base64.b64encode(cleartext).decode()


def forget_opened_keysets() -> None:
    """Empty this process's cache of opened keysets."""
    _open.cache_clear()


def _new_keyset(school_ref: UUID, template: tink_pb2.KeyTemplate) -> bytes:
    handle = new_keyset_handle(template)
    wrapped = proto_keyset_format.serialize_encrypted(handle, _wrapper(), school_ref.bytes)
    return cast(bytes, wrapped)


@lru_cache(maxsize=_OPENED)
def _open(primitive: type, school_ref: UUID, wrapped: bytes) -> Any:
    # The wrapped bytes are part of the cache's key: a rotated keyset is opened anew by itself.
    try:
        handle = proto_keyset_format.parse_encrypted(wrapped, _wrapper(), school_ref.bytes)
        return handle.primitive(primitive)
    except TinkError:
        raise KeysetRefused("This keyset does not open for this school.") from None


def _wrapper() -> Wrapper:
    if settings.KMS_KEY_ID:
        kms = _kms_client(settings.KMS_ENDPOINT_URL, settings.S3_REGION)
        return KmsWrapper(settings.KMS_KEY_ID, kms)
    return _local_wrapper(settings.LOCAL_WRAPPING_KEY or "")


@lru_cache(maxsize=2)
@sensitive_variables()
def _local_wrapper(encoded: str) -> Wrapper:
    try:
        cleartext = base64.b64decode(encoded, validate=True)
        handle = proto_keyset_format.parse(cleartext, secret_key_access.TOKEN)
        return cast(Wrapper, handle.primitive(aead.Aead))
    except (TinkError, binascii.Error):
        raise ImproperlyConfigured("LOCAL_WRAPPING_KEY is not a Tink AES256_GCM keyset.") from None


class KmsWrapper:
    """Wraps keysets with a KMS key; the school's reference is the encryption context.

    KMS takes 4 KB of plaintext: a keyset of one key is some 100 bytes, so there is room for about
    forty rotations before an old key has to be dropped.
    """

    def __init__(self, key_id: str, kms: Any) -> None:
        self._key_id = key_id
        self._kms = kms

    @sensitive_variables()
    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Wrap a keyset."""
        answer = self._ask("encrypt", Plaintext=plaintext, school=associated_data)
        return cast(bytes, answer["CiphertextBlob"])

    @sensitive_variables()
    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Unwrap a keyset."""
        answer = self._ask("decrypt", CiphertextBlob=ciphertext, school=associated_data)
        return cast(bytes, answer["Plaintext"])

    @sensitive_variables()
    def _ask(self, operation: str, *, school: bytes, **what: bytes) -> dict[str, Any]:
        context = {"school": str(UUID(bytes=school))}
        ask = getattr(self._kms, operation)
        try:
            return cast(dict[str, Any], ask(KeyId=self._key_id, EncryptionContext=context, **what))
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _NOT_OURS:
                raise KeysetRefused("This keyset does not open for this school.") from None
            raise KeysUnavailable("KMS said no.") from error
        except BotoCoreError as error:
            raise KeysUnavailable("KMS did not answer.") from error


@lru_cache(maxsize=2)
def _kms_client(endpoint_url: str | None, region: str) -> Any:
    return Session().client(
        "kms", endpoint_url=endpoint_url or None, region_name=region, config=_KMS
    )


def control_plane_aead() -> Wrapper:
    """Return what seals and opens the control plane's few secrets, which belong to no school.

    The platform's wrapper does it itself; what is bound besides is always the control plane, so
    that neither a school's keyset nor a school's secret opens here.

    Its methods raise ``KeysetRefused`` where bytes are damaged or not the control plane's, and
    ``KeysUnavailable`` where KMS cannot be asked.
    """
    return ControlPlaneAead()


#: What the platform's wrapper binds where there is no school (RFC 9562, 5.5).
_CONTROL_PLANE = uuid5(NAMESPACE_DNS, "control-plane")


class ControlPlaneAead:
    """Seals with the platform's wrapper, for the control plane alone."""

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Seal."""
        return _wrapper().encrypt(_bound(associated_data) + plaintext, _CONTROL_PLANE.bytes)

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Open.

        Raises:
            KeysetRefused: The bytes are damaged, or were sealed for something else.
        """
        try:
            opened = _wrapper().decrypt(ciphertext, _CONTROL_PLANE.bytes)
        except TinkError:
            raise KeysetRefused("This does not open in the control plane.") from None
        purpose = _bound(associated_data)
        if not opened.startswith(purpose):
            raise KeysetRefused("This was sealed for another purpose.")
        return opened.removeprefix(purpose)


def _bound(associated_data: bytes) -> bytes:
    # KMS binds a reference as encryption context, and the wrapper's interface has room for no
    # more: the purpose goes inside, by its digest, which has one length.
    return hashlib.sha256(associated_data).digest()
