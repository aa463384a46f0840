"""Access groups as administrators see them, and what a change of one would do."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from schools.models import AccessGroup, Category, Staff
from schools.policies import AccessGroupFacts, Reader
from schools.terms import YearGroup


def every_access_group() -> list[AccessGroup]:
    """Return the access groups with how many registered members each has; two queries."""
    members = Count("staff", filter=Q(staff__is_active=True, staff__user__is_active=True))
    groups = AccessGroup.objects.annotate(members=members).prefetch_related("categories")
    return list(groups.order_by("administers", "holds_key", "name"))


def access_group(ref: UUID) -> AccessGroup:
    """Return an access group with its categories.

    Raises:
        AccessGroup.DoesNotExist: Absent.
    """
    return AccessGroup.objects.prefetch_related("categories").get(ref=ref)


def members_of(group: AccessGroup) -> list[Staff]:
    """Return the registered members of an access group, by name."""
    members = Staff.objects.registered().filter(access_group=group)
    return list(members.order_by("family_name", "given_name", "id"))


def access_group_facts(reader: Reader, group: AccessGroup) -> AccessGroupFacts:
    """Return what policies need to know of an access group that is to change."""
    others = Staff.objects.administrators().exclude(access_group=group)
    return AccessGroupFacts(
        is_own=group.staff.filter(pk=reader.staff_id or 0).exists(),
        is_last_with_administrators=not others.exists(),
        is_default=group.is_default,
    )


def years_of(group: AccessGroup) -> str:
    """Return the year groups that an access group is narrowed to, in words."""
    return ", ".join(year.label for year in YearGroup if year in group.year_groups)


def impact_of(
    group: AccessGroup,
    *,
    holds_key: bool,
    categories: Sequence[Category] | None,
    year_groups: Sequence[str] | None,
    **rights: Any,
) -> list[str]:
    """Say what a change would take from the members of an access group, and give them.

    Sentences such as “3 people will no longer see Child Protection”; none where nobody is in it.
    Three queries.
    """
    number = Staff.objects.registered().filter(access_group=group).count()
    if not number:
        return []
    known = list(Category.objects.select_related("parent").order_by("name"))
    own = None if group.sees_all_categories else list(group.categories.all())
    before = _seen(known, own) if group.holds_key else set()
    after = _seen(known, categories) if holds_key else set()
    years = set(YearGroup) if group.sees_all_years else set(map(YearGroup, group.year_groups))
    had = years if group.holds_key else set()
    wanted = set(YearGroup) if year_groups is None else set(map(YearGroup, year_groups))
    given = wanted if holds_key else set()
    if group.holds_key != holds_key:
        said = [_about_the_key(number, holds_key=holds_key)]
    else:
        said = [
            *_told(number, _names(known, before - after), is_lost=True),
            *_told(number, _names(known, after - before), is_lost=False),
            *_told(number, [year.label for year in YearGroup if year in had - given], is_lost=True),
            *_told(
                number, [year.label for year in YearGroup if year in given - had], is_lost=False
            ),
        ]
    return said + _of_rights(group, number, rights)


def _seen(known: list[Category], chosen: Iterable[Category] | None) -> set[int]:
    if chosen is None:
        return {category.pk for category in known}
    ids = {category.pk for category in chosen}
    return {category.pk for category in known if {category.pk, category.parent_id} & ids}


def _names(known: list[Category], ids: set[int]) -> list[str]:
    """Return names, a sub-category's only where its category is not among them."""
    return [one.name for one in known if one.pk in ids and one.parent_id not in ids]


def _told(number: int, names: list[str], *, is_lost: bool) -> list[str]:
    if not names:
        return []
    lost = ngettext(
        "%(number)d person will no longer see %(what)s.",
        "%(number)d people will no longer see %(what)s.",
        number,
    )
    gained = ngettext(
        "%(number)d person will see %(what)s, too.",
        "%(number)d people will see %(what)s, too.",
        number,
    )
    return [(lost if is_lost else gained) % {"number": number, "what": ", ".join(names)}]


def _about_the_key(number: int, *, holds_key: bool) -> str:
    given = ngettext(
        "%(number)d person will become a key holder, and needs a key from their next page on.",
        "%(number)d people will become key holders, and need a key from their next page on.",
        number,
    )
    taken = ngettext(
        "%(number)d person will no longer be a key holder, and sees only what they are alerted to.",
        "%(number)d people will no longer be key holders, and see only what they are alerted to.",
        number,
    )
    return (given if holds_key else taken) % {"number": number}


def _of_rights(group: AccessGroup, number: int, rights: dict[str, Any]) -> list[str]:
    words = {
        "can_add": _("add incidents and actions"),
        "can_assign": _("assign incidents"),
        "can_export": _("export"),
        "administers": _("administer the school"),
    }
    lost = [word for name, word in words.items() if getattr(group, name) and not rights.get(name)]
    new = [word for name, word in words.items() if not getattr(group, name) and rights.get(name)]
    may_not = ngettext(
        "%(number)d person may no longer %(what)s.",
        "%(number)d people may no longer %(what)s.",
        number,
    )
    may = ngettext(
        "%(number)d person may %(what)s from now on.",
        "%(number)d people may %(what)s from now on.",
        number,
    )
    return [may_not % {"number": number, "what": one} for one in lost] + [
        may % {"number": number, "what": one} for one in new
    ]
