"""A text sealed for its author, which a form carries while names are hidden (acceptance G7.1)."""

import base64
import binascii
import contextlib
import zlib
from uuid import UUID

from tink import TinkError

from core import keyring
from core.tenancy import current_school
from schools.actors import StaffActor
from ui.kept_text import KEPT


def seal_text(actor: StaffActor, text: str) -> str:
    """Seal a text with the school's key, for its author alone.

    Raises:
        KeysUnavailable: The school's key is out of reach; nothing is shown rather than the names.
    """
    packed = zlib.compress(text.encode())
    sealed = keyring.text_aead(current_school()).encrypt(packed, _bound_to(actor.staff_ref))
    return base64.urlsafe_b64encode(sealed).decode()


def texts_opened(fields: dict[str, list[str]], author: UUID) -> dict[str, list[str]]:
    """Return a posted form's fields with the texts that it carried sealed in their own places.

    One that does not open is left out, as the form itself would.
    """
    plain = {name: said for name, said in fields.items() if not name.startswith(KEPT)}
    for name, sealed in fields.items():
        own = name.removeprefix(KEPT)
        if name.startswith(KEPT) and any(sealed) and not any(plain.get(own, ())):
            with contextlib.suppress(ValueError):
                plain[own] = [open_text(author, sealed[0])]
    return plain


def open_text(author: UUID | None, sealed: str) -> str:
    """Open a text that was sealed for the same author at the same school.

    Raises:
        ValueError: It is damaged, or somebody else's.
    """
    try:
        packed = base64.urlsafe_b64decode(sealed.encode())
        opened = keyring.text_aead(current_school()).decrypt(packed, _bound_to(author))
        return zlib.decompress(opened).decode()
    except (TinkError, binascii.Error, UnicodeError, zlib.error) as error:
        raise ValueError("A kept text does not open.") from error


def _bound_to(author: UUID | None) -> bytes:
    return f"{current_school().ref}/{author}/kept".encode()
