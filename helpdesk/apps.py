"""The helpdesk app."""

from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    """The shared helpdesk: its people, and room for its tickets."""

    name = "helpdesk"
