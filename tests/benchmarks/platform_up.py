"""The platform on services of its own, for one benchmark."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from infra.embedded.services import Services

ROOT = Path(__file__).parents[2]


@contextmanager
def platform_up(**settled: str) -> Iterator[Path]:
    """Start the services, load Django, migrate the public schema; give a folder to work in.

    Django's modules are imported inside the block: they need the environment.

    Args:
        **settled: Environment variables beside those of the services.
    """
    sys.path.insert(0, str(ROOT / "platform"))
    with (
        tempfile.TemporaryDirectory() as folder,
        Services(Path(folder) / "services") as services,
    ):
        os.environ.update(services.environ())
        os.environ.update(
            BASE_DOMAIN="localhost",
            DJANGO_SETTINGS_MODULE="config.settings.test",
            LOG_LEVEL="CRITICAL",
            **settled,
        )
        django.setup()
        from django.core.management import call_command

        call_command("migrate_schemas", shared=True, verbosity=0)
        yield Path(folder)


def tell(**figures: object) -> None:
    """Print one benchmark as a JSON line."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()
