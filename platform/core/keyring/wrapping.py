"""What wraps keysets: KMS where ``KMS_KEY_ID`` is set, else ``LOCAL_WRAPPING_KEY``.

Whatever wraps, the school's reference is bound in: KMS has it as encryption context, the local key
as associated data.

Source: decision 0007.
"""

import base64
import binascii
from contextlib import suppress
from functools import lru_cache
from typing import Any, Protocol, cast
from uuid import UUID

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.views.decorators.debug import sensitive_variables
from tink import KeysetHandle, TinkError, aead, proto_keyset_format, secret_key_access

from core.keyring.errors import KeysetRefused, KeysUnavailable

aead.register()

REFUSAL = "This keyset does not open for this school."
_KMS = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2})
_WRONG_KEY = "IncorrectKeyException"
#: KMS says with these that the bytes, not the service, are at fault.
_NOT_OURS = frozenset({"InvalidCiphertextException", _WRONG_KEY})


class Wrapper(Protocol):
    """Wraps keysets: the methods of ``tink.aead.Aead``, and one that wraps anew."""

    @property
    def name(self) -> str:
        """Which key wraps now, as the school's row notes it."""
        ...

    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Wrap."""
        ...

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Unwrap."""
        ...

    def rewrap(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Wrap anew, with the key that wraps now, what any key of ours has wrapped."""
        ...


def wrapper() -> Wrapper:
    """Return what the settings say.

    Raises:
        ImproperlyConfigured: Neither setting is there, or the local key is none.
    """
    local_key = settings.LOCAL_WRAPPING_KEY or ""
    if not settings.KMS_KEY_ID:
        return local_wrapper(local_key)
    kms = KmsWrapper(
        settings.KMS_KEY_ID,
        kms_client(settings.KMS_ENDPOINT_URL, settings.S3_REGION),
        former=settings.KMS_FORMER_KEY_IDS,
    )
    return MovingToKms(local_wrapper(local_key), kms) if local_key else kms


class LocalWrapper:
    """Wraps keysets with the primary key of ``LOCAL_WRAPPING_KEY``; opens with each of its keys."""

    @sensitive_variables()
    def __init__(self, handle: KeysetHandle) -> None:
        self._aead = handle.primitive(aead.Aead)
        self.name = f"local:{handle.keyset_info().primary_key_id}"

    @sensitive_variables()
    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Wrap a keyset."""
        return cast(bytes, self._aead.encrypt(plaintext, associated_data))

    @sensitive_variables()
    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Unwrap a keyset."""
        return cast(bytes, self._aead.decrypt(ciphertext, associated_data))

    @sensitive_variables()
    def rewrap(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Wrap a keyset anew."""
        return proved(self, self.decrypt(ciphertext, associated_data), associated_data)


class KmsWrapper:
    """Wraps keysets with a KMS key; the school's reference is the encryption context.

    Args:
        key_id: The key that wraps.
        kms: boto3's client.
        former: Keys that still open what they wrapped.
    """

    def __init__(self, key_id: str, kms: Any, *, former: list[str]) -> None:
        self.name = key_id
        self._kms = kms
        self._opening = [key_id, *former]

    @sensitive_variables()
    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Wrap a keyset."""
        answer = self._ask(
            "encrypt",
            KeyId=self.name,
            Plaintext=plaintext,
            EncryptionContext=_context(associated_data),
        )
        return cast(bytes, answer["CiphertextBlob"])

    @sensitive_variables()
    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Unwrap a keyset."""
        answer = self._ask_with_each(
            "decrypt",
            "KeyId",
            CiphertextBlob=ciphertext,
            EncryptionContext=_context(associated_data),
        )
        return cast(bytes, answer["Plaintext"])

    def rewrap(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Wrap a keyset anew, inside KMS: its plaintext does not come here."""
        context = _context(associated_data)
        answer = self._ask_with_each(
            "re_encrypt",
            "SourceKeyId",
            CiphertextBlob=ciphertext,
            SourceEncryptionContext=context,
            DestinationKeyId=self.name,
            DestinationEncryptionContext=context,
        )
        return cast(bytes, answer["CiphertextBlob"])

    @sensitive_variables()
    def _ask_with_each(self, operation: str, key: str, **what: Any) -> dict[str, Any]:
        for key_id in self._opening:
            with suppress(_WrongKey):
                return self._ask(operation, **{key: key_id}, **what)
        raise KeysetRefused(REFUSAL)

    @sensitive_variables()
    def _ask(self, operation: str, **what: Any) -> dict[str, Any]:
        # Never “from error”: boto3's frames hold what KMS was sent, and reports show frames.
        try:
            return cast(dict[str, Any], getattr(self._kms, operation)(**what))
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
        except BotoCoreError as error:
            code = type(error).__name__
        if code == _WRONG_KEY:
            raise _WrongKey(REFUSAL)
        if code in _NOT_OURS:
            raise KeysetRefused(REFUSAL)
        raise KeysUnavailable(f"KMS does not help for now: {code}.")


class MovingToKms:
    """Wraps with KMS, and opens also what ``LOCAL_WRAPPING_KEY`` wrapped before the move."""

    def __init__(self, local: Wrapper, kms: Wrapper) -> None:
        self.name = kms.name
        self._local, self._kms = local, kms

    @sensitive_variables()
    def encrypt(self, plaintext: bytes, associated_data: bytes) -> bytes:
        """Wrap a keyset with KMS."""
        return self._kms.encrypt(plaintext, associated_data)

    @sensitive_variables()
    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Unwrap a keyset."""
        # The local key first: it answers at once, also while KMS is down.
        with suppress(TinkError):
            return self._local.decrypt(ciphertext, associated_data)
        return self._kms.decrypt(ciphertext, associated_data)

    @sensitive_variables()
    def rewrap(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Hand a keyset over to KMS."""
        try:
            plaintext = self._local.decrypt(ciphertext, associated_data)
        except TinkError:
            return self._kms.rewrap(ciphertext, associated_data)
        return proved(self._kms, plaintext, associated_data)


@sensitive_variables()
def proved(by: Wrapper, plaintext: bytes, associated_data: bytes) -> bytes:
    """Wrap, and unwrap once to see that it opens again.

    Raises:
        KeysUnavailable: It does not.
    """
    wrapped = by.encrypt(plaintext, associated_data)
    if by.decrypt(wrapped, associated_data) != plaintext:
        raise KeysUnavailable("What was wrapped does not open again.")
    return wrapped


class _WrongKey(KeysetRefused):
    """KMS: another key wrapped this."""


def _context(school: bytes) -> dict[str, str]:
    return {"school": str(UUID(bytes=school))}


@lru_cache(maxsize=2)
@sensitive_variables()
def local_wrapper(encoded: str) -> LocalWrapper:
    """Return what the value of ``LOCAL_WRAPPING_KEY`` wraps with.

    Raises:
        ImproperlyConfigured: The value is no such key; the message does not quote it.
    """
    try:
        cleartext = base64.b64decode(encoded, validate=True)
        return LocalWrapper(proto_keyset_format.parse(cleartext, secret_key_access.TOKEN))
    except (TinkError, binascii.Error):
        raise ImproperlyConfigured("LOCAL_WRAPPING_KEY is not a Tink AES256_GCM keyset.") from None


@lru_cache(maxsize=2)
def kms_client(endpoint_url: str | None, region: str) -> Any:
    """Return boto3's client."""
    return Session().client(
        "kms", endpoint_url=endpoint_url or None, region_name=region, config=_KMS
    )
