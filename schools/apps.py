"""The schools app."""

from importlib import import_module

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """A school's people and words: staff, students, categories, agencies, alert groups."""

    name = "schools"

    def ready(self) -> None:
        """Register the handlers of events."""
        import_module("schools.handlers")
