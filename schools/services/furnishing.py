"""What a new school starts with: access groups, categories, its first administrator."""

from django.db import transaction

from core import clock
from core.accounts.models import User
from core.actors import Actor
from core.audit import services as audit
from core.outbox import services as outbox
from schools.events import StaffInvited
from schools.models import AccessGroup, Category, Staff
from schools.terms import DEFAULT_CATEGORIES, DEFAULT_GROUPS, GroupKind


@transaction.atomic
def furnish_school(
    *, admin_email: str, admin_name: tuple[str, str] = ("", ""), is_welcomed: bool = False
) -> Staff:
    """Give the current school its default groups and categories and its first administrator.

    Running it again adds what is missing and changes nothing that is there.

    Args:
        admin_email: Where the administrator's first-time link will go.
        admin_name: Given and family name, where they are known.
        is_welcomed: Whether they are sent the invitation, once.
    """
    for kind, name in DEFAULT_GROUPS.items():
        AccessGroup.objects.get_or_create(
            name=name,
            defaults={
                "holds_key": kind is GroupKind.KEY_HOLDER,
                "administers": kind is GroupKind.ADMINISTRATOR,
                "is_default": kind is GroupKind.STAFF,
                "can_assign": kind is GroupKind.KEY_HOLDER,
                "can_export": kind is GroupKind.KEY_HOLDER,
            },
        )
    if not Category.objects.exists():
        Category.objects.bulk_create(Category(name=name) for name in DEFAULT_CATEGORIES)
    return _first_administrator(admin_email.strip().lower(), admin_name, is_welcomed=is_welcomed)


def _first_administrator(email: str, name: tuple[str, str], *, is_welcomed: bool) -> Staff:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email=email)
    given, family = name
    staff, is_new = Staff.objects.get_or_create(
        user=user,
        defaults={
            "given_name": given or "School",
            "family_name": family or "administrator",
            "access_group": AccessGroup.objects.get(name=DEFAULT_GROUPS[GroupKind.ADMINISTRATOR]),
            "invited_at": clock.now() if is_welcomed else None,
        },
    )
    if is_new:
        if is_welcomed:
            outbox.append(StaffInvited(ref=staff.ref))
        audit.record(Actor(), "staff.added", staff, access_group=staff.access_group.ref)
    return staff
