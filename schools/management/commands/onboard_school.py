"""Bring one school on: ``onboard_school --slug … --name … --urn … --admin-email …``."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from schools.services.onboarding import onboard_school


class Command(BaseCommand):
    """Bring one school on; safe to interrupt and run again."""

    help = "Bring one school on: host, schema, keys, categories, groups, first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the school's particulars."""
        parser.add_argument("--slug", required=True, help="first label of its address")
        parser.add_argument("--name", required=True)
        parser.add_argument("--urn", required=True, help="six digits, from the DfE's register")
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-given-name", default="")
        parser.add_argument("--admin-family-name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """Onboard, or say field by field what is wrong."""
        try:
            school = onboard_school(
                slug=options["slug"],
                name=options["name"],
                urn=options["urn"],
                admin_email=options["admin_email"],
                admin_name=(options["admin_given_name"], options["admin_family_name"]),
                is_welcomed=True,
            )
        except ValidationError as error:
            lines = [f"--{f.replace('_', '-')}: {m[0]}" for f, m in error.message_dict.items()]
            raise CommandError("\n".join(lines)) from None
        self.stdout.write(f"{school.name} is open at {school.url}/login/")
        self.stdout.write(
            "Its administrator is sent the address, and asks for the first-time link there."
        )
