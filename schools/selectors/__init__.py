"""Reads of a school's people and words, shaped for screens."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Prefetch, Q
from django.db.models.functions import Lower

from core import clock
from schools.finding import best_named
from schools.models import AccessGroup, AlertGroup, Category, Staff, Student
from schools.policies import Access, Reader, StaffFacts
from schools.querysets import CategoryQuerySet, StaffQuerySet

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
        has_confirmed_key=False,
        history_starts_at=clock.now(),
    )


def staff_of_user(user_id: int) -> Staff | None:
    """Return the member of staff of an account, if they still work here."""
    return Staff.objects.registered().select_related("access_group").filter(user_id=user_id).first()


def reader_of(staff: Staff, *, has_shown_key: bool, has_confirmed_key: bool = False) -> Reader:
    """Return what policies need to know of a member of staff in this session."""
    return Reader(
        staff_id=staff.pk,
        has_key_access=staff.access_group.holds_key,
        is_administrator=staff.access_group.administers,
        has_shown_key=has_shown_key,
        has_confirmed_key=has_shown_key and has_confirmed_key,
        history_starts_at=clock.now() - HISTORY,
        access=access_of(staff.access_group),
    )


def access_of(group: AccessGroup) -> Access:
    """Return what an access group opens; one query where it is narrowed to some categories."""
    return Access(
        category_ids=None if group.sees_all_categories else _with_sub_categories(group),
        year_groups=None if group.sees_all_years else frozenset(group.year_groups),
        may_add=group.can_add,
        may_assign=group.can_assign,
        may_export=group.can_export,
    )


def _with_sub_categories(group: AccessGroup) -> frozenset[int]:
    chosen = group.categories.values("pk")
    within = Category.objects.filter(Q(pk__in=chosen) | Q(parent_id__in=chosen))
    return frozenset(within.values_list("pk", flat=True))


def students_named(reader: Reader, typed: str) -> list[Student]:
    """Return the first few students on roll whom the words typed name, best first."""
    return best_named(Student.objects.visible_to(reader).current(), typed, MOST_SUGGESTIONS)


def staff_named(typed: str, *, key_holders_only: bool = False) -> list[Staff]:
    """Return the first few registered staff whom the words typed name, best first."""
    staff = Staff.objects.key_holders() if key_holders_only else Staff.objects.registered()
    return best_named(staff, typed, MOST_SUGGESTIONS)


def students_on_roll(reader: Reader) -> list[Student]:
    """Return every student on roll, by name."""
    rows = Student.objects.visible_to(reader).current()
    return list(rows.order_by("family_name", "given_name", "id"))


def registered_staff(*, key_holders_only: bool = False) -> list[Staff]:
    """Return every registered member of staff, by name."""
    staff = Staff.objects.key_holders() if key_holders_only else Staff.objects.registered()
    return list(staff.order_by("family_name", "given_name", "id"))


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
    children = Prefetch("children", queryset=_in_order())
    return list(_in_order().filter(parent__isnull=True).prefetch_related(children))


def category(ref: UUID) -> Category:
    """Return a category with its sub-categories, or a sub-category with its category.

    Raises:
        Category.DoesNotExist: Absent.
    """
    children = Prefetch("children", queryset=_in_order())
    return Category.objects.select_related("parent").prefetch_related(children).get(ref=ref)


def _in_order() -> CategoryQuerySet:
    return Category.objects.order_by("-is_active", Lower("name"))


def offered_alert_groups() -> list[AlertGroup]:
    """Return the alert groups, with their registered members."""
    members = Prefetch("members", queryset=Staff.objects.registered())
    return list(AlertGroup.objects.filter(is_active=True).prefetch_related(members))


def every_alert_group() -> list[AlertGroup]:
    """Return every alert group with its registered members, retired ones too."""
    members = Prefetch("members", queryset=_staff_by_name())
    in_order = AlertGroup.objects.order_by("-is_active", Lower("name"))
    return list(in_order.prefetch_related(members))


def alert_group(ref: UUID) -> AlertGroup:
    """Return an alert group with its registered members.

    Raises:
        AlertGroup.DoesNotExist: Absent.
    """
    members = Prefetch("members", queryset=_staff_by_name())
    return AlertGroup.objects.filter(ref=ref).prefetch_related(members).get()


def _staff_by_name() -> StaffQuerySet:
    return Staff.objects.registered().order_by("family_name", "given_name", "id")


def access_groups() -> list[AccessGroup]:
    """Return the access groups, the one without key access first."""
    return list(AccessGroup.objects.order_by("administers", "holds_key", "name"))


def staff_by_ref(refs: list[UUID]) -> list[Staff]:
    """Return the registered staff among ``refs``."""
    return list(Staff.objects.registered().filter(ref__in=refs).order_by("family_name", "id"))


def students_by_ref(reader: Reader, refs: list[UUID]) -> list[Student]:
    """Return the students on roll among ``refs``."""
    return list(Student.objects.visible_to(reader).current().filter(ref__in=refs))


def students_ever(reader: Reader, refs: list[UUID]) -> list[Student]:
    """Return the students among ``refs``, those who left too."""
    return list(Student.objects.visible_to(reader).filter(ref__in=refs).order_by("id"))


def members_of_groups(refs: list[UUID]) -> list[Staff]:
    """Return the registered members of alert groups, each once."""
    return list(
        Staff.objects.registered()
        .filter(alert_groups__ref__in=refs, alert_groups__is_active=True)
        .distinct()
    )


def staff_member(ref: UUID) -> Staff:
    """Return a member of staff, also one who left, for administrators.

    Raises:
        Staff.DoesNotExist: Absent.
    """
    groups = Prefetch("alert_groups", queryset=AlertGroup.objects.filter(is_active=True))
    rows = Staff.objects.select_related("access_group", "user").prefetch_related(groups)
    return rows.get(ref=ref)


def registered_member(ref: UUID) -> Staff:
    """Return a member of staff who works here.

    Raises:
        Staff.DoesNotExist: Absent, or no longer working here.
    """
    return Staff.objects.registered().select_related("user").get(ref=ref)


def staff_facts(staff: Staff) -> StaffFacts:
    """Return what policies need to know of a member of staff whose access is to change."""
    administrators = Staff.objects.administrators().values_list("pk", flat=True)
    return StaffFacts(staff_id=staff.pk, is_last_administrator=set(administrators) == {staff.pk})


def staff_with_email(email: str) -> Staff | None:
    """Return whose log-in this email address is; capitals do not matter."""
    return Staff.objects.filter(user__email=email.strip().lower()).first()


def access_group_named(name: str) -> AccessGroup | None:
    """Return the access group of this name; capitals do not matter."""
    return AccessGroup.objects.filter(name__iexact=name.strip()).first()


def name_of_account(user_id: int) -> str:
    """Return whose account it is, also of somebody who has left."""
    return Staff.objects.get(user_id=user_id).display_name


@dataclass(frozen=True, kw_only=True)
class Overview:
    """How many of everything an administrator looks after; retired and deactivated ones aside."""

    categories: int
    sub_categories: int
    alert_groups: int
    staff: int
    key_holders: int
    administrators: int


def overview() -> Overview:
    """Return what the administrators' first page counts."""
    categories = Category.objects.offered().aggregate(
        categories=Count("pk", filter=Q(parent__isnull=True)),
        sub_categories=Count("pk", filter=Q(parent__isnull=False)),
    )
    staff = Staff.objects.registered().aggregate(
        staff=Count("pk"),
        key_holders=Count("pk", filter=Q(access_group__holds_key=True)),
        administrators=Count("pk", filter=Q(access_group__administers=True)),
    )
    groups = AlertGroup.objects.filter(is_active=True).count()
    return Overview(alert_groups=groups, **categories, **staff)
