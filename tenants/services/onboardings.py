"""Taking down which schools are to be brought on, and how far each has come."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from uuid import UUID

import structlog
from celery import current_app
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from core import clock
from core.actors import Actor
from core.audit import services as audit
from core.identifiers import uuid7
from core.tenancy import in_control_plane
from tenants.models import Establishment, Onboarding, School
from tenants.services import provisioning
from tenants.slugs import likeness, suggestions
from tenants.terms import MisSource, Plan, Step

#: The fleet's task that does what is asked for here.
BRING_ON = "schools.bring_on"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A school that is to be brought on; what is empty is taken from the DfE's register."""

    urn: str
    admin_email: str
    slug: str = ""
    name: str = ""
    admin_given_name: str = ""
    admin_family_name: str = ""
    plan: str = Plan.STANDARD
    mis_source: str = MisSource.NONE


class NotAsked(Exception):
    """Something is wrong with what was asked for; nothing was taken down.

    Attributes:
        errors: Place in the list, field and sentence of each.
    """

    def __init__(self, errors: Sequence[tuple[int, str, str]]) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


def ask_for(asked: Sequence[Asked], *, actor: Actor) -> UUID:
    """Take down which schools are to be brought on: all of them, or none.

    A school that was asked for before keeps its row: where it is open that is all, and where it is
    not, what is asked for now counts.

    Returns:
        The reference of the batch, which has every school of the list.

    Raises:
        NotAsked: With every error of every school.
    """
    batch = uuid7()
    with in_control_plane(), transaction.atomic(durable=True), connection.cursor() as cursor:
        # Two who ask for the same school, or for one address, wait for each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('onboardings'))")
        before = _before(asked)
        wanted = [_completed(one, before.get(one.urn)) for one in asked]
        if errors := _errors(wanted, open_already=_open_already(before)):
            raise NotAsked(errors)
        for one in wanted:
            row = before.get(one.urn) or Onboarding(urn=one.urn)
            row.batch, row.failure = batch, ""
            for name, said in asdict(one).items():
                setattr(row, name, said)
            row.save()
            audit.record(actor, "onboarding.asked", row, batch=batch)
        transaction.on_commit(_ring)
    return batch


def _ring() -> None:
    """Tell the fleet's worker; where nobody hears it, the worker looks by itself."""
    try:
        current_app.send_task(BRING_ON, retry=False, expires=60)
    except Exception as silence:  # noqa: BLE001 - a courtesy must not fail what was saved
        log.warning("onboarding_bell_not_heard", error=type(silence).__name__)


def note_step(ref: UUID, step: Step) -> None:
    """Take down how far a school has come."""
    opened_at = {"opened_at": clock.now()} if step == Step.OPENED else {}
    with in_control_plane():
        Onboarding.objects.filter(ref=ref).update(step=step, failure="", **opened_at)


def note_failure(ref: UUID, failure: str) -> None:
    """Take down why the last attempt ended early."""
    with in_control_plane():
        Onboarding.objects.filter(ref=ref).update(failure=failure[:500])


def _before(asked: Sequence[Asked]) -> dict[str, Onboarding]:
    rows = Onboarding.objects.select_for_update().filter(urn__in=[one.urn for one in asked])
    return {row.urn: row for row in rows.order_by("pk")}


def _open_already(before: dict[str, Onboarding]) -> set[str]:
    return {urn for urn, row in before.items() if row.step == Step.OPENED}


def _completed(asked: Asked, before: Onboarding | None) -> Asked:
    """Fill in what was not said: as it was asked for before, else as the register has it."""
    if before is not None:
        was = {name: getattr(before, name) for name in Asked.__dataclass_fields__}
        # Once the school has its row, its address and its name stand.
        said = asdict(asked) if before.step == Step.WAITING else {}
        return replace(asked, **{name: said.get(name) or word for name, word in was.items()})
    known = Establishment.objects.filter(urn=asked.urn).first()
    name = asked.name or (known.name if known else "")
    slug = asked.slug or suggested_slug(name, known.town if known else "", asked.urn)
    return replace(asked, name=name, slug=slug)


def suggested_slug(name: str, town: str, urn: str) -> str:
    """Return the first slug for a school that nobody has, or was asked for; empty without a name."""
    for slug in suggestions(name, town, urn) if name else ():
        taken = School.objects.filter(likeness=likeness(slug)).exclude(urn=urn).exists()
        if not taken and not Onboarding.objects.filter(slug=slug).exclude(urn=urn).exists():
            return slug
    return ""


def _errors(asked: Sequence[Asked], *, open_already: set[str]) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, str]] = []
    slugs: dict[str, int] = {}
    urns: dict[str, int] = {}
    knows_register = Establishment.objects.exists()
    for place, one in enumerate(asked):
        if one.urn not in open_already:
            wrong = _wrong_with(one, knows_register=knows_register)
            found += [(place, field, said) for field, said in wrong]
        for field, key, seen in (("slug", likeness(one.slug), slugs), ("urn", one.urn, urns)):
            if key and seen.setdefault(key, place) != place:
                found.append(
                    (place, field, "This stands in the list twice, or looks like another.")
                )
    return found


def _wrong_with(asked: Asked, *, knows_register: bool) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    known = Establishment.objects.filter(urn=asked.urn).first() if knows_register else None
    if knows_register and known is None:
        wrong.append(
            ("urn", "No establishment has this URN. Check it, or load the newest register.")
        )
    elif known and not known.is_open and known.status != "Proposed to open":
        wrong.append(("urn", "This establishment is closed, as the register says."))
    for field, words in (("plan", Plan), ("mis_source", MisSource)):
        if getattr(asked, field) not in set(words):
            wrong.append((field, f"Give one of: {', '.join(words)}."))
    try:
        provisioning.check_request(
            slug=asked.slug, name=asked.name, urn=asked.urn, admin_email=asked.admin_email
        )
    except ValidationError as error:
        # Of a URN that is nowhere one sentence is enough.
        wrong += [(f, said[0]) for f, said in error.message_dict.items() if f not in dict(wrong)]
    return wrong
