"""Finding schools."""

from collections.abc import Collection
from functools import reduce
from operator import or_
from uuid import UUID

from django.core.paginator import Page
from django.db import connection
from django.db.models import Q

from core.pages import page_of
from core.tenancy import in_control_plane, nowhere
from tenants.models import Establishment, Onboarding, Operator, School
from tenants.terms import SchoolState


def school_at(host: str) -> School | None:
    """Return the school whose registered host is ``host`` (lower case, no port), in any state."""
    return _found("SELECT * FROM public.school_at(%s)", host)


def school_of(ref: UUID) -> School | None:
    """Return the school of a reference, in any state."""
    return _found("SELECT * FROM public.school_of(%s)", ref)


def _found(ask: str, by: str | UUID) -> School | None:
    # As nobody: what leads to a school needs no power over the other schools' rows.
    with nowhere():
        return next(iter(School.objects.raw(ask, [by])), None)


def school_by_slug(slug: str) -> School:
    """Return an open school.

    Raises:
        School.DoesNotExist: There is none of that name, or it is not open.
    """
    with in_control_plane():
        return School.objects.get(slug=slug, state=SchoolState.OPEN)


def open_schools() -> list[School]:
    """Return every open school, by slug."""
    with in_control_plane():
        return list(School.objects.filter(state=SchoolState.OPEN).order_by("slug"))


def schools_with_due_events() -> list[UUID]:
    """Return the references of the open schools whose outbox has something due.

    One call over all schemas: the sweep must not visit a thousand schools one by one, and no
    role of ours may read them all.
    """
    with in_control_plane(), connection.cursor() as cursor:
        cursor.execute("SELECT schools_with_due_events()")
        return [ref for (ref,) in cursor.fetchall()]


def schools_with_unsealed_audit() -> list[UUID]:
    """Return the references of the open schools whose record has something in no seal yet."""
    with in_control_plane(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM public.schools_with_unsealed_audit()")
        return [ref for (ref,) in cursor.fetchall()]


def schools_wrapped_otherwise(wrapping_key: str, *, after: int, at_most: int) -> list[School]:
    """Return the next schools whose keysets another key wrapped, by id.

    Args:
        wrapping_key: Name of the key that wraps now.
        after: Id of the last school that was looked at; 0 at first.
        at_most: How many.
    """
    with in_control_plane():
        waiting = School.objects.wrapped_otherwise(wrapping_key).filter(pk__gt=after)
        return list(waiting.order_by("pk")[:at_most])


def onboardings_of(batch: UUID) -> list[Onboarding]:
    """Return the schools that were asked for together, in the order of the list."""
    with in_control_plane():
        return list(Onboarding.objects.filter(batch=batch).order_by("pk"))


def next_onboarding(*, but: Collection[int]) -> Onboarding | None:
    """Return the onboarding that has waited longest, those that failed before after the others.

    Args:
        but: Row ids of those that are passed over.
    """
    with in_control_plane():
        waiting = Onboarding.objects.unfinished().exclude(pk__in=but)
        return waiting.alias(failed=~Q(failure="")).order_by("failed", "pk").first()


def unfinished_onboardings(at_most: int) -> list[Onboarding]:
    """Return schools that are being brought on, those that failed first, then the oldest."""
    rows = Onboarding.objects.unfinished().alias(failed=~Q(failure=""))
    return list(rows.order_by("-failed", "pk")[:at_most])


def establishment_with(urn: str) -> Establishment | None:
    """Return an establishment of the DfE's register."""
    return Establishment.objects.filter(urn=urn).first()


def establishments_page(words: str, number: int) -> "Page[Establishment]":
    """Return a page of the register: a URN, or every word in name, town, postcode or trust."""
    found = Establishment.objects.order_by("name", "pk")
    for word in words.split():
        in_words = (
            Q(**{f"{field}__icontains": word})
            for field in ("name", "town", "postcode", "local_authority", "trust")
        )
        found = found.filter(reduce(or_, in_words, Q(urn=word)))
    return page_of(found, number)


def open_schools_of_trust(code: str) -> list[Establishment]:
    """Return the schools of a trust that teach now, by name."""
    rows = Establishment.objects.filter(trust_code=code, status__startswith="Open")
    return list(rows.exclude(trust_code="").order_by("name", "pk"))


def urns_here(urns: Collection[str]) -> set[str]:
    """Return which of these establishments are schools of ours already."""
    return set(School.objects.filter(urn__in=urns).values_list("urn", flat=True))


def schools_page(number: int) -> "Page[School]":
    """Return a page of all schools in any state, by name, without their keysets."""
    schools = School.objects.defer("text_keyset", "files_keyset")
    return page_of(schools.order_by("name", "pk"), number)


def operator_of_user(user_id: int) -> Operator | None:
    """Return the operator of an account, if they still look after the platform."""
    return Operator.objects.filter(user_id=user_id, is_active=True, user__is_active=True).first()
