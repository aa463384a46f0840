"""``add_agent --email … --name … --role …``: somebody who works at the helpdesk."""

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from typing_extensions import override

from core.actors import Actor
from core.refusals import Refused
from helpdesk.face import FACE
from helpdesk.services.agents import add_agent
from helpdesk.terms import AgentRole


class Command(BaseCommand):
    """Add somebody who works at the helpdesk; nobody is given a password, the first-time link goes out by email."""

    help = "Add somebody who works at the helpdesk, who sets a password through the emailed link."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=[role.value for role in AgentRole])

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            agent = add_agent(
                actor=Actor(request_id=uuid4().hex),
                email=options["email"].strip(),
                name=options["name"].strip(),
                role=AgentRole(options["role"]),
            )
        except ValidationError:
            raise CommandError("Give a full email address.") from None
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(f"{agent.name} gets the first-time link for {FACE.url}/login/ by email.")
