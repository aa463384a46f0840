"""Reads of a school's people and words, shaped for screens."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Prefetch

from core import clock
from schools.models import AccessGroup, AlertGroup, Category, Staff, Student
from schools.policies import Reader

#: How long people see their own additions (guide 1.2, ‘My History’).
HISTORY = timedelta(days=7)
MOST_SUGGESTIONS = 12


def nobody() -> Reader:
    """Return a reader who is not logged in."""
    return Reader(
        staff_id=None,
        has_key_access=False,
        is_administrator=False,
        has_shown_key=False,
        history_starts_at=clock.now(),
    )


def staff_of_user(user_id: int) -> Staff | None:
    """Return the member of staff of an account, if they still work here."""
    return Staff.objects.registered().select_related("access_group").filter(user_id=user_id).first()


def reader_of(staff: Staff, *, has_shown_key: bool) -> Reader:
    """Return what policies need to know of a member of staff in this session."""
    return Reader(
        staff_id=staff.pk,
        has_key_access=staff.access_group.holds_key,
        is_administrator=staff.access_group.administers,
        has_shown_key=has_shown_key,
        history_starts_at=clock.now() - HISTORY,
    )


def students_named(reader: Reader, typed: str) -> list[Student]:
    """Return the first few students on roll whose name has every word typed."""
    if not typed.strip():
        return []
    found = Student.objects.visible_to(reader).current().named(typed)
    return list(found.order_by("family_name", "given_name", "id")[:MOST_SUGGESTIONS])


def staff_named(typed: str, *, key_holders_only: bool = False) -> list[Staff]:
    """Return the first few registered staff whose name has every word typed."""
    if not typed.strip():
        return []
    staff = Staff.objects.key_holders() if key_holders_only else Staff.objects.registered()
    return list(staff.named(typed).order_by("family_name", "given_name", "id")[:MOST_SUGGESTIONS])


def students_on_roll(reader: Reader) -> list[Student]:
    """Return every student on roll, by name."""
    rows = Student.objects.visible_to(reader).current()
    return list(rows.order_by("family_name", "given_name", "id"))


def registered_staff(*, key_holders_only: bool = False) -> list[Staff]:
    """Return every registered member of staff, by name."""
    staff = Staff.objects.key_holders() if key_holders_only else Staff.objects.registered()
    return list(staff.order_by("family_name", "given_name", "id"))


def all_staff() -> list[Staff]:
    """Return everybody who works or worked here, for administrators."""
    staff = Staff.objects.select_related("access_group", "user")
    return list(staff.order_by("-is_active", "family_name", "given_name", "id"))


def offered_categories() -> list[Category]:
    """Return the categories to choose from, each sub-category after its category."""
    rows = list(Category.objects.offered().select_related("parent"))
    return sorted(
        rows,
        key=lambda row: (
            (row.parent or row).name.lower(),
            row.parent is not None,
            row.name.lower(),
        ),
    )


def top_categories() -> list[Category]:
    """Return every category with its sub-categories, retired ones too, for administrators."""
    children = Prefetch("children", queryset=Category.objects.order_by("name"))
    rows = Category.objects.filter(parent__isnull=True).prefetch_related(children)
    return list(rows.order_by("-is_active", "name"))


def offered_alert_groups() -> list[AlertGroup]:
    """Return the alert groups, with their registered members."""
    members = Prefetch("members", queryset=Staff.objects.registered())
    return list(AlertGroup.objects.filter(is_active=True).prefetch_related(members))


def access_groups() -> list[AccessGroup]:
    """Return the access groups, the one without key access first."""
    return list(AccessGroup.objects.order_by("holds_key", "administers", "name"))


def staff_by_ref(refs: list[UUID]) -> list[Staff]:
    """Return the registered staff among ``refs``."""
    return list(Staff.objects.registered().filter(ref__in=refs).order_by("family_name", "id"))
