"""The page shell and its components; knows no word of a school."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Templates, tags and widgets that every face shares."""

    name = "ui"
    label = "ui"
