"""``add_operator --email … --name …``: somebody who looks after the platform."""

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from typing_extensions import override

from core.actors import Actor
from core.refusals import Refused
from tenants.face import FACE
from tenants.services.operators import add_operator


class Command(BaseCommand):
    """Add somebody who looks after the platform; nobody is given a password, the first-time link goes out by email."""

    help = (
        "Add somebody who looks after the platform, who sets a password through the emailed link."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            operator = add_operator(
                actor=Actor(request_id=uuid4().hex),
                email=options["email"].strip(),
                name=options["name"].strip(),
            )
        except ValidationError:
            raise CommandError("Give a full email address.") from None
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(
            f"{operator.name} gets the first-time link for {FACE.url}/login/ by email."
        )
