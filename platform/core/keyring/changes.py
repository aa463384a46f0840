"""Changing the keys in a keyset. Cleartext keys are in here and nowhere else.

Every function that sees them hides its variables from error reports, and what leaves this module
in an error is a new exception: a report shows no frame that had a key in it.
"""

from collections.abc import Callable

from django.views.decorators.debug import sensitive_variables
from tink import new_keyset_handle, proto_keyset_format, secret_key_access
from tink.proto import tink_pb2

from core.keyring.errors import KeysetFull

#: KMS encrypts no more (AWS KMS, Encrypt, “Plaintext”); also kept to without KMS, so that a
#: keyset can be moved there. About forty keys.
MOST_BYTES = 4096


@sensitive_variables()
def with_new_key(cleartext: bytes, template: tink_pb2.KeyTemplate) -> bytes:
    """Return the keyset with one more key, which opens and does not seal yet.

    Raises:
        KeysetFull: The keyset would be larger than KMS wraps.
    """
    keyset = tink_pb2.Keyset.FromString(cleartext)
    taken = {key.key_id for key in keyset.key}
    while (added := _new_key(template)).key_id in taken:
        pass
    keyset.key.append(added)
    changed: bytes = keyset.SerializeToString()
    if len(changed) > MOST_BYTES:
        raise KeysetFull(f"A keyset has room for {len(taken)} keys. Nothing was changed.")
    return changed


@sensitive_variables()
def with_newest_sealing(cleartext: bytes) -> bytes:
    """Return the keyset with its newest key as the one that seals."""
    keyset = tink_pb2.Keyset.FromString(cleartext)
    keyset.primary_key_id = keyset.key[-1].key_id
    changed: bytes = keyset.SerializeToString()
    return changed


@sensitive_variables()
def with_sealing_key_alone(cleartext: bytes) -> bytes:
    """Return the keyset without its other keys. What they sealed does not open any more."""
    keyset = tink_pb2.Keyset.FromString(cleartext)
    kept = [key for key in keyset.key if key.key_id == keyset.primary_key_id]
    del keyset.key[:]
    keyset.key.extend(kept)
    changed: bytes = keyset.SerializeToString()
    return changed


@sensitive_variables()
def _new_key(template: tink_pb2.KeyTemplate) -> tink_pb2.Keyset.Key:
    handle = new_keyset_handle(template)
    cleartext = proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    return tink_pb2.Keyset.FromString(cleartext).key[0]


Change = Callable[[bytes], bytes]
