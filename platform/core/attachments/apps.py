"""The attachments app."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """See the package's own words."""

    name = "core.attachments"
    label = "attachments"
