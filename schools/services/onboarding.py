"""Bringing a school on, in one go that can be stopped at any point and run again."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Lock

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection

from core.crew import work_off
from core.keyring import KeysUnavailable
from core.tenancy import in_control_plane, in_school
from schools.services.furnishing import furnish_school
from tenants.models import Onboarding, School
from tenants.services import onboardings, provisioning
from tenants.services.fleet import MigrationFailed
from tenants.terms import MisSource, Plan, Step

log = structlog.get_logger(__name__)


def onboard_school(
    *,
    slug: str,
    name: str,
    urn: str,
    admin_email: str,
    admin_name: tuple[str, str] = ("", ""),
    plan: Plan = Plan.STANDARD,
    mis_source: MisSource = MisSource.NONE,
    is_welcomed: bool = False,
    tell: Callable[[Step], None] = lambda _step: None,
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
        plan: What the school has bought.
        mis_source: Where its pupils and staff come from.
        is_welcomed: Whether the administrator is sent the invitation.
        tell: Called after each step.

    Raises:
        ValidationError: By field; nothing was made.
    """
    provisioning.check_request(slug=slug, name=name, urn=urn, admin_email=admin_email)
    with in_control_plane(), _one_at_a_time(urn):
        school = provisioning.register_school(
            slug=slug, name=name, urn=urn, plan=plan, mis_source=mis_source
        )
        tell(Step.REGISTERED)
        provisioning.build_schema(school)
        tell(Step.BUILT)
        with in_school(school):
            furnish_school(admin_email=admin_email, admin_name=admin_name, is_welcomed=is_welcomed)
        tell(Step.FURNISHED)
        provisioning.open_school(school)
        tell(Step.OPENED)
    return school


def finish(onboarding: Onboarding) -> None:
    """Do what is left of an onboarding; why it ended early stands on its row.

    Whoever else is at the same one is waited for.
    """
    try:
        onboard_school(
            slug=onboarding.slug,
            name=onboarding.name,
            urn=onboarding.urn,
            admin_email=onboarding.admin_email,
            admin_name=(onboarding.admin_given_name, onboarding.admin_family_name),
            plan=Plan(onboarding.plan),
            mis_source=MisSource(onboarding.mis_source),
            is_welcomed=True,
            tell=partial(onboardings.note_step, onboarding.ref),
        )
    except ValidationError as error:
        said = (f"{field}: {one[0]}" for field, one in error.message_dict.items())
        onboardings.note_failure(onboarding.ref, " ".join(said))
    except (DatabaseError, KeysUnavailable, MigrationFailed) as error:
        # Never their words, which may hold rows.
        onboardings.note_failure(onboarding.ref, f"{type(error).__name__}. It is tried again.")
        log.exception("onboarding_failed", onboarding=str(onboarding.ref))


def finish_all(
    waiting: Sequence[Onboarding], *, parallel: int, tell: Callable[[Onboarding], None]
) -> None:
    """Do what is left of several onboardings, side by side.

    Args:
        waiting: Which.
        parallel: How many at a time.
        tell: Called after each, with its row as it was; not by two threads at once.
    """
    one_at_a_time = Lock()

    def bring_on(onboarding: Onboarding) -> None:
        finish(onboarding)
        with one_at_a_time:
            tell(onboarding)

    work_off(waiting, bring_on, parallel=parallel)


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
