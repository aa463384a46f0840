"""One raw mail: from whom, to whom, its words, its files; never a traceback."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import getaddresses

from support.file_texts import decoded
from support.inbound.automatic import why_automatic
from support.inbound.html_text import text_of_html
from support.inbound.quoting import without_quoted
from support.mail_parts import Unreadable, file_name, parsed, parts_of, values

#: Parts within parts, and parts at all; nobody's mail program makes more.
DEEPEST, MOST_PARTS = 10, 200
_CONTAINER = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_RECIPIENTS = ("X-Original-To", "Delivered-To", "Envelope-To", "To", "Cc")
_MOST_TEXT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class MailFile:
    """A file that came with a mail."""

    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What a mail says.

    Attributes:
        sender: Address of its one author, in lower case; empty where it names none or several.
        recipients: Addresses it was sent to, the envelope's first.
        identity: The same for the same mail, however often it is handed over.
        automatic: By what it is known to be automatic; empty for a person's.
        text: What its author wrote, without what they answer.
    """

    sender: str = field(repr=False)
    recipients: tuple[str, ...] = field(repr=False)
    identity: str
    automatic: str
    text: str = field(repr=False)
    files: tuple[MailFile, ...] = ()


def read_mail(raw: bytes, *, recipient: str = "", envelope_sender: str | None = None) -> Mail:
    """Read a mail.

    Args:
        raw: As it came.
        recipient: Of the envelope; empty where the mail server does not say.
        envelope_sender: Likewise; None where it does not say.

    Raises:
        Unreadable: It is none, or too deep, or has too many parts.
    """
    if len(_CONTAINER.findall(raw)) > MOST_PARTS:
        raise Unreadable
    try:
        return _mail(parsed(raw), raw, recipient, envelope_sender)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable from error


def _mail(message: Message, raw: bytes, recipient: str, envelope_sender: str | None) -> Mail:
    if not message.keys():
        raise Unreadable
    authors = _addresses(message, "From")
    parts = list(_leaves(message))
    if len(parts) > MOST_PARTS:
        raise Unreadable
    files = tuple(_file(part) for part in parts if _is_file(part))
    named = str(message.get("Message-ID", "")).strip()
    return Mail(
        sender=authors[0].lower() if len(authors) == 1 else "",
        recipients=(recipient, *(one for name in _RECIPIENTS for one in _addresses(message, name))),
        identity=hashlib.sha256(named.encode("utf-8", "replace") or raw).hexdigest(),
        automatic=why_automatic(message, envelope_sender=envelope_sender),
        text=_text([part for part in parts if not _is_file(part)]),
        files=files,
    )


def _addresses(message: Message, name: str) -> list[str]:
    return [address for _, address in getaddresses(values(message, name)) if address]


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    if depth > DEEPEST:
        raise Unreadable
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in parts_of(message):
            yield from _leaves(part, depth + 1)
    else:
        yield message


def _is_file(part: Message) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return True
    return part.get_content_maintype() not in {"text", "multipart"}


def _file(part: Message) -> MailFile:
    if part.get_content_maintype() == "message" and part.is_multipart():
        inner = parts_of(part)[0]
        return MailFile(name=file_name(part) or "email.eml", content=inner.as_bytes())
    return MailFile(name=file_name(part), content=_bytes(part))


def _text(parts: list[Message]) -> str:
    plain = [_words(part) for part in parts if part.get_content_type() == "text/plain"]
    if not any(one.strip() for one in plain):
        pages = [part for part in parts if part.get_content_type() == "text/html"]
        plain = [text_of_html(_words(part)) for part in pages]
    text = "\n\n".join(one for one in plain if one.strip()).replace("\r\n", "\n")
    return without_quoted("".join(one if _is_kept(one) else " " for one in text))


def _is_kept(letter: str) -> bool:
    # Letters of no width stay: the privacy guard reads a name through them.
    return letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"}


def _words(part: Message) -> str:
    return decoded(_bytes(part)[:_MOST_TEXT], part.get_content_charset("utf-8"))


def _bytes(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
