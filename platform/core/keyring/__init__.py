"""The keys of a school: two Tink keysets, wrapped, and opened only for the school they belong to.

A school has one keyset for texts and one for files. The database holds them wrapped: by KMS where
``KMS_KEY_ID`` is set, else by ``LOCAL_WRAPPING_KEY``. Wrapping binds the school's reference, so a
keyset copied into another school's row does not open.

Source: decisions 0004 and 0007.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, Protocol
from uuid import UUID

from django.views.decorators.debug import sensitive_variables
from tink import (
    BinaryKeysetReader,
    KeysetHandle,
    TinkError,
    aead,
    new_keyset_handle,
    proto_keyset_format,
    secret_key_access,
    streaming_aead,
)
from tink.proto import tink_pb2

from core.keyring import changes, wrapping
from core.keyring.control_plane import ControlPlaneAead as ControlPlaneAead
from core.keyring.control_plane import control_plane_aead as control_plane_aead
from core.keyring.errors import KeysDestroyed as KeysDestroyed
from core.keyring.errors import KeysetFull as KeysetFull
from core.keyring.errors import KeysetRefused as KeysetRefused
from core.keyring.errors import KeysUnavailable as KeysUnavailable

streaming_aead.register()

#: Opened keysets kept in a process: two for each of 256 schools.
_OPENED = 512


class KeyedSchool(Protocol):
    """What the keyring needs to know of a school."""

    ref: UUID
    text_keyset: bytes
    files_keyset: bytes


@dataclass(frozen=True, kw_only=True)
class Keysets:
    """The wrapped keysets of a school, as its row stores them.

    Attributes:
        wrapped_by: Which key wrapped them.
    """

    text: bytes
    files: bytes
    wrapped_by: str


@dataclass(frozen=True, kw_only=True)
class _Kind:
    """Of what keys a keyset is made, and what they do."""

    primitive: type
    template: tink_pb2.KeyTemplate


_TEXT = _Kind(primitive=aead.Aead, template=aead.aead_key_templates.AES256_GCM)
_FILES = _Kind(
    primitive=streaming_aead.StreamingAead,
    template=streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB,
)


def new_keysets(school_ref: UUID) -> Keysets:
    """Make the two keysets of a school.

    Raises:
        KeysUnavailable: KMS did not wrap them; nothing was made.
    """
    return Keysets(
        text=_wrapped(school_ref, new_keyset_handle(_TEXT.template)),
        files=_wrapped(school_ref, new_keyset_handle(_FILES.template)),
        wrapped_by=wrapping_key(),
    )


def text_aead(school: KeyedSchool) -> aead.Aead:
    """Return what seals and opens a school's texts.

    Raises:
        KeysetRefused: The keyset is damaged, of the wrong kind, another school's, or destroyed.
        KeysUnavailable: KMS cannot be asked.
    """
    return _opened(_TEXT, school.ref, bytes(school.text_keyset))


def files_aead(school: KeyedSchool) -> streaming_aead.StreamingAead:
    """Return what seals and opens a school's files.

    Raises:
        KeysetRefused: The keyset is damaged, of the wrong kind, another school's, or destroyed.
        KeysUnavailable: KMS cannot be asked.
    """
    return _opened(_FILES, school.ref, bytes(school.files_keyset))


def with_new_keys(school: KeyedSchool) -> Keysets:
    """Return a school's keysets with a new key each, which opens and does not seal yet.

    Raises:
        KeysetRefused: A keyset does not open for this school.
        KeysetFull: A keyset would be larger than KMS wraps.
        KeysUnavailable: KMS cannot be asked.
    """
    return _changed(school, lambda kind: partial(changes.with_new_key, template=kind.template))


def with_newest_sealing(school: KeyedSchool) -> Keysets:
    """Return a school's keysets with their newest keys as those that seal; all of them open.

    Raises:
        KeysetRefused: A keyset does not open for this school.
        KeysUnavailable: KMS cannot be asked.
    """
    return _changed(school, lambda _kind: changes.with_newest_sealing)


def rewrapped(school: KeyedSchool) -> Keysets:
    """Return a school's keysets, unchanged, wrapped with the key that wraps now.

    Raises:
        KeysetRefused: A keyset does not open for this school.
        KeysUnavailable: KMS cannot be asked.
    """
    return Keysets(
        text=_rewrapped(school.ref, bytes(school.text_keyset)),
        files=_rewrapped(school.ref, bytes(school.files_keyset)),
        wrapped_by=wrapping_key(),
    )


def wrapping_key() -> str:
    """Return the name of the key that wraps now; it tells nothing of the key."""
    return wrapping.wrapper().name


@sensitive_variables()
def new_local_wrapping_key() -> str:
    """Return a new value for the setting ``LOCAL_WRAPPING_KEY``."""
    handle = new_keyset_handle(_TEXT.template)
    cleartext = proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    return base64.b64encode(cleartext).decode()


#: The three steps from one local wrapping key to the next; every process has one before the next.
LOCAL_STEPS: dict[str, changes.Change] = {
    "add": partial(changes.with_new_key, template=_TEXT.template),
    "promote": changes.with_newest_sealing,
    "drop": changes.with_sealing_key_alone,
}


@sensitive_variables()
def next_local_wrapping_key(value: str, step: str) -> str:
    """Return the value of ``LOCAL_WRAPPING_KEY`` after a step.

    Args:
        value: The present one.
        step: ``add`` a key that opens, ``promote`` it so that it wraps, ``drop`` the others.

    Raises:
        ImproperlyConfigured: The present value is no such key.
        KeysetFull: There are too many keys in it.
    """
    wrapping.local_wrapper(value)
    return base64.b64encode(LOCAL_STEPS[step](base64.b64decode(value))).decode()


def forget_opened_keysets() -> None:
    """Empty this process's cache of opened keysets."""
    _open.cache_clear()


