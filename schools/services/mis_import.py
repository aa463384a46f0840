"""Bringing the school's pupils and staff up to what its MIS says."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from core import clock
from core.accounts.models import User
from core.actors import Actor
from core.audit import services as audit
from core.tenancy import current_school, current_zone
from schools.mis.changes import Change, Kind, KnownStaff, KnownStudent, Whose
from schools.mis.csv_file import Folder
from schools.mis.oneroster import read_folder
from schools.mis.plan import ImportPlan, plan_import
from schools.mis.report import ImportReport
from schools.mis.rows import Roster
from schools.models import AccessGroup, Staff, Student
from schools.services.bulk import update_rows
from tenants.models import School

_BATCH = 500


def import_students_and_staff(
    *,
    actor: Actor,
    folder: Path,
    dry_run: bool = False,
    keep_good_rows: bool = False,
    allow_leavers: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> ImportReport:
    """Import a OneRoster 1.1 CSV export into the current school; a second time changes nothing.

    Nobody is deleted: who is missing from a bulk file leaves, who is there again comes back. New
    staff get an account without a password and the default access group; the access group of
    those who are there is never touched.

    Args:
        actor: Who imports.
        folder: Where the export's files are.
        dry_run: Only say what would change.
        keep_good_rows: Import the good rows although there are bad ones.
        allow_leavers: Let more than a quarter of the students, or of the staff, leave at once.
        tell: Called with each step, for people who wait.

    Returns:
        What was changed, or would be, and everything that is wrong in the files. Where it is
        refused nothing was written.
    """
    tell(f"Reading {folder.name}")
    roster = read_roster(folder)
    with transaction.atomic(durable=True):
        default_group = one_import_at_a_time()
        tell(f"Comparing {roster.rows} rows")
        plan = plan_for(roster, allow_leavers=allow_leavers)
        is_refused = plan.is_refused(keep_good_rows=keep_good_rows)
        if not (dry_run or is_refused):
            tell(f"Writing {len(plan.changes)} changes")
            write_plan(actor, plan, default_group)
    return ImportReport(
        plan=plan,
        is_dry_run=dry_run,
        is_refused=is_refused,
        rows=roster.rows,
        ignored=roster.ignored,
    )


def read_roster(folder: Folder) -> Roster:
    """Read an export of the current school, from a folder or from an upload."""
    today = clock.local_today(current_zone())
    return read_folder(folder, urn=cast(School, current_school()).urn, today=today)


def one_import_at_a_time() -> AccessGroup:
    """Wait for other imports and return the access group of new staff, in a transaction."""
    # A row that every school has: imports, and changes of who may do what, wait for each other.
    return AccessGroup.objects.select_for_update(no_key=True).get(is_default=True)


def plan_for(roster: Roster, *, allow_leavers: bool) -> ImportPlan:
    """Compare what the files say with what the current school has."""
    students = Student.objects.order_by("id").values(*KnownStudent.__dataclass_fields__)
    staff = (
        Staff.objects.order_by("id")
        .annotate(email=F("user__email"), administers=F("access_group__administers"))
        .annotate(may_log_in=F("user__is_active"))
        .values(*KnownStaff.__dataclass_fields__, "may_log_in")
    )
    others = User.objects.filter(staff__isnull=True).values_list("email", flat=True)
    return plan_import(
        roster,
        students=[KnownStudent(**row) for row in students],
        staff=[_known_staff(**row) for row in staff],
        other_emails=frozenset(others),
        today=clock.local_today(current_zone()),
        allow_leavers=allow_leavers,
    )


def _known_staff(*, is_active: bool, may_log_in: bool, **facts: Any) -> KnownStaff:
    return KnownStaff(is_active=is_active and may_log_in, **facts)


def write_plan(actor: Actor, plan: ImportPlan, default_group: AccessGroup) -> None:
    """Do what the plan says, in the caller's transaction, and put it on record."""
    students = _write_students(plan)
    new_staff = _write_staff(plan, default_group)
    readdressed = [one for one in plan.of(Whose.STAFF, Kind.UPDATE) if "email" in one.values]
    audit.record(
        actor,
        "mis.imported",
        students=students,
        students_created=len(plan.of(Whose.STUDENT, Kind.CREATE)),
        students_changed=len(plan.of(Whose.STUDENT, Kind.UPDATE)),
        students_returned=_refs(plan.of(Whose.STUDENT, Kind.RETURN)),
        students_left=_refs(plan.of(Whose.STUDENT, Kind.LEAVE)),
        staff_created=[one.ref for one in new_staff],
        staff_changed=len(plan.of(Whose.STAFF, Kind.UPDATE)),
        staff_readdressed=_refs(readdressed),
        staff_switched_off=_refs(plan.of(Whose.STAFF, Kind.LEAVE)),
        problems=len(plan.problems),
    )


def _write_students(plan: ImportPlan) -> list[UUID]:
    """Write the changes to students; return the references of all whom they concern."""
    changed = plan.of(Whose.STUDENT, Kind.UPDATE, Kind.RETURN)
    _update(Student, plan.of(Whose.STUDENT, Kind.LEAVE))
    # Two pupils may swap their UPNs, which must be unique after every single statement.
    new_upn = [change.row_id for change in changed if "upn" in change.values]
    Student.objects.filter(id__in=new_upn).update(upn="")
    _update(Student, changed)
    created = plan.of(Whose.STUDENT, Kind.CREATE)
    new = [Student(**one.values) for one in created]
    Student.objects.bulk_create(new, batch_size=_BATCH)
    return [*_refs(plan.of(Whose.STUDENT, Kind.LEAVE)), *_refs(changed), *(s.ref for s in new)]


def _write_staff(plan: ImportPlan, default_group: AccessGroup) -> list[Staff]:
    leaving = [cast(KnownStaff, one.known) for one in plan.of(Whose.STAFF, Kind.LEAVE)]
    User.objects.filter(id__in=[one.user_id for one in leaving]).update(is_active=False)
    _update(Staff, plan.of(Whose.STAFF, Kind.LEAVE))
    changed = plan.of(Whose.STAFF, Kind.UPDATE)
    addresses = [
        (cast(KnownStaff, one.known).user_id, one.values["email"])
        for one in changed
        if "email" in one.values
    ]
    update_rows(User, ["email"], addresses)
    _update(Staff, changed)
    created = plan.of(Whose.STAFF, Kind.CREATE)
    users = User.objects.bulk_create(
        User(email=one.values["email"], password=make_password(None)) for one in created
    )
    return Staff.objects.bulk_create(
        Staff(user=user, access_group=default_group, **_own(one))
        for user, one in zip(users, created, strict=True)
    )


def _update(model: type[Student | Staff], changes: Sequence[Change]) -> None:
    """Write changes, those to the same columns together and no other column."""
    alike: defaultdict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for change in changes:
        values = _own(change)
        alike[tuple(values)].append((change.row_id, *values.values()))
    for columns, rows in alike.items():
        update_rows(model, columns, rows)


def _own(change: Change) -> dict[str, Any]:
    """Return the values that are the row's own columns; the address is the account's."""
    return {name: value for name, value in change.values.items() if name != "email"}


def _refs(changes: Sequence[Change]) -> list[UUID]:
    return [change.known.ref for change in changes if change.known]
