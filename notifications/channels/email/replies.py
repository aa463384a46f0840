"""What a mail server's answer means: this mail never, this mail later, or no mail now."""

import re
import smtplib

from django.utils.translation import gettext_noop

from core.outbox.registry import OutOfReach, TryLater, Undeliverable
from notifications.channels.email.patience import CutOffAfterText

#: A mail that may have been taken each time it was handed over is given up after about 20 minutes:
#: its reader may have had as many copies by then.
MOST_UNCERTAIN_ATTEMPTS = 8
LONGEST_REASON = 200
_CLOSING = 421


def meaning(error: OSError, recipient: str) -> Undeliverable | TryLater | OutOfReach:
    """Say what a failure to hand over a mail means.

    A refusal of the recipient or of the text is about this mail. A refusal of us as the sender
    is about every mail, and for somebody to put right.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return _by_code(code, text, recipient)
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code, error.smtp_error, recipient)
    if isinstance(error, smtplib.SMTPResponseException):
        return OutOfReach(said(error.smtp_code, error.smtp_error, recipient))
    if isinstance(error, CutOffAfterText):
        return TryLater(
            gettext_noop("The mail server hung up without an answer; the email may have arrived."),
            most_attempts=MOST_UNCERTAIN_ATTEMPTS,
        )
    return TryLater(gettext_noop("The connection to the mail server ended."))


def absence(error: OSError) -> OutOfReach:
    """Say why no mail can be handed over now; ``error`` came while connecting."""
    if isinstance(error, smtplib.SMTPResponseException):
        return OutOfReach(said(error.smtp_code, error.smtp_error, ""))
    return OutOfReach(gettext_noop("The mail server cannot be reached."))


def keeps_connection(error: OSError) -> bool:
    """Say whether the connection is good for the next mail."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code != _CLOSING for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code != _CLOSING


def said(code: int, text: bytes | str, recipient: str) -> str:
    """Return the server's answer for people to read: the code and a short, clean reason.

    Servers quote what they refuse, and an address is somebody's name: addresses, the part of
    this one before the @, and anything that a page or a terminal would act on are taken out.
    """
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    words = re.sub(r"\S*[@<>]\S*|\w+://\S+", "…", words)
    name = recipient.partition("@")[0]
    if len(name) > 1:
        words = re.sub(re.escape(name), "…", words, flags=re.IGNORECASE)
    words = "".join(letter if letter.isprintable() else " " for letter in words)
    return f"{code} {' '.join(words.split())}"[:LONGEST_REASON].strip()


def _by_code(code: int, text: bytes | str, recipient: str) -> Undeliverable | TryLater:
    reason = said(code, text, recipient)
    return Undeliverable(reason) if 500 <= code <= 599 else TryLater(reason)
