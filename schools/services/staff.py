"""Who works here, and what they may do (acceptance, three kinds of staff)."""

from uuid import UUID

from django.db import transaction

from core.accounts.services.sessions import end_sessions
from core.actors import Actor
from core.audit import services as audit
from core.refusals import Refused
from schools import policies, selectors
from schools.actors import StaffActor
from schools.models import AccessGroup, Staff
from schools.services.guards import must_administer, refusing_duplicates
from schools.services.invitations import NewColleague, add_and_invite
from schools.terms import Refusal


@refusing_duplicates(Refusal.EMAIL_TAKEN)
@transaction.atomic(durable=True)
def add_staff(
    *, actor: StaffActor, given_name: str, family_name: str, email: str, access_group: UUID
) -> Staff:
    """Add and invite somebody, who sets a password through the first-time link (guide 1.1).

    Args:
        actor: Who adds them.
        given_name: 1 to 100 characters, tidied by the form.
        family_name: 1 to 100 characters, tidied by the form.
        email: Where the link will go; they log in with it.
        access_group: Reference of what they may do.

    Raises:
        AccessGroup.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school, or the address is in use.
    """
    must_administer(actor)
    group = AccessGroup.objects.get(ref=access_group)
    person = NewColleague(given_name=given_name, family_name=family_name, email=email)
    return add_and_invite(actor, person, group)


@transaction.atomic(durable=True)
def change_access(*, actor: StaffActor, ref: UUID, access_group: UUID) -> Staff:
    """Put a colleague in another access group; it holds from their next request.

    Raises:
        Staff.DoesNotExist: Absent.
        AccessGroup.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school, or this is ``actor``'s own access, or
            nobody would administer the school any more.
    """
    staff, group = _in_turn(ref), AccessGroup.objects.get(ref=access_group)
    facts = selectors.staff_facts(staff)
    if why := policies.why_not_change_access(actor.reader, facts):
        raise Refused(why)
    return _move(actor, staff, facts, group)


@transaction.atomic(durable=True)
def give_access(*, actor: Actor, ref: UUID, access_group: UUID) -> Staff:
    """Put a member of staff in an access group on behalf of ops, who answer for it themselves.

    Raises:
        Staff.DoesNotExist: Absent.
        AccessGroup.DoesNotExist: Absent.
        Refused: Nobody would administer the school any more.
    """
    staff, group = _in_turn(ref), AccessGroup.objects.get(ref=access_group)
    return _move(actor, staff, selectors.staff_facts(staff), group)


@transaction.atomic(durable=True)
def deactivate_staff(*, actor: StaffActor, ref: UUID) -> Staff:
    """End a colleague's access at once: sessions, password and password links.

    What they wrote and were told stays on the record.

    Raises:
        Staff.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school, or this is ``actor``, or nobody would
            administer the school any more.
    """
    staff = _in_turn(ref)
    if why := policies.why_not_deactivate(actor.reader, selectors.staff_facts(staff)):
        raise Refused(why)
    return _switch(actor, staff, "staff.deactivated", is_active=False)


@transaction.atomic(durable=True)
def reactivate_staff(*, actor: StaffActor, ref: UUID) -> Staff:
    """Let somebody back in, who sets a new password through the first-time link.

    Raises:
        Staff.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school.
    """
    staff = _in_turn(ref)
    if why := policies.why_not_change_access(actor.reader, selectors.staff_facts(staff)):
        raise Refused(why)
    return _switch(actor, staff, "staff.reactivated", is_active=True)


def _in_turn(ref: UUID) -> Staff:
    # Changes of access wait for each other, and for an import, which locks the same row: who is
    # the last administrator must still be so when the change is written.
    AccessGroup.objects.select_for_update(no_key=True).get(is_default=True)
    rows = Staff.objects.select_for_update(no_key=True, of=("self", "user"))
    return rows.select_related("user", "access_group").get(ref=ref)


def _move(actor: Actor, staff: Staff, facts: policies.StaffFacts, group: AccessGroup) -> Staff:
    if why := policies.why_not_move(facts, to_administrators=group.administers):
        raise Refused(why)
    was = staff.access_group
    if was == group:
        return staff
    staff.access_group = group
    staff.save(update_fields=["access_group"])
    audit.record(actor, "staff.access_changed", staff, access_group=group.ref, was=was.ref)
    return staff


def _switch(actor: StaffActor, staff: Staff, verb: str, *, is_active: bool) -> Staff:
    if (staff.is_active, staff.user.is_active) == (is_active, is_active):
        return staff
    staff.is_active = staff.user.is_active = is_active
    # Sessions and password links are bound to the password: with it they end, and do not come
    # back to life when the person does.
    staff.user.set_unusable_password()
    staff.user.save(update_fields=["is_active", "password"])
    staff.save(update_fields=["is_active"])
    end_sessions(staff.user)
    audit.record(actor, verb, staff)
    return staff
