"""The outbox app."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """See the package's own words."""

    name = "core.outbox"
    label = "outbox"
