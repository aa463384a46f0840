"""A raw mail in its parts, and the words of its headers: never slow, never more than it was.

By the standard library's older parser (``compat32``): the newer one takes minutes for one header of
16 KB that was made for it, and whoever knows an address can send one.
"""

import email
from collections.abc import Iterator
from email.header import Header, decode_header, make_header
from email.message import Message
from email.policy import Compat32
from typing import cast

from typing_extensions import override

#: Bytes of one header and of all headers; those of mail programs and filters stay far below.
LONGEST_HEADER, MOST_OF_HEADERS = 64 * 1024, 1024 * 1024
#: Lines that may part a mail: each one may cost a kilobyte.
_MOST_BOUNDARIES = 20_000


class Unreadable(Exception):
    """It is no mail, or one made to exhaust whoever reads it."""


class _Limited(Compat32):
    """Refuses headers that are longer than any program writes."""

    seen: list[int]

    def __init__(self) -> None:
        super().__init__()
        object.__setattr__(self, "seen", [0])

    @override
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        length = sum(map(len, sourcelines))
        self.seen[0] += length
        if length > LONGEST_HEADER or self.seen[0] > MOST_OF_HEADERS:
            raise Unreadable
        return super().header_source_parse(sourcelines)


def parsed(raw: bytes) -> Message:
    """Return a mail in its parts.

    Raises:
        Unreadable: It is none, or too much of one.
    """
    if raw.count(b"\n--") > _MOST_BOUNDARIES:
        raise Unreadable
    try:
        return email.message_from_bytes(raw, policy=_Limited())
    except Exception as error:
        raise Unreadable from error


def values(message: Message, name: str) -> list[str]:
    """Return what stands in all headers of a name, as it was sent."""
    return [str(value) for value in message.get_all(name, [])]


def words_of(value: str | Header) -> str:
    """Return a header's value with its encoded words decoded, in one line."""
    try:
        said = str(make_header(decode_header(value)))
    except Exception:  # noqa: BLE001 - encoded badly: as it was sent
        said = str(value)
    return " ".join(said.split())


def file_name(part: Message) -> str:
    """Return the name that a part gives itself as a file; empty where it gives none."""
    return words_of(part.get_filename() or "")


def parts_of(message: Message) -> list[Message]:
    """Return the parts of a container."""
    return cast(list[Message], message.get_payload())


def all_headers(part: Message) -> Iterator[str]:
    """Yield the words of every header of a part."""
    yield from (words_of(value) for value in part.values())
