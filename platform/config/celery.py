"""The Celery application."""

import os

from celery import Celery

from core.memory import forbid_core_dumps

forbid_core_dumps()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("safeguarding")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
