"""Who is told of what: an event comes in, an email goes out.

Each handler hands the mail over as its last step but one UPDATE: see decision 0005.
"""

from collections.abc import Callable
from uuid import UUID

from django.core.mail import EmailMessage

from core.accounts.events import (
    KeyReset,
    KeyResetAtFace,
    PasswordLinkRequested,
    PasswordLinkRequestedAtFace,
)
from core.accounts.selectors import key_reset_notice
from core.accounts.services.password_links import new_password_link
from core.faces import face_with
from core.outbox.registry import handles
from core.outbox.runs import kept_for_run
from core.tenancy import at_face
from notifications.channels.email import letters
from notifications.channels.email.post import Post
from safeguarding.events import AlertRaised, IncidentAssigned
from safeguarding.services import deliveries
from schools.events import EmailChanged, StaffInvited
from schools.selectors import name_of_account
from schools.services.invitations import email_notice, invitation
from support.events import (
    AccessGranted,
    AccessRequested,
    CallTaken,
    OfficialAsked,
    OfficialCompleted,
    OfficialDeclined,
    OfficialLapsed,
    OfficialSent,
    ReplyReceived,
    TicketCompleted,
    TicketReceived,
)
from support.official import Step
from support.selectors.access import access_notice
from support.selectors.notices import TicketNotice, reply_notice, ticket_notice
from support.selectors.official import call_notice, official_notice


def _show_refusal(event: AlertRaised, reason: str) -> None:
    deliveries.note_refusal(event.ref, reason)


@handles(AlertRaised, when_parked=_show_refusal)
def email_alert(event: AlertRaised, outbox_ref: UUID) -> None:
    """Email the person alerted; once, and not after they have left."""
    notice = deliveries.alert_notice(event.ref)
    if notice is None:
        return
    if not notice.is_registered:
        deliveries.note_refusal(event.ref, deliveries.LEFT)
        return
    kept_for_run(Post).send(letters.alert(notice, outbox_ref))
    # Only now: the alert's row must not be locked while the mail server takes its time, for its
    # reader may be marking it as read.
    deliveries.note_emailed(event.ref)


@handles(IncidentAssigned)
def email_assignment(event: IncidentAssigned, outbox_ref: UUID) -> None:
    """Email the key holder whom an incident was assigned to."""
    notice = deliveries.assignment_notice(incident=event.ref, staff=event.staff)
    if notice and notice.is_registered:
        kept_for_run(Post).send(letters.assignment(notice, outbox_ref))


@handles(PasswordLinkRequested)
def email_password_link(event: PasswordLinkRequested, outbox_ref: UUID) -> None:
    """Email the link, if the address is known here; if not, nobody learns of it."""
    _email_link(event.ref, outbox_ref)


@handles(PasswordLinkRequestedAtFace)
def email_password_link_at_face(event: PasswordLinkRequestedAtFace, outbox_ref: UUID) -> None:
    """Email the link to the face where it was asked for, if the address is one of its people's."""
    with at_face(face_with(event.face_ref)):
        _email_link(event.ref, outbox_ref)


def _email_link(request_ref: UUID, outbox_ref: UUID) -> None:
    made = new_password_link(request_ref=request_ref)
    if made is None:
        return
    user, token = made
    path = f"/login/link/{user.ref}/{token}/"
    letter = letters.password_link(
        recipient=user.email, path=path, outbox_ref=outbox_ref, language=user.language
    )
    kept_for_run(Post).send(letter)


@handles(KeyReset)
def email_key_reset(event: KeyReset, outbox_ref: UUID) -> None:
    """Tell somebody that their key was reset, by whom and when; they may not have asked for it."""
    _email_reset(event.ref, outbox_ref)


@handles(KeyResetAtFace)
def email_key_reset_at_face(event: KeyResetAtFace, outbox_ref: UUID) -> None:
    """Tell somebody of the control plane likewise."""
    with at_face(face_with(event.face_ref)):
        _email_reset(event.ref, outbox_ref)


def _email_reset(reset: UUID, outbox_ref: UUID) -> None:
    notice = key_reset_notice(reset)
    if not notice.is_active:
        return
    helper = name_of_account(notice.helper_id) if notice.helper_id is not None else ""
    kept_for_run(Post).send(letters.key_reset(notice, helper=helper, outbox_ref=outbox_ref))


