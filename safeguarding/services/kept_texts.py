"""A text sealed for its author, which a form carries while names are hidden (acceptance G7.1)."""

import base64
import binascii
import zlib

from tink import TinkError

from core import keyring
from core.tenancy import current_school
from schools.actors import StaffActor


def seal_text(actor: StaffActor, text: str) -> str:
    """Seal a text with the school's key, for its author alone.

    Raises:
        KeysUnavailable: The school's key is out of reach; nothing is shown rather than the names.
    """
    packed = zlib.compress(text.encode())
    sealed = keyring.text_aead(current_school()).encrypt(packed, _bound_to(actor))
    return base64.urlsafe_b64encode(sealed).decode()


def open_text(actor: StaffActor, sealed: str) -> str:
    """Open a text that was sealed for the same author at the same school.

    Raises:
        ValueError: It is damaged, or somebody else's.
    """
    try:
        packed = base64.urlsafe_b64decode(sealed.encode())
        opened = keyring.text_aead(current_school()).decrypt(packed, _bound_to(actor))
        return zlib.decompress(opened).decode()
    except (TinkError, binascii.Error, UnicodeError, zlib.error) as error:
        raise ValueError("A kept text does not open.") from error


def _bound_to(actor: StaffActor) -> bytes:
    return f"{current_school().ref}/{actor.staff_ref}/kept".encode()
