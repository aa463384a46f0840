"""Keeping the schools' keys young, and schemas ready for schools to come."""

from uuid import uuid4

from celery import shared_task

from core.actors import Actor
from tenants.services import keys, pool

#: Schools whose keysets are changed in one run: some forty seconds with KMS.
_AT_MOST = 100


@shared_task(name="tenants.rotate_keysets", ignore_result=True)
def rotate_keysets() -> int:
    """Take the next step of every rotation that is due; return how many schools had one."""
    done = keys.rotate_what_is_due(actor=Actor(request_id=uuid4().hex), at_most=_AT_MOST)
    return done.begun + done.promoted


@shared_task(name="tenants.keep_schemas_ready", ignore_result=True)
def keep_schemas_ready() -> int:
    """Fill the pool of ready schemas; return how many were made. Runs as the schemas' owner."""
    return pool.fill()
