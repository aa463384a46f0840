"""Bringing a school's row, host, keysets and schema into being; safe to stop and run again."""

import re

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_email
from django.db import transaction
from django_tenants.utils import quote_schema_name

from core import keyring
from core.tenancy import in_control_plane
from tenants.models import Domain, School
from tenants.services.walls import owner_connection
from tenants.terms import RESERVED_SLUGS, SchoolState


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
    if slug in RESERVED_SLUGS:
        errors["slug"] = f"“{slug}” is reserved for the platform. Choose another."
    if len(slug) < 3 or len(slug) > 40:
        errors["slug"] = "Use 3 to 40 characters."
    try:
        validate_email(admin_email)
    except ValidationError:
        errors["admin_email"] = "Give the administrator's full email address."
    if not name.strip() or re.search(r"[\x00-\x1f\x7f]", name):
        errors["name"] = "Give the school's name."
    with in_control_plane():
        for other in School.objects.filter(slug=slug).exclude(urn=urn):
            errors["slug"] = f"“{other.slug}” is taken by another school. Choose another."
        if School.objects.filter(urn=urn).exclude(slug=slug).exists():
            errors["urn"] = "A school with this URN is here already, under another slug."
    if errors:
        raise ValidationError(errors)


def register_school(*, slug: str, name: str, urn: str) -> School:
    """Make the school's row, host and keysets, or return those of an earlier, unfinished run."""
    with in_control_plane(), transaction.atomic():
        school = School.objects.filter(slug=slug, urn=urn).first()
        if school is None:
            school = School(slug=slug, name=name.strip(), urn=urn)
            school.take(keyring.new_keysets(school.ref))
            school.save()
        Domain.objects.get_or_create(
            tenant=school, defaults={"domain": school.host, "is_primary": True}
        )
    return school


def build_schema(school: School) -> None:
    """Create the school's schema and role where they are missing; migrate to the current state.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
    """
    with owner_connection() as owner, owner.cursor() as cursor:
        name = quote_schema_name(school.schema_name)
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {name}")
    call_command(
        "migrate_schemas",
        tenant=True,
        schema_name=school.schema_name,
        interactive=False,
        verbosity=0,
    )


def open_school(school: School) -> None:
    """Let the school's host answer."""
    with in_control_plane():
        School.objects.filter(pk=school.pk).update(state=SchoolState.OPEN)
    school.state = SchoolState.OPEN
