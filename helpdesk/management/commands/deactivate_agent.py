"""``deactivate_agent --email …``: their access ends at once."""

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core.actors import Actor
from helpdesk.services.agents import deactivate_agent


class Command(BaseCommand):
    """End an agent's access at once; what they did stays on record."""

    help = "End an agent's access: sessions, password, links."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            deactivate_agent(actor=Actor(request_id=uuid4().hex), email=options["email"].strip())
        except ObjectDoesNotExist:
            raise CommandError("Nobody here logs in with that email address.") from None
        self.stdout.write("Logged out everywhere; the password is gone.")
