"""Schools of a fleet, and migrations that come after those of the repository."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.test import override_settings
from psycopg import sql

import schools.migrations
from core.tenancy import in_control_plane
from tenants import schema_state
from tenants.models import School
from tenants.services.migrating import pending

HEAD = """
from django.db import migrations, models
from django.contrib.postgres.operations import AddIndexConcurrently

class Migration(migrations.Migration):
    dependencies = [("schools", "{after}")]
"""
TABLE = HEAD + '    operations = [migrations.RunSQL("CREATE TABLE later (id int, word text)")]\n'
CODE = (
    HEAD  # noqa: S608 - a migration, no question
    + """
    def add(apps, editor):
        category = apps.get_model("schools", "Category")
        assert not hasattr(category, "later")
        names = category.objects.using(editor.connection.alias).values_list("name", flat=True)
        with editor.connection.cursor() as cursor:
            for name in names:
                cursor.execute("INSERT INTO later VALUES (1, %s)", [name])

    operations = [migrations.RunPython(add)]
"""
)
BESIDE = (
    HEAD
    + """
    atomic = False
    operations = [migrations.RunSQL('CREATE INDEX CONCURRENTLY "later_word" ON later (word)')]
"""
)


@contextmanager
def later(folder: Path, *sources: str) -> Iterator[None]:
    """Let the app ``schools`` have further migrations; everything is taken back afterwards."""
    package = f"later_{abs(hash(folder))}"
    place = folder / package
    place.mkdir()
    own = Path(schools.migrations.__path__[0])
    (place / "__init__.py").write_text(f"__path__.append({str(own)!r})\n", encoding="utf-8")
    after = max(path.stem for path in own.glob("0*.py"))
    for number, source in enumerate(sources):
        name = f"99{number:02}_later"
        (place / f"{name}.py").write_text(source.replace("{after}", after), encoding="utf-8")
        after = name
    sys.path.insert(0, str(folder))
    with override_settings(MIGRATION_MODULES={"schools": package}):
        forget()
        try:
            yield
        finally:
            sys.path.remove(str(folder))
            _take_back()
    forget()
    assert pending() == []


def forget() -> None:
    """Look at the migrations anew."""
    schema_state.wanted.cache_clear()
    schema_state.fingerprint.cache_clear()


def _take_back() -> None:
    with in_control_plane():
        names = list(School.objects.values_list("schema_name", flat=True))
    with psycopg.connect(settings_of_owner(), autocommit=True) as owner:
        for name in names:
            schema = sql.Identifier(name)
            owner.execute(sql.SQL("DROP TABLE IF EXISTS {}.later").format(schema))
            owner.execute(
                sql.SQL("DELETE FROM {}.django_migrations WHERE name LIKE '99%'").format(schema)
            )


def settings_of_owner() -> str:
    """Return the address of the schemas' owner."""
    return os.environ["DATABASE_OWNER_URL"]


def at_owner(question: str, *values: Any) -> list[tuple[Any, ...]]:
    """Ask as the owner."""
    with psycopg.connect(settings_of_owner(), autocommit=True) as owner:
        cursor = owner.execute(question, values or None)
        return cursor.fetchall() if cursor.description else []
