"""``migrate_schemas [--shared]``: bring the public schema, and every school's, up to date."""

from typing import Any

from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand
from typing_extensions import override

from core.tenancy import in_control_plane


class Command(MigrateSchemasCommand):  # type: ignore[misc] # django-tenants ships no types
    """The library's command, which asks the control plane which schemas there are."""

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        with in_control_plane():
            super().handle(*args, **options)
