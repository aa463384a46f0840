"""The outside bodies that staff name on incidents and actions (guide, “Agency Involved”)."""

from typing import Any
from uuid import UUID

from django.db import transaction

from core.audit import services as audit
from safeguarding.models import Action, Incident
from schools.actors import StaffActor
from schools.models import Agency
from schools.services.guards import must_administer, refusing_duplicates
from schools.terms import Refusal


@refusing_duplicates(Refusal.AGENCY_NAME_TAKEN)
@transaction.atomic(durable=True)
def add_agency(*, actor: StaffActor, name: str) -> Agency:
    """Add an agency to those that forms suggest.

    Raises:
        Refused: ``actor`` does not administer the school, or the name is taken.
    """
    must_administer(actor)
    agency = Agency.objects.create(name=name)
    audit.record(actor, "agency.added", agency)
    return agency


@refusing_duplicates(Refusal.AGENCY_NAME_TAKEN)
@transaction.atomic(durable=True)
def rename_agency(*, actor: StaffActor, ref: UUID, name: str) -> Agency:
    """Correct an agency's name, also where it was used before.

    Raises:
        Agency.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school, or the name is another agency's.
    """
    must_administer(actor)
    agency = _locked(ref)
    if agency.name != name:
        agency.name = name
        agency.save(update_fields=["name"])
        audit.record(actor, "agency.renamed", agency)
    return agency


@transaction.atomic(durable=True)
def merge_agency(*, actor: StaffActor, ref: UUID, into: UUID) -> Agency:
    """Let another agency take an agency's place wherever it was named; the first is retired.

    Args:
        actor: Who does it.
        ref: The agency whose place is taken.
        into: The one that stays.

    Returns:
        The one that stays.

    Raises:
        Agency.DoesNotExist: One of the two is absent.
        Refused: ``actor`` does not administer the school.
    """
    must_administer(actor)
    gone, kept = _locked(ref), _locked(into)
    if gone == kept:
        return kept
    moved = _move(Incident.agencies.through, "incident_id", gone, kept)
    moved += _move(Action.agencies.through, "action_id", gone, kept)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    audit.record(actor, "agency.merged", gone, kept=kept.ref, uses=moved)
    return kept


@transaction.atomic(durable=True)
def retire_agency(*, actor: StaffActor, ref: UUID) -> Agency:
    """Stop suggesting an agency; where it was named it stays.

    Raises:
        Agency.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school.
    """
    return _suggest(actor, ref, "agency.retired", is_active=False)


@transaction.atomic(durable=True)
def bring_back_agency(*, actor: StaffActor, ref: UUID) -> Agency:
    """Suggest a retired agency again; raises as ``retire_agency``."""
    return _suggest(actor, ref, "agency.brought_back", is_active=True)


def _suggest(actor: StaffActor, ref: UUID, verb: str, *, is_active: bool) -> Agency:
    must_administer(actor)
    agency = _locked(ref)
    if agency.is_active != is_active:
        agency.is_active = is_active
        agency.save(update_fields=["is_active"])
        audit.record(actor, verb, agency)
    return agency


def _move(through: Any, owner: str, gone: Agency, kept: Agency) -> int:
    """Change who is named in one table; where both are named, one naming goes."""
    both = through.objects.filter(agency=kept).values(owner)
    through.objects.filter(agency=gone, **{f"{owner}__in": both}).delete()
    moved: int = through.objects.filter(agency=gone).update(agency=kept)
    return moved


def _locked(ref: UUID) -> Agency:
    return Agency.objects.select_for_update(no_key=True).get(ref=ref)
