"""The notifications app."""

from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Who is told of what, and how."""

    name = "notifications"

    def ready(self) -> None:
        """Register the handlers of events."""
        import_module("notifications.handlers")
