"""The safeguarding app."""

from django.apps import AppConfig


class SafeguardingConfig(AppConfig):
    """Incidents, actions, alerts: the record about students."""

    name = "safeguarding"
