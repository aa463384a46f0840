"""``deactivate_operator --email …``: their access ends at once."""

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core.actors import Actor
from tenants.models import Operator
from tenants.services.operators import deactivate_operator


class Command(BaseCommand):
    """End an operator's access at once; what they did stays on record."""

    help = "End an operator's access: sessions, password, links."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            deactivate_operator(actor=Actor(request_id=uuid4().hex), email=options["email"].strip())
        except Operator.DoesNotExist:
            raise CommandError("Nobody here logs in with that email address.") from None
        self.stdout.write("Logged out everywhere; the password is gone.")