@handles(StaffInvited)
def email_invitation(event: StaffInvited, outbox_ref: UUID) -> None:
    """Tell a new colleague the school's address and how to begin (guide 1.1)."""
    if invited := invitation(event.ref):
        kept_for_run(Post).send(letters.invitation(invited, outbox_ref))


@handles(EmailChanged)
def email_changed_address(event: EmailChanged, outbox_ref: UUID) -> None:
    """Tell the old address that it is no longer somebody's log-in; they may not have asked."""
    notice = email_notice(event.ref)
    kept_for_run(Post).send(letters.changed_address(notice, outbox_ref))


@handles(TicketReceived)
def email_ticket_received(event: TicketReceived, outbox_ref: UUID) -> None:
    """Tell the requester the ticket's number and the promised time."""
    _email_of_ticket(ticket_notice(event.ref), letters.ticket_received, outbox_ref)


@handles(ReplyReceived)
def email_ticket_reply(event: ReplyReceived, outbox_ref: UUID) -> None:
    """Tell the requester that an agent has written."""
    _email_of_ticket(reply_notice(event.ref), letters.ticket_reply, outbox_ref)


@handles(TicketCompleted)
def email_ticket_completed(event: TicketCompleted, outbox_ref: UUID) -> None:
    """Tell the requester that the ticket is completed, unless it was reopened since."""
    notice = ticket_notice(event.ref)
    if notice.reopen_until is not None:
        _email_of_ticket(notice, letters.ticket_completed, outbox_ref)


def _email_of_ticket(
    notice: TicketNotice, write: Callable[[TicketNotice, UUID], EmailMessage], outbox_ref: UUID
) -> None:
    if notice.is_registered:
        kept_for_run(Post).send(write(notice, outbox_ref))


@handles(AccessRequested)
def email_access_request(event: AccessRequested, outbox_ref: UUID) -> None:
    """Tell an administrator that an agent asks to look at the school's site."""
    _email_of_access(event, outbox_ref)


@handles(AccessGranted)
def email_granted_access(event: AccessGranted, outbox_ref: UUID) -> None:
    """Tell an administrator that an agent was let in."""
    _email_of_access(event, outbox_ref)


def _email_of_access(event: AccessRequested | AccessGranted, outbox_ref: UUID) -> None:
    notice = access_notice(event.ref, event.staff)
    if notice.is_registered and notice.is_open:
        kept_for_run(Post).send(letters.support_access(notice, outbox_ref))


@handles(OfficialAsked)
def email_official_asked(event: OfficialAsked, outbox_ref: UUID) -> None:
    """Tell somebody that an official request waits for approval."""
    _email_official(event.ref, event.staff, Step.ASKED, outbox_ref)


@handles(OfficialSent)
def email_official_sent(event: OfficialSent, outbox_ref: UUID) -> None:
    """Tell somebody that an official request goes to the helpdesk."""
    _email_official(event.ref, event.staff, Step.SENT, outbox_ref)


@handles(OfficialDeclined)
def email_official_declined(event: OfficialDeclined, outbox_ref: UUID) -> None:
    """Tell somebody that an official request was declined."""
    _email_official(event.ref, event.staff, Step.DECLINED, outbox_ref)


@handles(OfficialLapsed)
def email_official_lapsed(event: OfficialLapsed, outbox_ref: UUID) -> None:
    """Tell somebody that an official request has lapsed."""
    _email_official(event.ref, event.staff, Step.LAPSED, outbox_ref)


@handles(OfficialCompleted)
def email_official_completed(event: OfficialCompleted, outbox_ref: UUID) -> None:
    """Tell somebody that an official request is completed."""
    _email_official(event.ref, event.staff, Step.COMPLETED, outbox_ref)


def _email_official(ref: UUID, staff: UUID, step: Step, outbox_ref: UUID) -> None:
    notice = official_notice(ref, staff)
    if notice.is_registered:
        kept_for_run(Post).send(letters.official(notice, step, outbox_ref))


@handles(CallTaken)
def email_official_call(event: CallTaken, outbox_ref: UUID) -> None:
    """Send the link with which a telephone call is confirmed, or denied."""
    notice = call_notice(event.ref)
    if notice.is_registered:
        kept_for_run(Post).send(letters.official_call(notice, outbox_ref))
