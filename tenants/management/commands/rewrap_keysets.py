"""``rewrap_keysets``: every school's keysets, wrapped with the key that wraps now."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core import keyring
from core.actors import Actor
from tenants.models import School
from tenants.selectors import schools_wrapped_otherwise
from tenants.services import keys


class Command(BaseCommand):
    """Wrap keysets anew, school by school; stop it at any point and run it again.

    Ends with 1 if a school's keysets do not open.
    """

    help = "Wrap all schools' keysets with the present wrapping key; nothing is encrypted anew."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=500, help="schools between two reports")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        actor = Actor(request_id=uuid4().hex)
        rewrapped = refused = 0
        for batch in _batches(max(1, options["batch"])):
            for school in batch:
                try:
                    rewrapped += keys.rewrap_keysets(actor=actor, school_ref=school.ref)
                except keyring.KeysetRefused:
                    refused += 1
                    self.stderr.write(f"{school.ref}: its keysets do not open; left as they are")
                except keyring.KeysUnavailable as error:
                    raise CommandError(
                        f"{error} {rewrapped} schools are done; run it again for the rest."
                    ) from None
            self.stdout.write(f"{rewrapped} schools done")
        self.stdout.write(f"Wrapped anew: {rewrapped} schools. Refused: {refused}.")
        if refused:
            raise SystemExit(1)


def _batches(size: int) -> Iterator[list[School]]:
    name, after = keyring.wrapping_key(), 0
    while batch := schools_wrapped_otherwise(name, after=after, at_most=size):
        after = batch[-1].pk
        yield batch
