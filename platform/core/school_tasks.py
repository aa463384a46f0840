"""Celery tasks of a school: the school's reference is the first argument of every message."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from celery.exceptions import Reject
from django.conf import settings
from django.utils.module_loading import import_string

from core.tenancy import in_school

log = structlog.get_logger(__name__)


def school_task(*, name: str, **options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Make a task that runs inside one school and nowhere else.

    The message carries the school's reference and ids, never pupil data. A message whose school
    is missing, unknown or not open is rejected and logged; it never runs in the public schema.
    It is acknowledged once the work is done, unless ``options`` say otherwise.
    """
    settled = {"ignore_result": True, "acks_late": True, **options}

    def make(work: Callable[..., Any]) -> Any:
        @shared_task(name=name, **settled)
        @wraps(work)
        def run(school: str = "", *args: Any, **kwargs: Any) -> Any:
            with in_school(_open_school(school, name)):
                return work(*args, **kwargs)

        return run

    return make


def _open_school(ref: str, task: str) -> Any:
    find: Callable[[UUID], Any] = import_string(settings.SCHOOL_OF)
    with suppress(ValueError, AttributeError, TypeError):
        school = find(UUID(ref))
        if school is not None and school.is_open:
            return school
    log.error("task_without_open_school", task=task)
    raise Reject(f"{task}: no open school", requeue=False)
