"""The emails: plain text with the same words as simple HTML, from templates."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from core import clock
from core.accounts.selectors import KeyResetNotice
from core.tenancy import current_place, current_zone
from safeguarding.services.deliveries import Notice
from schools.services.invitations import EmailNotice, Invitation

_HEADERS = {
    # No out-of-office answers to an address that nobody reads.
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "OOF, AutoReply",
}


def alert(notice: Notice, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody who was alerted (guide, section 2).

    Args:
        notice: What it may say.
        outbox_ref: Reference of the outbox row.
    """
    subject = f"Alert from {notice.creator}: {', '.join(notice.categories)}"
    return _letter("alert", notice.recipient, subject, outbox_ref, notice=notice)


def assignment(notice: Notice, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody whom an incident was assigned to (guide, section 4, “Assign to”)."""
    subject = f"An incident is assigned to you: {', '.join(notice.categories)}"
    return _letter("assignment", notice.recipient, subject, outbox_ref, notice=notice)


def password_link(*, recipient: str, path: str, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody who asked for the link that sets a password (guide 1.1).

    Args:
        recipient: Email address.
        path: Of the page, with the token.
        outbox_ref: Reference of the outbox row.
    """
    place = current_place()
    return _letter(
        "password_link",
        recipient,
        f"Your password for {place.name}",
        outbox_ref,
        link=f"{place.url}{path}",
        today=clock.local_today(current_zone()),
    )


def key_reset(notice: KeyResetNotice, *, helper: str, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody whose key was reset.

    Args:
        notice: What it may say.
        helper: Name of the colleague who did it; empty for the people who run the platform.
        outbox_ref: Reference of the outbox row.
    """
    school = current_place()
    with timezone.override(current_zone()):
        return _letter(
            "key_reset",
            notice.recipient,
            f"Your key for {school.name} was reset",
            outbox_ref,
            helper=helper or "the people who run this platform",
            notice=notice,
            link=f"{school.url}/login/",
        )


def invitation(invited: Invitation, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody who was added, or is invited again (guide 1.1); sets no password."""
    subject = f"Your account at {current_place().name}"
    return _letter("invitation", invited.recipient, subject, outbox_ref, invited=invited)


def changed_address(notice: EmailNotice, outbox_ref: UUID) -> EmailMessage:
    """Write to the old address of somebody whose address an administrator changed."""
    subject = f"Your email address at {current_place().name} was changed"
    return _letter("changed_address", notice.recipient, subject, outbox_ref, notice=notice)


def _letter(
    name: str, recipient: str, subject: str, outbox_ref: UUID, **facts: Any
) -> EmailMessage:
    subject = _one_line(subject)
    facts |= {"subject": subject, "place": current_place()}
    text, html = (
        render_to_string(f"notifications/email/{name}.{kind}", facts).strip() + "\n"
        for kind in ("txt", "html")
    )
    letter = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[recipient],
        # The same at every attempt, so that a mail server can tell a copy from a second mail.
        headers={**_HEADERS, "Message-ID": f"<{outbox_ref}@{settings.BASE_DOMAIN}>"},
    )
    letter.attach_alternative(html, "text/html")
    return letter


def _one_line(text: str) -> str:
    """Return ``text`` without line ends and characters that are not shown: it goes in a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
