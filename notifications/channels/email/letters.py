"""The emails: plain text with the same words as simple HTML, from templates."""

from dataclasses import replace
from email.utils import formataddr, parseaddr
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext

from core import clock
from core.accounts.selectors import KeyResetNotice
from core.languages import speaking
from core.tenancy import current_place, current_zone
from safeguarding.services.deliveries import Notice
from schools.services.invitations import EmailNotice, Invitation
from support.official import Step
from support.selectors.access import AccessNotice
from support.selectors.notices import TicketNotice
from support.selectors.official import OfficialNotice
from ui.marks import gettext_noop

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
    with speaking(notice.language):
        notice = _with_creator(notice)
        subject = gettext("Alert from %(creator)s: %(categories)s") % _named(notice)
        return _letter("alert", notice.recipient, subject, outbox_ref, notice=notice)


def assignment(notice: Notice, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody whom an incident was assigned to (guide, section 4, “Assign to”)."""
    with speaking(notice.language):
        notice = _with_creator(notice)
        subject = gettext("An incident is assigned to you: %(categories)s") % _named(notice)
        return _letter("assignment", notice.recipient, subject, outbox_ref, notice=notice)


def _with_creator(notice: Notice) -> Notice:
    return replace(notice, creator=notice.creator or gettext("A colleague"))


def _named(notice: Notice) -> dict[str, str]:
    return {"creator": notice.creator, "categories": ", ".join(notice.categories)}


def password_link(
    *, recipient: str, path: str, outbox_ref: UUID, language: str = ""
) -> EmailMessage:
    """Write to somebody who asked for the link that sets a password (guide 1.1).

    Args:
        recipient: Email address.
        path: Of the page, with the token.
        outbox_ref: Reference of the outbox row.
        language: The recipient's, empty where they chose none.
    """
    place = current_place()
    with speaking(language):
        return _letter(
            "password_link",
            recipient,
            gettext("Your password for %(place)s") % {"place": place.name},
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
    place = current_place()
    with timezone.override(current_zone()), speaking(notice.language):
        return _letter(
            "key_reset",
            notice.recipient,
            gettext("Your key for %(place)s was reset") % {"place": place.name},
            outbox_ref,
            helper=helper or gettext("the people who run this platform"),
            notice=notice,
            link=f"{place.url}/login/",
        )


def invitation(invited: Invitation, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody who was added, or is invited again (guide 1.1); sets no password."""
    subject = f"Your account at {current_place().name}"
    return _letter("invitation", invited.recipient, subject, outbox_ref, invited=invited)


def changed_address(notice: EmailNotice, outbox_ref: UUID) -> EmailMessage:
    """Write to the old address of somebody whose address an administrator changed."""
    subject = f"Your email address at {current_place().name} was changed"
    return _letter("changed_address", notice.recipient, subject, outbox_ref, notice=notice)


def ticket_received(notice: TicketNotice, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody whose ticket the helpdesk has: its number and the promised time."""
    with timezone.override(current_zone()), speaking(notice.language):
        subject = gettext("Ticket %(number)s: the helpdesk has it") % {"number": notice.number}
        return _of_ticket("ticket_received", notice, subject, outbox_ref)


def ticket_reply(notice: TicketNotice, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody to whom an agent of the helpdesk has written; says nothing of what."""
    with timezone.override(current_zone()), speaking(notice.language):
        subject = gettext("Ticket %(number)s: the helpdesk has written to you")
        subject %= {"number": notice.number}
        return _of_ticket("ticket_reply", notice, subject, outbox_ref)


def ticket_completed(notice: TicketNotice, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody whose ticket is completed: how long it can be reopened."""
    with timezone.override(current_zone()), speaking(notice.language):
        subject = gettext("Ticket %(number)s is completed") % {"number": notice.number}
        return _of_ticket("ticket_completed", notice, subject, outbox_ref)


def _of_ticket(name: str, notice: TicketNotice, subject: str, outbox_ref: UUID) -> EmailMessage:
    """Write of a ticket: mail programs put its letters into one thread, and answers find it."""
    letter = _letter(name, notice.recipient, subject, outbox_ref, notice=notice)
    if notice.reply_to:
        letter.reply_to = [notice.reply_to]
    if notice.thread:
        letter.extra_headers |= {"In-Reply-To": notice.thread, "References": notice.thread}
    return letter


def support_access(notice: AccessNotice, outbox_ref: UUID) -> EmailMessage:
    """Write to an administrator: an agent asks to look at the site, or was let in."""
    with timezone.override(current_zone()), speaking(notice.language):
        if notice.ends_at is None:
            subject = gettext("Ticket %(number)s: the helpdesk asks to look at your site")
        else:
            subject = gettext("Ticket %(number)s: the helpdesk may look at your site")
        subject %= {"number": notice.number}
        return _letter("support_access", notice.recipient, subject, outbox_ref, notice=notice)


_OFFICIAL = {
    Step.ASKED: gettext_noop("Official request: %(kind)s, waiting for approval"),
    Step.SENT: gettext_noop("Official request: %(kind)s, with the helpdesk"),
    Step.DECLINED: gettext_noop("Official request: %(kind)s, declined"),
    Step.LAPSED: gettext_noop("Official request: %(kind)s, lapsed"),
    Step.COMPLETED: gettext_noop("Official request: %(kind)s, completed"),
}


def official(notice: OfficialNotice, step: Step, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody who asked officially, or who approves: how it stands, not what was asked."""
    with timezone.override(current_zone()), speaking(notice.language):
        kind = gettext(notice.kind)
        subject = gettext(_OFFICIAL[step]) % {"kind": kind}
        facts = {"notice": notice, "step": step.value, "kind": kind}
        return _letter("official", notice.recipient, subject, outbox_ref, **facts)


def official_call(notice: OfficialNotice, outbox_ref: UUID) -> EmailMessage:
    """Write to somebody in whose name the helpdesk was telephoned: where they confirm or deny it."""
    with timezone.override(current_zone()), speaking(notice.language):
        subject = gettext(
            "Did you telephone the helpdesk? Please confirm it, or say it was not you"
        )
        return _letter("official_call", notice.recipient, subject, outbox_ref, notice=notice)


def _letter(
    name: str, recipient: str, subject: str, outbox_ref: UUID, **facts: Any
) -> EmailMessage:
    place = current_place()
    subject = _one_line(subject)
    facts |= {"subject": subject, "place": place}
    text, html = (
        render_to_string(f"notifications/email/{name}.{kind}", facts).strip() + "\n"
        for kind in ("txt", "html")
    )
    letter = EmailMultiAlternatives(
        subject=subject,
        body=text,
        from_email=_sender(place.name),
        to=[recipient],
        # The same at every attempt, so that a mail server can tell a copy from a second mail.
        headers={
            **_HEADERS,
            "Content-Language": get_language() or "",
            "Message-ID": f"<{outbox_ref}@{settings.BASE_DOMAIN}>",
        },
    )
    letter.attach_alternative(html, "text/html")
    return letter


def _sender(place: str) -> str:
    """Return the platform's own address under the school's name: “Greenwood via Safeguarding”.

    The address stays the platform's, so that what receives it can prove where it comes from.
    """
    platform, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = _one_line(place)
    if platform and not name.startswith(platform):
        name = gettext("%(school)s via %(platform)s") % {"school": name, "platform": platform}
    return formataddr((name, address))


def _one_line(text: str) -> str:
    """Return ``text`` without line ends and characters that are not shown: it goes in a header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
