"""Bring many schools on: ``onboard_schools FILE.csv [--parallel N]``; safe to stop and run again."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actors import Actor
from schools.services.onboarding import finish_all
from tenants.models import Onboarding
from tenants.onboarding_file import COLUMNS, ListRefused, read_list
from tenants.selectors import onboardings_of
from tenants.services.onboardings import NotAsked, ask_for


class Command(BaseCommand):
    """Bring on every school of a CSV with the columns of ``Asked``; what is done is not done again."""

    help = f"Bring on the schools of a CSV with a header; columns: {', '.join(COLUMNS)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and how many schools at a time."""
        parser.add_argument("file", type=Path, help="UTF-8 CSV; urn and admin_email are needed")
        parser.add_argument("--parallel", type=int, default=2, help="schools at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the whole file, then bring on what is not open yet."""
        try:
            with options["file"].open(encoding="utf-8-sig", newline="") as file:
                asked, lines = read_list(file)
            batch = ask_for(asked, actor=Actor())
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error.strerror}.") from None
        except ListRefused as error:
            raise CommandError(str(error)) from None
        except NotAsked as error:
            said = [
                f"line {lines[place]}, {field}: {words}" for place, field, words in error.errors
            ]
            raise CommandError("\n".join(said)) from None
        waiting = [one for one in onboardings_of(batch) if one.opened_at is None]
        self.stdout.write(
            f"{len(asked)} schools, {len(asked) - len(waiting)} of them open already."
        )
        begin, done = time.monotonic(), 0

        def tell(onboarding: Onboarding) -> None:
            nonlocal done
            done += 1
            left = (time.monotonic() - begin) / done * (len(waiting) - done)
            self.stdout.write(
                f"{done} of {len(waiting)}: {onboarding.slug}, about {left:.0f} s left"
            )

        finish_all(waiting, parallel=options["parallel"], tell=tell)
        failed = [one for one in onboardings_of(batch) if one.opened_at is None]
        if failed:
            said = [f"{one.slug}: {one.failure}" for one in failed]
            raise CommandError("\n".join([*said, "Mend the cause and run this again."]))
        self.stdout.write(f"All {len(asked)} schools are open.")
