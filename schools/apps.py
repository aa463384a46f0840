"""The schools app."""

from django.apps import AppConfig


class SchoolsConfig(AppConfig):
    """A school's people and words: staff, students, categories, agencies, alert groups."""

    name = "schools"
