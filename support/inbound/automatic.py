"""Mail that nobody wrote: out-of-office answers, lists, bounces, our own letters (RFC 3834)."""

import re
from email.message import Message
from email.utils import parseaddr

from django.conf import settings

_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
#: Whoever sends these headers is a program.
_TOLD_BY = (
    ("X-Auto-Response-Suppress", "suppresses_answers"),
    ("X-Autoreply", "says_so"),
    ("X-Autorespond", "says_so"),
    ("List-Id", "list"),
    ("List-Unsubscribe", "list"),
)


def why_automatic(message: Message, *, envelope_sender: str | None) -> str:
    """Return by what a mail is known to be automatic, as a code; empty for a person's.

    Args:
        message: The mail.
        envelope_sender: As the mail server got it; None where it does not say.
    """
    said = _said(message, "Auto-Submitted").partition(";")[0].strip()
    if said and said != "no":
        return "auto_submitted"
    if _said(message, "Precedence") in _BULK:
        return "precedence"
    for name, code in _TOLD_BY:
        if message.get(name) is not None:
            return code
    sender = envelope_sender if envelope_sender is not None else message.get("Return-Path")
    if sender is not None and str(sender).strip() in {"", "<>"}:
        return "null_sender"
    if message.get_content_type() == "multipart/report":
        return "report"
    own = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()
    if parseaddr(_said(message, "From"))[1] == own:
        return "own"
    if re.fullmatch(
        rf"<[0-9a-f-]{{36}}@{re.escape(settings.BASE_DOMAIN)}>", _said(message, "Message-ID")
    ):
        return "own"
    return ""


def _said(message: Message, name: str) -> str:
    return str(message.get(name, "")).strip().lower()
