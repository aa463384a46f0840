"""``failed_deliveries [--school SLUG] [--days N]``: what nobody was told, over the fleet."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core import clock
from notifications.selectors import Failure, failures_at
from tenants.models import School
from tenants.selectors import open_schools, school_by_slug


class Command(BaseCommand):
    """List parked events and refused alerts; ends with 1 if there are any, 2 if asked wrongly."""

    help = "List emails that were given up, refused, or are stuck: references, never names."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--school", metavar="SLUG", help="one school instead of all")
        parser.add_argument("--days", type=int, help="only what failed in the last N days")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        failures = [
            failure
            for school in _schools(options["school"])
            for failure in failures_at(school)
            if _is_recent(failure, options["days"])
        ]
        for failure in failures:
            self.stdout.write(_line(failure))
        if failures:
            raise SystemExit(1)


def _schools(slug: str | None) -> list[School]:
    if slug is None:
        return open_schools()
    try:
        return [school_by_slug(slug)]
    except School.DoesNotExist:
        raise CommandError(f"There is no open school “{slug}”.", returncode=2) from None


def _is_recent(failure: Failure, days: int | None) -> bool:
    return days is None or failure.since >= clock.now() - timedelta(days=days)


def _line(failure: Failure) -> str:
    when = failure.since.isoformat(timespec="seconds")
    return "\t".join([failure.school, str(failure.ref), failure.kind, when, failure.reason])
