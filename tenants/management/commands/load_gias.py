"""Load the DfE's register: ``load_gias FILE.csv``, the extract of all establishments."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actors import Actor
from tenants.register import RegisterRefused, read_register
from tenants.services.registers import load_register


class Command(BaseCommand):
    """Load the register, from which schools are brought on."""

    help = "Load the extract of all establishments of Get Information About Schools."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="CSV, as it was downloaded")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all of it, or say where it cannot be read."""
        try:
            loaded = load_register(read_register(options["file"]), actor=Actor())
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from None
        except RegisterRefused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{loaded.entries} establishments, {loaded.new} of them new.")
