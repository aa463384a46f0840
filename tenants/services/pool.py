"""Schemas that wait for a school, so that bringing one on takes milliseconds."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from core.tenancy import in_control_plane
from tenants.models import ReadySchema
from tenants.schema_state import fingerprint
from tenants.services import blueprints


def take_one() -> str | None:
    """Take a ready schema out of the pool; None where there is none of the newest migrations.

    In the control plane, within the transaction that gives it to a school.
    """
    ready = (
        ReadySchema.objects.select_for_update(skip_locked=True)
        .filter(is_made=True, fingerprint=fingerprint())
        .order_by("pk")
        .first()
    )
    if ready is None:
        return None
    ready.delete()
    return ready.schema_name


def fill() -> int:
    """Drop ready schemas of other migrations, and make new ones until there are enough.

    Each has its row before it is made, so that none is forgotten where this ends half-way.

    Returns:
        How many were made.

    Raises:
        ImproperlyConfigured: This process is not the owner's.
    """
    _drop_others()
    _order()
    made = 0
    while _make_one():
        made += 1
    return made


def _drop_others() -> None:
    while True:
        with _one_of(ReadySchema.objects.exclude(fingerprint=fingerprint())) as other:
            if other is None:
                return
            blueprints.drop_schema(other.schema_name)
            other.delete()


def _order() -> None:
    with in_control_plane(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ready schemas'))")
        missing = settings.READY_SCHEMAS - ReadySchema.objects.count()
        ReadySchema.objects.bulk_create(
            ReadySchema(fingerprint=fingerprint()) for _number in range(missing)
        )


def _make_one() -> bool:
    with _one_of(ReadySchema.objects.filter(is_made=False)) as ready:
        if ready is None:
            return False
        blueprints.drop_schema(ready.schema_name)
        blueprints.make_schema(ready.schema_name, blueprints.scripts().values())
        ready.is_made = True
        ready.save(update_fields=["is_made"])
    return True


@contextmanager
def _one_of(rows: QuerySet[ReadySchema]) -> Iterator[ReadySchema | None]:
    """Hold one of the rows that nobody else holds."""
    with in_control_plane(), transaction.atomic():
        yield rows.select_for_update(skip_locked=True).order_by("pk").first()
