"""Access groups that are narrowed, for tests."""

from typing import Any

from schools.models import AccessGroup, Category, Staff
from tests.factories import acting, make_staff


def narrowed(
    *, categories: list[Category] | None = None, years: list[str] | None = None, **rights: Any
) -> AccessGroup:
    """Make an access group of key holders who see some categories or year groups."""
    rights = {"holds_key": True, "can_assign": True, "can_export": True, **rights}
    group = AccessGroup.objects.create(
        name=f"Narrow {AccessGroup.objects.count()}",
        sees_all_categories=categories is None,
        sees_all_years=years is None,
        year_groups=years or [],
        **rights,
    )
    group.categories.set(categories or [])
    return group


def member_of(group: AccessGroup, name: str = "deputy", *, has_key: bool = True) -> Any:
    """Make a member of staff of an access group; return them as an actor."""
    staff = Staff.objects.get(pk=make_staff(name, kind="key_holder").staff_id)
    staff.access_group = group
    staff.save()
    return acting(staff, has_key=has_key)
