"""``migrate_schemas --shared``: bring the public schema up to date."""

from typing import Any

from django.core.management.base import CommandError
from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand
from typing_extensions import override

from core.tenancy import in_control_plane


class Command(MigrateSchemasCommand):  # type: ignore[misc] # django-tenants ships no types
    """The library's command, for the public schema alone."""

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if not options["shared"]:
            raise CommandError("Say --shared; migrate_fleet brings all schemas up to date.")
        with in_control_plane():
            super().handle(*args, **options)