def _opened(kind: _Kind, school_ref: UUID, wrapped: bytes) -> Any:
    if not wrapped:
        raise KeysDestroyed("This school's keys were destroyed.")
    return _open(kind.primitive, school_ref, wrapped)


@lru_cache(maxsize=_OPENED)
def _open(primitive: type, school_ref: UUID, wrapped: bytes) -> Any:
    # The wrapped bytes are part of the cache's key: a rotated keyset is opened anew by itself.
    with _no_frame_with_a_key():
        return _unwrapped(school_ref, wrapped).primitive(primitive)


def _changed(school: KeyedSchool, change: Any) -> Keysets:
    return Keysets(
        text=_one_changed(_TEXT, school.ref, bytes(school.text_keyset), change(_TEXT)),
        files=_one_changed(_FILES, school.ref, bytes(school.files_keyset), change(_FILES)),
        wrapped_by=wrapping_key(),
    )


def _one_changed(kind: _Kind, school_ref: UUID, wrapped: bytes, change: changes.Change) -> bytes:
    _opened(kind, school_ref, wrapped)  # refuses a keyset that is not of this kind
    # Two steps, so that no frame holds cleartext while KMS is asked and may fail.
    return _wrapped(school_ref, _handle_changed(school_ref, wrapped, change))


@sensitive_variables()
def _handle_changed(school_ref: UUID, wrapped: bytes, change: changes.Change) -> KeysetHandle:
    with _no_frame_with_a_key():
        handle = _unwrapped(school_ref, wrapped)
        cleartext = change(proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
        return proto_keyset_format.parse(cleartext, secret_key_access.TOKEN)


def _rewrapped(school_ref: UUID, wrapped: bytes) -> bytes:
    if not wrapped:
        raise KeysDestroyed("This school's keys were destroyed.")
    with _no_frame_with_a_key():
        envelope = BinaryKeysetReader(wrapped).read_encrypted()
        blob = wrapping.wrapper().rewrap(envelope.encrypted_keyset, school_ref.bytes)
        envelope.encrypted_keyset = blob
    renewed: bytes = envelope.SerializeToString()
    return renewed


@sensitive_variables()
def _wrapped(school_ref: UUID, handle: KeysetHandle) -> bytes:
    # Tink unwraps once what it wrapped, to see that it opens again.
    with _no_frame_with_a_key():
        wrapped: bytes = proto_keyset_format.serialize_encrypted(
            handle, wrapping.wrapper(), school_ref.bytes
        )
    return wrapped


def _unwrapped(school_ref: UUID, wrapped: bytes) -> KeysetHandle:
    return proto_keyset_format.parse_encrypted(wrapped, wrapping.wrapper(), school_ref.bytes)


@contextmanager
def _no_frame_with_a_key() -> Iterator[None]:
    """Let errors begin here: Tink's own frames hold keys, and an error report shows frames."""
    try:
        yield
    except TinkError:
        raise KeysetRefused(wrapping.REFUSAL) from None
    except (KeysetRefused, KeysetFull, KeysUnavailable) as error:
        # Another one: contextlib would give the same one its old traceback back.
        raise type(error)(*error.args) from None
