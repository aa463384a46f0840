"""Bring every schema up to date: ``migrate_fleet [--plan] [--canaries …] [--parallel …]``."""

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from tenants.services.migrating import Outcome, Pending, migrate_fleet, pending, public_is_behind


class Command(BaseCommand):
    """Migrate the public schema, then every school's that lacks something; safe to run again."""

    help = "Bring the public schema, and every school's, up to date."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which schools come first, how many at a time, and when to stop."""
        parser.add_argument("--plan", action="store_true", help="show what would be done")
        parser.add_argument(
            "--canaries",
            default="3",
            help="schools that come first, one by one: a number, or addresses' first labels",
        )
        parser.add_argument("--parallel", type=int, default=4, help="schools at a time")
        parser.add_argument(
            "--stop-after", type=int, default=5, help="failures after which no school is begun"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, or show the plan; the exit code is not zero where a school was not migrated."""
        if public_is_behind():
            if options["plan"]:
                self.stdout.write("The public schema is behind, and comes first.")
            else:
                call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        waiting = [] if options["plan"] and public_is_behind() else pending()
        canaries = _canaries(waiting, options["canaries"])
        if not waiting:
            self.stdout.write("Every school's schema is up to date.")
            return
        self._tell_plan(waiting, canaries)
        if not options["plan"]:
            self._migrate(waiting, canaries, options)

    def _tell_plan(self, waiting: Sequence[Pending], canaries: Sequence[Pending]) -> None:
        for missing, count in Counter(one.missing for one in waiting).most_common():
            names = ", ".join(f"{app}.{name}" for app, name in missing[:8])
            more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
            self.stdout.write(f"{count} schools: {names}{more}")
        self.stdout.write(f"First: {', '.join(one.school.slug for one in canaries) or 'none'}")

    def _migrate(
        self, waiting: Sequence[Pending], canaries: Sequence[Pending], options: dict[str, Any]
    ) -> None:
        begin = time.monotonic()

        def tell(outcome: Outcome) -> None:
            over = outcome.done + len(outcome.failures)
            left = timedelta(seconds=(time.monotonic() - begin) / over * (outcome.wanted - over))
            self.stdout.write(f"{over} of {outcome.wanted}, about {_said(left)} left")

        outcome = migrate_fleet(
            waiting,
            canaries=canaries,
            parallel=options["parallel"],
            stop_after=options["stop_after"],
            tell=tell,
        )
        for slug, failure in outcome.failures.items():
            self.stderr.write(f"{slug}: {failure}")
        self.stdout.write(f"{outcome.done} schools are up to date (run {outcome.run}).")
        if outcome.failures or outcome.left:
            raise CommandError(
                f"{len(outcome.failures)} schools failed, {outcome.left} were not begun."
                " Mend the cause and run this again: it goes on where it stopped."
            )


def _canaries(waiting: Sequence[Pending], asked: str) -> list[Pending]:
    if asked.isdigit():
        return list(waiting[: int(asked)])
    slugs = set(asked.split(","))
    return [one for one in waiting if one.school.slug in slugs]


def _said(left: timedelta) -> str:
    return str(timedelta(seconds=round(left.total_seconds())))
