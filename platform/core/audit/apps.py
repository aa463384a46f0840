"""The audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """See the package's own words."""

    name = "core.audit"
    label = "audit"
