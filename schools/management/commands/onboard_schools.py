"""Bring many schools on: ``onboard_schools FILE.csv [--parallel N]``; safe to stop and run again."""

import csv
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actors import Actor
from schools.services.onboarding import finish_all
from tenants.models import Onboarding
from tenants.selectors import onboardings_of
from tenants.services.onboardings import Asked, NotAsked, ask_for

_NEEDED = ("urn", "admin_email")
_COLUMNS = tuple(Asked.__dataclass_fields__)


class Command(BaseCommand):
    """Bring on every school of a CSV with the columns of ``Asked``; what is done is not done again."""

    help = f"Bring on the schools of a CSV with a header; columns: {', '.join(_COLUMNS)}."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, and how many schools at a time."""
        parser.add_argument("file", type=Path, help="UTF-8 CSV; urn and admin_email are needed")
        parser.add_argument("--parallel", type=int, default=2, help="schools at a time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the whole file, then bring on what is not open yet."""
        asked, lines = _read(options["file"])
        try:
            batch = ask_for(asked, actor=Actor())
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


def _read(path: Path) -> tuple[list[Asked], list[int]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            names = [name.strip().lower() for name in rows.fieldnames or []]
            rows.fieldnames = names
            if missing := [name for name in _NEEDED if name not in names]:
                raise CommandError(f"Columns are missing: {', '.join(missing)}.")
            if unknown := [name for name in names if name not in _COLUMNS]:
                raise CommandError(
                    f"Unknown columns: {', '.join(unknown)}. Known: {', '.join(_COLUMNS)}."
                )
            asked, lines = [], []
            for row in rows:
                said = {name: (row[name] or "").strip() for name in names}
                asked.append(
                    Asked(**{name: word for name, word in said.items() if word or name in _NEEDED})
                )
                lines.append(rows.line_num)
    except OSError as error:
        raise CommandError(f"The file cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error, TypeError):
        raise CommandError("This is no UTF-8 CSV with a header. Save it as “CSV UTF-8”.") from None
    if not asked:
        raise CommandError("The file names no school.")
    return asked, lines
