"""Unique Pupil Numbers: their shape and their check letter.

Source: formats, “Unique Pupil Number (DfE)”.
"""

import re
from enum import StrEnum

#: The alphabet without I, O and S; a letter counts as its place here.
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

_SHAPE = re.compile(rf"[{LETTERS}][0-9]{{11}}[0-9{LETTERS}]")


class UpnFault(StrEnum):
    """What is wrong with a UPN."""

    SHAPE = "shape"
    CHECK_LETTER = "check_letter"

    @property
    def sentence(self) -> str:
        """The fault in words, without the number itself."""
        return _SENTENCES[self]


_SENTENCES = {
    UpnFault.SHAPE: "is not a check letter and twelve digits (the last may be a letter)",
    UpnFault.CHECK_LETTER: "has a check letter that does not fit its digits",
}


def tidied(text: str) -> str:
    """Return a UPN upper case and without spaces; one that is wrong stays as it was given."""
    upn = "".join(text.split()).upper()
    return upn if fault_of(upn) is None else text.strip()


def check_letter(rest: str) -> str:
    """Return the letter that belongs before the twelve characters in ``rest``."""
    total = sum(weight * _number(one) for weight, one in enumerate(rest, start=2))
    return LETTERS[total % len(LETTERS)]


def fault_of(upn: str) -> UpnFault | None:
    """Say what is wrong with a UPN in upper case without spaces, None if nothing is."""
    if not _SHAPE.fullmatch(upn):
        return UpnFault.SHAPE
    if upn[0] != check_letter(upn[1:]):
        return UpnFault.CHECK_LETTER
    return None


def is_temporary(upn: str) -> bool:
    """Say whether a valid UPN is a temporary one: its thirteenth character is a letter."""
    return upn[-1:].isalpha()


def _number(one: str) -> int:
    return int(one) if one in "0123456789" else LETTERS.index(one)
