"""Helping a colleague who has lost their key."""

from uuid import UUID

from django.db import transaction

from core.accounts.services import keys
from core.actors import Actor
from core.refusals import Refused
from schools import policies
from schools.actors import StaffActor
from schools.models import Staff
from schools.selectors.keys import staff_key_facts


@transaction.atomic(durable=True)
def reset_key(*, actor: StaffActor, ref: UUID) -> Staff:
    """Take a colleague's keys away, so that they can set a new one up within 24 hours.

    Args:
        actor: Who has made sure in person who it is, with their own key shown just now.
        ref: Reference of the colleague.

    Raises:
        Staff.DoesNotExist: Absent, or no longer working here.
        Refused: ``actor`` may not, or it is their own key, or there is nothing to reset.
    """
    staff = _locked(ref)
    if why := policies.why_not_reset_key(actor.reader, staff_key_facts(staff)):
        raise Refused(why)
    keys.reset_key(actor=actor, user=staff.user)
    return staff


@transaction.atomic(durable=True)
def reset_key_for_ops(*, actor: Actor, ref: UUID) -> Staff:
    """Do the same on behalf of ops, who answer for it themselves, where no colleague can help.

    Raises:
        Staff.DoesNotExist: Absent, or no longer working here.
        Refused: There is nothing to reset.
    """
    staff = _locked(ref)
    if why := policies.why_nothing_to_reset(staff_key_facts(staff)):
        raise Refused(why)
    keys.reset_key(actor=actor, user=staff.user)
    return staff


def _locked(ref: UUID) -> Staff:
    rows = Staff.objects.registered().select_for_update(no_key=True, of=("self", "user"))
    return rows.select_related("user").get(ref=ref)
