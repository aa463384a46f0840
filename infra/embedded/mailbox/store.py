"""Mails as files: one for each accepted transaction, so that duplicates can be counted."""

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

ENVELOPE = "X-Envelope-To"


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One mail as it was accepted."""

    name: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def received_at(self) -> datetime:
        """When it was accepted."""
        return datetime.fromtimestamp(int(self.name.partition("-")[0]) / 1e9, UTC)

    @property
    def text(self) -> str:
        """The plain text, empty when there is none."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """The HTML, empty when there is none."""
        return self._body("html")

    def header(self, name: str) -> str:
        """A header as text, empty when absent."""
        return str(self.message.get(name, ""))

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()).replace("\r\n", "\n") if part else ""


class Store:
    """A folder of mails, newest first."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def add(self, recipients: Sequence[str], content: bytes) -> None:
        """Keep a mail; once this returns it survives a ``kill -9``."""
        path = self._folder / f"{time.time_ns():020d}-{uuid4().hex[:8]}.eml"
        envelope = f"{ENVELOPE}: {', '.join(recipients)}\r\n"
        unfinished = path.with_suffix(".unfinished")
        unfinished.write_bytes(envelope.encode() + content)
        os.replace(unfinished, path)

    def __iter__(self) -> Iterator[Mail]:
        """All mails, newest first."""
        for path in sorted(self._folder.glob("*.eml"), reverse=True):
            if mail := self.get(path.stem):
                yield mail

    def get(self, name: str) -> Mail | None:
        """One mail, or None."""
        if not name.replace("-", "").isalnum():
            return None
        try:
            content = (self._folder / f"{name}.eml").read_bytes()
        except FileNotFoundError:
            return None
        # An SMTP client may put fewer headers than a mail needs; the parser forgives.
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        recipients = tuple(part.strip() for part in str(message[ENVELOPE]).split(","))
        return Mail(name=name, recipients=recipients, message=message)

    def clear(self) -> None:
        """Delete all mails."""
        for path in self._folder.glob("*.eml"):
            path.unlink(missing_ok=True)
