"""Finding schools."""

from uuid import UUID

from django.core.paginator import Page
from django.db import connection
from psycopg import sql

from core.pages import page_of
from core.tenancy import in_control_plane
from tenants.models import Operator, School
from tenants.terms import SchoolState


def school_at(host: str) -> School | None:
    """Return the school whose registered host is ``host`` (lower case, no port), in any state."""
    return School.objects.filter(domains__domain=host).first()


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

    One query over all schemas: the sweep must not visit a thousand schools one by one.
    """
    schools = open_schools()
    if not schools:
        return []
    ask = sql.SQL(" UNION ALL ").join(
        sql.SQL(
            "SELECT {ref}::uuid WHERE EXISTS (SELECT FROM {outbox}"
            " WHERE done_at IS NULL AND parked_at IS NULL AND due_at <= now())"
        ).format(
            ref=sql.Literal(school.ref),
            outbox=sql.Identifier(school.schema_name, "outbox_outboxevent"),
        )
        for school in schools
    )
    with in_control_plane(), connection.cursor() as cursor:
        cursor.execute(ask)
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


def schools_page(number: int) -> "Page[School]":
    """Return a page of all schools in any state, by name, without their keysets."""
    schools = School.objects.defer("text_keyset", "files_keyset")
    return page_of(schools.order_by("name", "pk"), number)


def operator_of_user(user_id: int) -> Operator | None:
    """Return the operator of an account, if they still look after the platform."""
    return Operator.objects.filter(user_id=user_id, is_active=True, user__is_active=True).first()
