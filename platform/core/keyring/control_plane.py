"""What seals the control plane's few secrets, which belong to no school."""

import hashlib
from uuid import NAMESPACE_DNS, uuid5

from tink import TinkError

from core.keyring.errors import KeysetRefused
from core.keyring.wrapping import wrapper


def control_plane_aead() -> "ControlPlaneAead":
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
        return wrapper().encrypt(_bound(associated_data) + plaintext, _CONTROL_PLANE.bytes)

    def decrypt(self, ciphertext: bytes, associated_data: bytes) -> bytes:
        """Open.

        Raises:
            KeysetRefused: The bytes are damaged, or were sealed for something else.
        """
        try:
            opened = wrapper().decrypt(ciphertext, _CONTROL_PLANE.bytes)
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
