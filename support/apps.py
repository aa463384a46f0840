"""The support app."""

from importlib import import_module

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """The user guide, how to reach us, and a school's tickets to the helpdesk."""

    name = "support"

    def ready(self) -> None:
        """Register the handlers of events."""
        import_module("support.handlers")
