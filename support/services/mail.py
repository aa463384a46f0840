"""A mail that came in, put on the ticket that its address names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID, uuid4, uuid5

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from core import clock
from core.attachments import services as attachments
from core.attachments.errors import FileRefused
from core.audit import services as audit
from core.languages import speaking
from core.refusals import Refused
from core.tenancy import in_school
from schools.actors import StaffActor
from schools.selectors import reader_of
from support import policies
from support.inbound.reading import Mail, read_mail
from support.mail_parts import Unreadable
from support.reply_address import ReplyToken, is_genuine, token_in
from support.screening import screen, sendable
from support.selectors.tickets import has_answered, number_by_email, ticket_of_mail
from support.services.tickets import NewAnswer, answer_ticket
from support.terms import LONGEST_MESSAGE
from tenants.selectors import school_of

if TYPE_CHECKING:
    from core.attachments.models import Attachment
    from support.inbound.reading import MailFile
    from support.models import Ticket

#: Of one person in an hour: whoever sends more is a program.
MOST_AN_HOUR = 20

log = structlog.get_logger(__name__)


class WhyNotMail(StrEnum):
    """Why a mail is refused."""

    NO_SUCH_ADDRESS = "no_such_address"
    NOT_THE_REQUESTER = "not_the_requester"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    SETTLED = "settled"
    TOO_MANY = "too_many"

    @property
    def sentence(self) -> str:
        """The reason for whoever sent it, in English: nobody knows yet who they are."""
        return _SENTENCES[self]


_SENTENCES = {
    WhyNotMail.NO_SUCH_ADDRESS: "There is no such address here.",
    # The same words as for an address that is none: they tell a stranger nothing.
    WhyNotMail.NOT_THE_REQUESTER: "There is no such address here.",
    WhyNotMail.UNREADABLE: "This email could not be read. Log in and write on your ticket there.",
    WhyNotMail.TOO_LARGE: "This email is too large. Log in and add your files to the ticket there.",
    WhyNotMail.TOO_LONG: f"A message has {LONGEST_MESSAGE} characters at most.",
    WhyNotMail.EMPTY: "This email has neither words nor files.",
    WhyNotMail.SETTLED: "This ticket is closed. Log in and raise a new one.",
    WhyNotMail.TOO_MANY: "Too many emails came from you within an hour. Log in and write there.",
}


class MailRefused(Exception):
    """A mail is not taken."""

    def __init__(self, why: WhyNotMail) -> None:
        super().__init__(why.value)
        self.why = why


def take_mail(raw: bytes, *, recipient: str = "", envelope_sender: str | None = None) -> bool:
    """Put a mail on the ticket that its address names, as its requester's answer.

    Args:
        raw: As it came.
        recipient: Of the envelope; empty where the mail server does not say.
        envelope_sender: Likewise; None where it does not say.

    Returns:
        Whether it is on the ticket; automatic mail is dropped, since refusing it would answer it.

    Raises:
        MailRefused: It is not taken; ``.why`` says why.
        StorageUnavailable: Files or keys are out of reach: try again.
    """
    if len(raw) > settings.INBOUND_MAIL_MAX_BYTES:
        raise MailRefused(WhyNotMail.TOO_LARGE)
    try:
        mail = read_mail(raw, recipient=recipient, envelope_sender=envelope_sender)
    except Unreadable:
        raise MailRefused(WhyNotMail.UNREADABLE) from None
    if mail.automatic:
        log.info("mail_dropped", why=mail.automatic)
        return False
    token = next((found for one in mail.recipients if (found := token_in(one))), None)
    school = school_of(token.school_ref) if token else None
    if token is None or school is None or not school.is_open:
        raise MailRefused(WhyNotMail.NO_SUCH_ADDRESS)
    with in_school(school):
        _take(mail, token)
    return True


def _take(mail: Mail, token: ReplyToken) -> None:
    ticket = ticket_of_mail(token.ticket_id)
    if ticket is None or not is_genuine(
        token, ticket_ref=ticket.ref, requester_ref=ticket.author.ref
    ):
        raise MailRefused(WhyNotMail.NO_SUCH_ADDRESS)
    actor = _requester(ticket)
    submission = uuid5(ticket.ref, mail.identity)
    if has_answered(actor.reader, submission):
        return
    if why := _why_not(mail, ticket, actor):
        _note_refusal(ticket, why)
        raise MailRefused(why)
    try:
        answer_ticket(actor=actor, ref=ticket.ref, new=_answer(mail, ticket, actor, submission))
    except Refused:  # it was settled just now
        raise MailRefused(WhyNotMail.SETTLED) from None


def _why_not(mail: Mail, ticket: Ticket, actor: StaffActor) -> WhyNotMail | None:
    author, now = ticket.author, clock.now()
    is_here = author.is_active and author.user.is_active
    if not is_here or mail.sender != author.user.email.lower():
        return WhyNotMail.NOT_THE_REQUESTER
    facts = ticket.facts()
    if policies.why_not_answer(actor.reader, facts) and policies.why_not_reopen(
        actor.reader, facts, now
    ):
        return WhyNotMail.SETTLED
    if not mail.text and not mail.files:
        return WhyNotMail.EMPTY
    if len(mail.text) > LONGEST_MESSAGE:
        return WhyNotMail.TOO_LONG
    if number_by_email(author.pk, now - timedelta(hours=1)) >= MOST_AN_HOUR:
        return WhyNotMail.TOO_MANY
    return None


def _answer(mail: Mail, ticket: Ticket, actor: StaffActor, submission: UUID) -> NewAnswer:
    files, refused = _sealed(mail.files, actor)
    with speaking(ticket.author.user.language):
        text = mail.text or gettext("Files, without words.")
    screened = screen({"text": text}, files)
    return NewAnswer(
        submission=submission,
        handing=lambda letters: sendable(screened, letters=letters),
        students=screened.students.values(),
        by_email=True,
        left_out=refused + len(screened.telling_files),
    )


def _sealed(files: tuple[MailFile, ...], actor: StaffActor) -> tuple[list[Attachment], int]:
    """Return the files that may come in, sealed, and how many may not."""
    taken: list[Attachment] = []
    for file in files[: attachments.MOST_AT_ONCE]:
        try:
            taken.append(attachments.seal(actor=actor, filename=file.name, chunks=[file.content]))
        except FileRefused:
            continue
    return taken, len(files) - len(taken)


def _requester(ticket: Ticket) -> StaffActor:
    """Return the requester with what a mail lets them do: write on their own ticket, no more.

    A mail shows no key, so nothing that an access group opens is open to it.
    """
    author = ticket.author
    reader = reader_of(author, has_shown_key=False)
    return StaffActor(
        user_id=author.user_id,
        request_id=uuid4().hex,
        reader=replace(reader, has_key_access=False, is_administrator=False),
        staff_ref=author.ref,
    )


@transaction.atomic(durable=True)
def _note_refusal(ticket: Ticket, why: WhyNotMail) -> None:
    from_mail = StaffActor(request_id=uuid4().hex)
    audit.record(from_mail, "ticket.mail_refused", ticket, why=why.value)
