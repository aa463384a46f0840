"""A run of the fleet's migrations: some schools first, then the others side by side."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Event, Lock
from uuid import UUID

from core.crew import work_off
from core.database.places import PUBLIC
from core.identifiers import uuid7
from core.tenancy import in_control_plane
from tenants.models import School
from tenants.schema_state import Key, newest, wanted_in_public
from tenants.services import fleet
from tenants.services.walls import owner_at


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A school whose schema lacks migrations."""

    school: School
    missing: tuple[Key, ...]


@dataclass(kw_only=True)
class Outcome:
    """What a run has done so far.

    Attributes:
        run: Its reference, as the schools' rows have it.
        wanted: How many schools lacked something.
        done: How many do no more.
        failures: Why the others do, by slug.
        left: Schools that were not begun, because too many had failed.
    """

    run: UUID = field(default_factory=uuid7)
    wanted: int = 0
    done: int = 0
    failures: dict[str, str] = field(default_factory=dict)

    def note(self, school: School, failure: str) -> None:
        """Count a school that was done, or has failed."""
        if failure:
            self.failures[school.slug] = failure
        else:
            self.done += 1

    @property
    def left(self) -> int:
        """How many schools were not begun."""
        return self.wanted - self.done - len(self.failures)


def public_is_behind() -> bool:
    """Say whether the public schema lacks a migration.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
    """
    has = fleet.applied_by_schema([PUBLIC]).get(PUBLIC, set())
    return any(key not in has for key in wanted_in_public())


def pending() -> list[Pending]:
    """Return the schools whose schemas lack migrations, oldest school first.

    Schools without a schema yet, or any more, are not among them. Where a school's row says
    something else than its schema, it is corrected.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
    """
    with in_control_plane():
        schools = list(School.objects.defer("text_keyset", "files_keyset").order_by("pk"))
    with owner_at():
        applied = fleet.applied_by_schema([school.schema_name for school in schools])
    there = [school for school in schools if school.schema_name in applied]
    _correct(there, {school.pk: newest(applied[school.schema_name]) for school in there})
    found = (
        Pending(school=school, missing=fleet.missing_of(applied[school.schema_name]))
        for school in there
    )
    return [one for one in found if one.missing]


def _correct(schools: Iterable[School], said: dict[int, dict[str, str]]) -> None:
    wrong = [school for school in schools if school.migrated_to != said[school.pk]]
    for school in wrong:
        school.migrated_to = said[school.pk]
    with in_control_plane():
        School.objects.bulk_update(wrong, ["migrated_to"], batch_size=500)


def migrate_fleet(
    waiting: Sequence[Pending],
    *,
    canaries: Sequence[Pending],
    parallel: int,
    stop_after: int,
    tell: Callable[[Outcome], None],
) -> Outcome:
    """Bring the schools' schemas up to date: the canaries one by one, then the rest side by side.

    A school that fails stays as it was, with a maintenance page, and holds up none of the others;
    unless it is a canary, or one too many.

    Args:
        waiting: As ``pending`` returns them.
        canaries: Those among them that come first; where one fails no other school is begun.
        parallel: How many schools at a time.
        stop_after: How many may fail before no further one is begun.
        tell: Called after each school; not by two threads at once.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
    """
    outcome = Outcome(wanted=len(waiting))
    stop, one_at_a_time = Event(), Lock()

    def migrate(one: Pending, *, may_fail: int) -> None:
        failure = _failure(one, outcome.run)
        with one_at_a_time:
            outcome.note(one.school, failure)
            if len(outcome.failures) > may_fail:
                stop.set()
            tell(outcome)

    first = {one.school.pk for one in canaries}
    rest = [one for one in waiting if one.school.pk not in first]
    for crowd, threads, may_fail in ((canaries, 1, 0), (rest, parallel, stop_after)):
        work_off(
            crowd,
            partial(migrate, may_fail=may_fail),
            parallel=threads,
            within=owner_at,
            is_over=stop.is_set,
        )
    return outcome


def _failure(one: Pending, run: UUID) -> str:
    try:
        fleet.migrate_school(one.school, run=run)
    except fleet.MigrationFailed as error:
        return str(error)
    return ""
