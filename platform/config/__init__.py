"""Wiring."""

from config.celery import app as celery_app
from core.memory import forbid_core_dumps

__all__ = ["celery_app"]

# Every process of the platform begins here.
forbid_core_dumps()
