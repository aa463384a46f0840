"""``seed_demo --json .run/demo.json --mailbox-url …``: the demo's schools, people and passwords."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from safeguarding.seeding import (
    SCHOOLS,
    NotADemo,
    give_face_password,
    give_passwords,
    record_plenty,
    seed_school,
)

#: Of what is kept from start to start: accounts of before have keys that no longer open.
_VERSION = 2


class Command(BaseCommand):
    """Make the demo's two schools where they are missing; say how to log in."""

    help = "Onboard the two invented schools of the demo and write their accounts to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to write, and the addresses that only the caller knows."""
        parser.add_argument("--json", type=Path, required=True)
        parser.add_argument("--mailbox-url", required=True)
        parser.add_argument("--plenty", action="store_true", help="A term's concerns, not a few.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seed; passwords are made anew only where the file that holds them is gone."""
        path: Path = options["json"]
        known = _known(path)
        schools = []
        try:
            for demo in SCHOOLS:
                self.stdout.write(f"{demo.name} ...")
                school = seed_school(demo)
                if options["plenty"]:
                    record_plenty(demo, school)
                accounts = known.get(demo.slug) or give_passwords(demo, school)
                schools.append({"slug": demo.slug, "url": school.url, "accounts": accounts})
            faces = [
                {
                    "slug": label,
                    "url": _face(label),
                    "accounts": known.get(label) or [give_face_password(label)],
                }
                for label in settings.CONTROL_PLANE_FACES
            ]
        except NotADemo as refusal:
            raise CommandError(str(refusal)) from None
        _write(
            path,
            {
                "version": _VERSION,
                "schools": schools,
                "faces": faces,
                "mailbox_url": options["mailbox_url"],
            },
        )


def _known(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text())
        if told["version"] != _VERSION:
            return {}
        return {site["slug"]: site["accounts"] for site in (*told["schools"], *told["faces"])}
    except (OSError, ValueError, KeyError):
        return {}


def _face(label: str) -> str:
    return settings.PUBLIC_ORIGIN.format(host=f"{label}.{settings.BASE_DOMAIN}")


def _write(path: Path, told: dict[str, Any]) -> None:
    # Whole or not at all, and for nobody else's eyes: it holds passwords.
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(told, file, indent=2)
    part.replace(path)
