"""The support app."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """The user guide, help sheets, questions, the knowledge base, and how to reach us."""

    name = "support"
