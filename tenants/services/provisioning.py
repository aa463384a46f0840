"""Bringing a school's row, host, keysets and schema into being; safe to stop and run again."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from core import keyring
from core.identifiers import uuid7
from core.tenancy import in_control_plane
from tenants.models import Domain, Establishment, School
from tenants.schema_state import newest
from tenants.services import blueprints, fleet, pool
from tenants.services.walls import owner_at
from tenants.slugs import likeness
from tenants.terms import RESERVED_SLUGS, MisSource, Plan, SchoolState


def check_request(*, slug: str, name: str, urn: str, admin_email: str) -> None:
    """Check what was asked for before anything is made.

    Raises:
        ValidationError: By field, each with what to do about it.
    """
    errors: dict[str, str] = {}
    school = School(slug=slug, name=name, urn=urn, text_keyset=b"-", files_keyset=b"-")
    try:
        school.clean_fields(exclude=["schema_name"])
    except ValidationError as error:
        errors.update({field: said[0] for field, said in error.message_dict.items()})
    if likeness(slug) in {likeness(one) for one in RESERVED_SLUGS}:
        errors["slug"] = f"“{slug}” is, or looks like, a name of the platform. Choose another."
    if len(slug) < 3 or len(slug) > 40:
        errors["slug"] = "Use 3 to 40 characters."
    try:
        validate_email(admin_email)
    except ValidationError:
        errors["admin_email"] = "Give the administrator's full email address."
    if not name.strip() or re.search(r"[\x00-\x1f\x7f]", name):
        errors["name"] = "Give the school's name."
    with in_control_plane():
        for other in School.objects.filter(likeness=likeness(slug)).exclude(urn=urn):
            is_same = "is taken by" if other.slug == slug else f"looks like “{other.slug}” of"
            errors["slug"] = f"“{slug}” {is_same} another school. Choose another."
        if School.objects.filter(urn=urn).exclude(slug=slug).exists():
            errors["urn"] = "A school with this URN is here already, under another slug."
    if errors:
        raise ValidationError(errors)


def register_school(
    *,
    slug: str,
    name: str,
    urn: str,
    plan: Plan = Plan.STANDARD,
    mis_source: MisSource = MisSource.NONE,
) -> School:
    """Make the school's row, host and keysets, or return those of an earlier, unfinished run.

    A schema of the pool is claimed where one is ready. What the DfE's register says of the school
    is taken down with it.
    """
    with in_control_plane(), transaction.atomic():
        school = School.objects.filter(slug=slug, urn=urn).first()
        if school is None:
            school = School(slug=slug, name=name.strip(), urn=urn, plan=plan, mis_source=mis_source)
            if known := Establishment.objects.filter(urn=urn).first():
                school.phase, school.local_authority = known.phase, known.local_authority
                school.trust, school.address = known.trust, known.address
            school.take(keyring.new_keysets(school.ref))
            if ready := pool.take_one():
                school.schema_name, school.migrated_to = ready, newest()
            school.save()
        Domain.objects.get_or_create(
            tenant=school, defaults={"domain": school.host, "is_primary": True}
        )
    return school


def build_schema(school: School) -> None:
    """Make the school's schema and role where they are missing, or bring them up to date.

    Raises:
        ImproperlyConfigured: This process is not the owner's, and the schema was not ready.
        MigrationFailed: The schema is there and could not be brought up to date.
    """
    if school.migrated_to == newest():
        return
    with owner_at():
        if school.schema_name in fleet.applied_by_schema([school.schema_name]):
            fleet.migrate_school(school, run=uuid7())
        else:
            blueprints.make_schema(school.schema_name, blueprints.scripts().values())
            fleet.note_state(school)


def open_school(school: School) -> None:
    """Let the school's host answer."""
    with in_control_plane():
        School.objects.filter(pk=school.pk).update(state=SchoolState.OPEN)
    school.state = SchoolState.OPEN
