"""Bringing a school on, in one go that can be stopped at any point and run again."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from core.tenancy import in_control_plane, in_school
from schools.services.furnishing import furnish_school
from tenants.models import School
from tenants.services import provisioning


def onboard_school(
    *, slug: str, name: str, urn: str, admin_email: str, admin_name: tuple[str, str] = ("", "")
) -> School:
    """Make a school ready for its first administrator.

    Each step looks at what an earlier, interrupted run left and does the rest; until the last
    one the school's host answers 404.

    Args:
        slug: First label of its host name, 3 to 40 characters.
        name: As it is shown on its pages.
        urn: Unique Reference Number, six digits; the same URN and slug mean the same school.
        admin_email: The first administrator, who sets a password through the first-time link.
        admin_name: Given and family name, where they are known.

    Raises:
        ValidationError: By field; nothing was made.
    """
    provisioning.check_request(slug=slug, name=name, urn=urn, admin_email=admin_email)
    with in_control_plane(), _one_at_a_time(urn):
        school = provisioning.register_school(slug=slug, name=name, urn=urn)
        provisioning.build_schema(school)
        with in_school(school):
            furnish_school(admin_email=admin_email, admin_name=admin_name)
        provisioning.open_school(school)
    return school


@contextmanager
def _one_at_a_time(urn: str) -> Iterator[None]:
    """Let two runs for the same school wait for each other (a lock that ends with its session)."""
    # On a connection of its own: migrating hands the usual one back to the pool, where the lock
    # would stay with it.
    own, lock = connection.copy(), [int(urn)]
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('onboard'), %s)", lock)
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('onboard'), %s)", lock)
    finally:
        own.close()
