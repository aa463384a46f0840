"""Which migrations the schema of a school needs, and whether one has fallen behind.

A school's row keeps the newest migration of each app that its schema has. What this process does
not know was added by a newer one, and migrations are backward compatible: such a school is ahead,
and served. One that lacks what this process knows is behind, and not served (decision 0026).
"""

import hashlib
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from sys import modules

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

#: App label and name of a migration.
Key = tuple[str, str]


@cache
def wanted() -> Mapping[Key, Migration]:
    """Return the migrations of a school's schema by key, each after those that it needs.

    Raises:
        ImproperlyConfigured: A school's app needs the migration of an app that it has no tables of,
            or two migrations of an app are the newest.
    """
    return _wanted_by(settings.TENANT_APPS)


def wanted_in_public() -> Mapping[Key, Migration]:
    """Return the migrations of the public schema likewise."""
    return _wanted_by(settings.SHARED_APPS)


def _wanted_by(names: Collection[str]) -> Mapping[Key, Migration]:
    loader = MigrationLoader(None)
    labels = {config.label for config in apps.get_app_configs() if config.name in names}
    found: dict[Key, Migration] = {}
    for leaf in sorted(key for key in loader.graph.leaf_nodes() if key[0] in labels):
        for key in loader.graph.forwards_plan(leaf):
            found.setdefault(key, loader.graph.nodes[key])
    if strangers := sorted({app for app, _name in found} - labels):
        raise ImproperlyConfigured(f"Migrations need those of {', '.join(strangers)}.")
    if conflicts := loader.detect_conflicts():
        raise ImproperlyConfigured(f"Merge the newest migrations of {', '.join(conflicts)}.")
    return found


def newest(applied: Collection[Key] | None = None) -> dict[str, str]:
    """Return the newest migration of each app: of all that are wanted, or of those ``applied``.

    Of ``applied`` none counts that comes after one that is missing.
    """
    found: dict[str, str] = {}
    broken: set[str] = set()
    for app, name in wanted():
        if applied is not None and (app, name) not in applied:
            broken.add(app)
        elif app not in broken:
            found[app] = name
    return found


def is_behind(there: Mapping[str, str]) -> bool:
    """Say whether a schema whose newest migrations are ``there`` lacks any that is wanted."""
    return any(
        there.get(app) != name and (app not in there or (app, there[app]) in wanted())
        for app, name in newest().items()
    )


@cache
def fingerprint() -> str:
    """Return 64 hex digits that change whenever a migration is added or its file changes."""
    total = hashlib.sha256()
    for (app, name), migration in wanted().items():
        source = Path(str(modules[type(migration).__module__].__file__)).read_bytes()
        total.update(f"{app}.{name}.{len(source)}.".encode() + source)
    return total.hexdigest()
