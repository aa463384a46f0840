"""File names as people gave them, without what could mislead a reader or a file system."""

import re
import unicodedata
from pathlib import PurePosixPath

MAX_LENGTH = 255
_NAMELESS = "file"
#: Marks and overrides of writing direction (Unicode Bidi_Control), and the byte order mark.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean(name: str) -> str:
    """Return ``name`` without folders, control characters and overrides of writing direction.

    A name that is too long loses the end of its stem, never its extension.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    shown = "".join(character for character in last if _is_shown(character))
    # Windows drops dots and spaces at the end, which would uncover another extension.
    shown = shown.strip().rstrip(". ")
    return _shortened(shown) or _NAMELESS


def extension(name: str) -> str:
    """Return the extension in lower case without its dot, or an empty string."""
    return PurePosixPath(name).suffix[1:].lower()


def _is_shown(character: str) -> bool:
    return character not in _BIDI and unicodedata.category(character) not in {
        "Cc", "Cs", "Cn", "Zl", "Zp",
    }  # fmt: skip


def _shortened(name: str) -> str:
    if len(name) <= MAX_LENGTH:
        return name
    suffix = PurePosixPath(name).suffix
    if len(suffix) > MAX_LENGTH // 2:
        return name[:MAX_LENGTH]
    return name[: MAX_LENGTH - len(suffix)] + suffix
