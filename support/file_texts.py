"""The words of a text file, for the privacy guard; no other kind of file is looked into."""

import re
from collections.abc import Iterator
from email.message import Message
from html import unescape

from core.attachments.kinds import CSV, EML, TEXT
from core.attachments.models import Attachment
from core.attachments.services import open_stream
from support.mail_parts import all_headers, parsed

#: Bytes; of a longer file nobody can say that it tells of no student.
MOST_READ = 1_000_000
_READ = {one.content_type for one in (TEXT, CSV, EML)}
_TAG = re.compile(r"<[^<>]*>")


def is_text(attachment: Attachment) -> bool:
    """Say whether the guard can look into a file."""
    return attachment.content_type in _READ


def text_of(attachment: Attachment) -> str | None:
    """Return the words of a text file; None where it is too long, or holds what is not read.

    Raises:
        AttachmentDamaged: Its object is gone or does not open.
        StorageUnavailable: The object store or the school's key cannot be reached.
    """
    if attachment.size > MOST_READ:
        return None
    content = b"".join(open_stream(attachment))
    if attachment.content_type == EML.content_type:
        return _text_of_email(content)
    return _decoded(content)


def _text_of_email(content: bytes) -> str | None:
    try:
        message = parsed(content)
        return "\n".join(_words_of_email(message, content)) if _is_all_text(message) else None
    except Exception:  # noqa: BLE001 - made to be misread: nobody can say what it tells
        return None


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _is_all_text(message: Message) -> bool:
    """Say whether an email brings nothing along that is not looked into: a table, a picture."""
    return all(
        part.is_multipart() or part.get_content_maintype() == "text" for part in message.walk()
    )


def _words_of_email(message: Message, content: bytes) -> Iterator[str]:
    yield _decoded(content)
    for part in message.walk():
        yield from all_headers(part)
        inner = part.get_payload(decode=True)
        if part.get_content_maintype() == "text" and isinstance(inner, bytes):
            yield unescape(_TAG.sub(" ", decoded(inner, part.get_content_charset("utf-8"))))


def decoded(content: bytes, charset: str) -> str:
    """Return text in an encoding; where it is not in that, or there is none such, as it may be."""
    try:
        return content.decode(charset)
    except (LookupError, ValueError):  # an encoding that there is not, or that it is not in
        return _decoded(content)
