"""How the public schema is migrated: by the owner, with the walls raised around what is made."""

from collections.abc import Sequence
from typing import Any

from django_tenants.migration_executors.standard import StandardExecutor
from typing_extensions import override

from tenants.services.walls import raise_walls


class WalledExecutor(StandardExecutor):  # type: ignore[misc] # django-tenants ships no types
    """Migrates schema after schema, each with its role."""

    @override
    def run_migrations(self, tenants: Sequence[str] | None = None) -> None:
        for schema in tenants or ():
            raise_walls(schema)
            super().run_migrations([schema])
            # Again for what is narrower than the rest, such as the table of migrations.
            raise_walls(schema)


def executor_for(codename: str | None = None) -> Any:
    """Return the one way to migrate, whatever ``--executor`` says."""
    return WalledExecutor
