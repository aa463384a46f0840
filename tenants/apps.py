"""The tenants app."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Schools as tenants: names, hosts, schemas, keysets."""

    name = "tenants"
