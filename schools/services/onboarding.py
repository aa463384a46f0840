"""Bringing a school on, in one go that can be stopped at any point and run again."""

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


class _one_at_a_time:  # noqa: N801 - reads as a phrase at its one use
    """Two runs for the same school wait for each other (a session lock, freed with the session)."""

    def __init__(self, urn: str) -> None:
        self.number = int(urn)

    def __enter__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('onboard'), %s)", [self.number])

    def __exit__(self, *_: object) -> None:
        with in_control_plane(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('onboard'), %s)", [self.number])
