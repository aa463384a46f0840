"""Inviting staff, several at once or again, and correcting who they are (guide 1.1).

An invitation carries the school's address and no link that sets a password: one would expire at
midnight, before the person has read it. They ask for it themselves when they are ready.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from core import clock
from core.accounts.models import User
from core.accounts.services.sessions import end_sessions
from core.actors import Actor
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from core.tenancy import current_school
from schools import policies
from schools.actors import StaffActor
from schools.events import EmailChanged, StaffInvited
from schools.models import AccessGroup, EmailChange, Staff
from schools.services.guards import must_administer, refusing_duplicates
from schools.terms import Refusal


@dataclass(frozen=True, kw_only=True, repr=False)
class NewColleague:
    """Somebody to be added; tidied by the form."""

    given_name: str
    family_name: str
    email: str


@refusing_duplicates(Refusal.EMAIL_TAKEN)
@transaction.atomic(durable=True)
def invite_several(
    *, actor: StaffActor, people: Sequence[NewColleague], access_group: UUID
) -> list[Staff]:
    """Add staff and send each an invitation: all of them, or nobody.

    Raises:
        AccessGroup.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school, or an address is in use.
    """
    must_administer(actor)
    group = AccessGroup.objects.get(ref=access_group)
    return [add_and_invite(actor, one, group) for one in people]


def add_and_invite(actor: Actor, person: NewColleague, group: AccessGroup) -> Staff:
    """Add a member of staff and send the invitation, in the caller's transaction."""
    staff = Staff.objects.create(
        user=User.objects.create_user(email=person.email),
        given_name=person.given_name,
        family_name=person.family_name,
        access_group=group,
        invited_at=clock.now(),
    )
    audit.record(actor, "staff.added", staff, access_group=group.ref)
    outbox.append(StaffInvited(ref=staff.ref))
    return staff


@transaction.atomic(durable=True)
def invite_again(*, actor: StaffActor, ref: UUID) -> Staff:
    """Send somebody who has no password yet the invitation again.

    Raises:
        Staff.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school, or they need no invitation.
    """
    must_administer(actor)
    staff = _locked(ref)
    if why := policies.why_not_invite(
        is_active=staff.is_active, has_password=staff.user.has_usable_password()
    ):
        raise Refused(why)
    staff.invited_at = clock.now()
    staff.save(update_fields=["invited_at"])
    audit.record(actor, "staff.invited", staff)
    outbox.append(StaffInvited(ref=staff.ref))
    return staff


@refusing_duplicates(Refusal.EMAIL_TAKEN)
@transaction.atomic(durable=True)
def change_details(
    *, actor: StaffActor, ref: UUID, given_name: str, family_name: str, email: str
) -> Staff:
    """Correct a colleague's name or email address.

    A changed address ends their sessions and password links, and the old address is told.

    Args:
        actor: Who corrects it.
        ref: Of the colleague.
        given_name: 1 to 100 characters, tidied by the form.
        family_name: 1 to 100 characters, tidied by the form.
        email: In small letters.

    Raises:
        Staff.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school, it is their own, it comes from the MIS,
            or the address is in use.
    """
    staff = _locked(ref)
    if why := policies.why_not_change_details(
        actor.reader, staff_id=staff.pk, is_from_mis=bool(staff.sourced_id)
    ):
        raise Refused(why)
    if (staff.given_name, staff.family_name) != (given_name, family_name):
        staff.given_name, staff.family_name = given_name, family_name
        staff.save(update_fields=["given_name", "family_name"])
        audit.record(actor, "staff.renamed", staff)
    if staff.user.email != email:
        _change_email(actor, staff, email)
    return staff


def _change_email(actor: StaffActor, staff: Staff, email: str) -> None:
    change = EmailChange.objects.create(staff=staff, was=staff.user.email, by_id=actor.staff_id)
    staff.user.email = email
    staff.user.save(update_fields=["email"])
    ended = end_sessions(staff.user)
    audit.record(actor, "staff.email_changed", staff, sessions_ended=ended)
    outbox.append(EmailChanged(ref=change.ref))


def _locked(ref: UUID) -> Staff:
    rows = Staff.objects.select_for_update(no_key=True, of=("self", "user"))
    return rows.select_related("user").get(ref=ref)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """What an invitation says, and to whom."""

    recipient: str
    name: str
    link: str


def invitation(ref: UUID) -> Invitation | None:
    """Return what to write to somebody who was invited; None if they have left again."""
    staff = Staff.objects.registered().select_related("user").filter(ref=ref).first()
    if staff is None:
        return None
    link = f"{current_school().url}/login/"
    return Invitation(recipient=staff.user.email, name=staff.given_name, link=link)


@dataclass(frozen=True, kw_only=True)
class EmailNotice:
    """What the old address is told when it is no longer somebody's log-in."""

    recipient: str
    by: str


def email_notice(ref: UUID) -> EmailNotice:
    """Return what to write to the old address of somebody whose address was changed."""
    change = EmailChange.objects.select_related("by").get(ref=ref)
    return EmailNotice(recipient=change.was, by=change.by.display_name)
