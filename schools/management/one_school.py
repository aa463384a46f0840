"""The option ``--school``: a command works at one open school, or not at all."""

from argparse import ArgumentParser

from django.core.management.base import CommandError

from tenants.models import School
from tenants.selectors import school_by_slug


def add_school(parser: ArgumentParser) -> None:
    """Take the school's slug."""
    # Not marked as required: argparse would say so less clearly, and two are refused as well.
    parser.add_argument("--school", metavar="SLUG", action="append", help="required, one")


def the_one_school(slugs: list[str]) -> School:
    """Return the school.

    Raises:
        CommandError: None was named, or more than one, or one that is not open.
    """
    if len(slugs) != 1:
        raise CommandError("Say which school, exactly one: --school SLUG")
    try:
        return school_by_slug(slugs[0])
    except School.DoesNotExist:
        raise CommandError("There is no open school with that slug.") from None
