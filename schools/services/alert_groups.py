"""Staff who are alerted together (guide, section 4, “Alert Staff Members”)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from core.audit import services as audit
from schools.actors import StaffActor
from schools.models import AlertGroup, Staff
from schools.services.guards import must_administer, refusing_duplicates
from schools.terms import Refusal


@refusing_duplicates(Refusal.ALERT_GROUP_NAME_TAKEN)
@transaction.atomic(durable=True)
def add_alert_group(*, actor: StaffActor, name: str, members: Sequence[Staff]) -> AlertGroup:
    """Add an alert group.

    Args:
        actor: Who adds it.
        name: 1 to 60 characters, tidied by the form.
        members: Registered staff, one or more.

    Raises:
        Refused: ``actor`` does not administer the school, or the name is taken (capitals do not
            tell names apart).
    """
    must_administer(actor)
    group = AlertGroup.objects.create(name=name)
    group.members.set(members)
    audit.record(actor, "alert_group.added", group, members=_refs(members))
    return group


@refusing_duplicates(Refusal.ALERT_GROUP_NAME_TAKEN)
@transaction.atomic(durable=True)
def change_alert_group(
    *, actor: StaffActor, ref: UUID, name: str, members: Sequence[Staff]
) -> AlertGroup:
    """Give an alert group this name and exactly these members; see ``add_alert_group``.

    Raises:
        AlertGroup.DoesNotExist: Absent.
        Refused: As ``add_alert_group``.
    """
    must_administer(actor)
    group = AlertGroup.objects.select_for_update(no_key=True).get(ref=ref)
    group.name = name
    group.save(update_fields=["name"])
    group.members.set(members)
    audit.record(actor, "alert_group.changed", group, members=_refs(members))
    return group


@transaction.atomic(durable=True)
def retire_alert_group(*, actor: StaffActor, ref: UUID) -> AlertGroup:
    """Stop offering an alert group; who was alerted through it stays alerted.

    Raises:
        AlertGroup.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school.
    """
    return _offer(actor, ref, "alert_group.retired", is_active=False)


@transaction.atomic(durable=True)
def bring_back_alert_group(*, actor: StaffActor, ref: UUID) -> AlertGroup:
    """Offer a retired alert group again; raises as ``retire_alert_group``."""
    return _offer(actor, ref, "alert_group.brought_back", is_active=True)


def _offer(actor: StaffActor, ref: UUID, verb: str, *, is_active: bool) -> AlertGroup:
    must_administer(actor)
    group = AlertGroup.objects.select_for_update(no_key=True).get(ref=ref)
    if group.is_active != is_active:
        group.is_active = is_active
        group.save(update_fields=["is_active"])
        audit.record(actor, verb, group)
    return group


def _refs(members: Sequence[Staff]) -> list[UUID]:
    return [member.ref for member in members]
