"""What the members of each access group may do and see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from core.audit import services as audit
from core.refusals import Refused
from schools import policies
from schools.actors import StaffActor
from schools.models import AccessGroup, Category
from schools.selectors.groups import access_group_facts
from schools.services.guards import must_administer, refusing_duplicates
from schools.terms import Refusal


@dataclass(frozen=True, kw_only=True)
class GroupRights:
    """What an access group is to be.

    Attributes:
        name: 1 to 60 characters, tidied by the form.
        categories: What its key holders see; None is every category.
        year_groups: Codes of the year groups whose students they see; None is every student.
    """

    name: str
    holds_key: bool = False
    administers: bool = False
    can_add: bool = False
    can_assign: bool = False
    can_export: bool = False
    categories: Sequence[Category] | None = None
    year_groups: Sequence[str] | None = field(default=None)

    @property
    def needs_key(self) -> bool:
        """A right was chosen that only key holders have."""
        return self.can_assign or self.can_export


@refusing_duplicates(Refusal.ACCESS_GROUP_NAME_TAKEN)
@transaction.atomic(durable=True)
def add_access_group(*, actor: StaffActor, new: GroupRights) -> AccessGroup:
    """Add an access group, without members yet.

    Raises:
        Refused: ``actor`` does not administer the school; the name is taken; a right needs the
            key.
    """
    must_administer(actor)
    facts = policies.AccessGroupFacts(
        is_own=False, is_last_with_administrators=False, is_default=False
    )
    _must_be(facts, new)
    group = AccessGroup.objects.create(**_columns(new))
    group.categories.set(new.categories or ())
    audit.record(actor, "access_group.added", group, **_on_record(new))
    return group


@refusing_duplicates(Refusal.ACCESS_GROUP_NAME_TAKEN)
@transaction.atomic(durable=True)
def change_access_group(*, actor: StaffActor, ref: UUID, new: GroupRights) -> AccessGroup:
    """Change what the members of an access group may do; it holds from their next request.

    Raises:
        AccessGroup.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school, or is in the group; nobody would
            administer the school any more; the name is taken; a right needs the key, or the
            group is the one for new staff and may not have it.
    """
    # Changes of access wait for each other: see ``schools.services.staff``.
    AccessGroup.objects.select_for_update(no_key=True).get(is_default=True)
    group = AccessGroup.objects.select_for_update(no_key=True).get(ref=ref)
    facts = access_group_facts(actor.reader, group)
    if why := policies.why_not_change_group(actor.reader, facts):
        raise Refused(why)
    _must_be(facts, new)
    for name, value in _columns(new).items():
        setattr(group, name, value)
    group.save()
    group.categories.set(new.categories or ())
    audit.record(actor, "access_group.changed", group, **_on_record(new))
    return group


def _must_be(facts: policies.AccessGroupFacts, new: GroupRights) -> None:
    if why := policies.why_not_rights(
        facts, holds_key=new.holds_key, administers=new.administers, needs_key=new.needs_key
    ):
        raise Refused(why)


def _columns(new: GroupRights) -> dict[str, Any]:
    return {
        "name": new.name,
        "holds_key": new.holds_key,
        "administers": new.administers,
        "can_add": new.can_add,
        "can_assign": new.can_assign,
        "can_export": new.can_export,
        "sees_all_categories": new.categories is None,
        "sees_all_years": new.year_groups is None,
        "year_groups": sorted(new.year_groups or ()),
    }


def _on_record(new: GroupRights) -> dict[str, Any]:
    rights = {name: value for name, value in _columns(new).items() if name != "name"}
    return {**rights, "categories": [category.ref for category in new.categories or ()]}
