"""The categories that incidents are filed under (guide, section 4, “Categories”)."""

from uuid import UUID

from django.db import transaction

from core.audit import services as audit
from core.refusals import Refused
from schools import policies
from schools.actors import StaffActor
from schools.models import Category
from schools.services.guards import must_administer, refusing_duplicates
from schools.terms import Refusal


@refusing_duplicates(Refusal.CATEGORY_NAME_TAKEN)
@transaction.atomic(durable=True)
def add_category(*, actor: StaffActor, name: str) -> Category:
    """Add a category.

    Args:
        actor: Who adds it.
        name: 1 to 80 characters, tidied by the form.

    Raises:
        Refused: ``actor`` does not administer the school, or the name is taken (capitals do not
            tell names apart).
    """
    must_administer(actor)
    category = Category.objects.create(name=name)
    audit.record(actor, "category.added", category)
    return category


@refusing_duplicates(Refusal.CATEGORY_NAME_TAKEN)
@transaction.atomic(durable=True)
def add_sub_category(*, actor: StaffActor, parent: UUID, name: str) -> Category:
    """Add a sub-category to a category; see ``add_category``.

    Raises:
        Category.DoesNotExist: ``parent`` is absent or itself a sub-category.
        Refused: As ``add_category``; the name is taken within the same category.
    """
    must_administer(actor)
    above = Category.objects.select_for_update(no_key=True).get(ref=parent, parent__isnull=True)
    category = Category.objects.create(name=name, parent=above)
    audit.record(actor, "category.added", category, parent=above.ref)
    return category


@refusing_duplicates(Refusal.CATEGORY_NAME_TAKEN)
@transaction.atomic(durable=True)
def rename_category(*, actor: StaffActor, ref: UUID, name: str) -> Category:
    """Give a category or sub-category another name, also where it was used before.

    Raises:
        Category.DoesNotExist: Absent.
        Refused: As ``add_category``.
    """
    must_administer(actor)
    category = Category.objects.select_for_update(no_key=True).get(ref=ref)
    if category.name == name:
        return category
    category.name = name
    category.save(update_fields=["name"])
    audit.record(actor, "category.renamed", category)
    return category


@transaction.atomic(durable=True)
def retire_category(*, actor: StaffActor, ref: UUID) -> Category:
    """Stop offering a category and what is beneath it; what was filed under it stays there.

    Raises:
        Category.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school, or this is the last category.
    """
    must_administer(actor)
    # All of them, so that two administrators do not retire the last two at the same moment.
    tops = Category.objects.filter(parent__isnull=True, is_active=True).order_by("id")
    offered = {category.pk for category in tops.select_for_update(no_key=True)}
    category = Category.objects.select_for_update(no_key=True).get(ref=ref)
    if why := policies.why_not_retire_category(is_last=offered == {category.pk}):
        raise Refused(why)
    return _offer(actor, category, "category.retired", is_active=False)


@transaction.atomic(durable=True)
def bring_back_category(*, actor: StaffActor, ref: UUID) -> Category:
    """Offer a retired category again.

    Raises:
        Category.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school.
    """
    must_administer(actor)
    category = Category.objects.select_for_update(no_key=True).get(ref=ref)
    return _offer(actor, category, "category.brought_back", is_active=True)


def _offer(actor: StaffActor, category: Category, verb: str, *, is_active: bool) -> Category:
    if category.is_active != is_active:
        category.is_active = is_active
        category.save(update_fields=["is_active"])
        audit.record(actor, verb, category)
    return category
