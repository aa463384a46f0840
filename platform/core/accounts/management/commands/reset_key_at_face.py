"""``reset_key_at_face --face ops|helpdesk --email …``: for an operator or agent who lost theirs."""

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core.accounts.models import User
from core.accounts.services.keys import reset_key_at_face
from core.actors import Actor
from core.faces import face_labelled
from core.tenancy import at_face


class Command(BaseCommand):
    """Reset a key of one of the platform's own people; whoever runs this has made sure who asks."""

    help = "Reset an operator's or an agent's key; make sure in person who asks."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--face", required=True, choices=list(settings.CONTROL_PLANE_FACES))
        parser.add_argument("--email", required=True, help="whose log-in it is")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        email: str = options["email"]
        with at_face(face_labelled(options["face"])):
            try:
                reset_key_at_face(actor=Actor(request_id=uuid4().hex), email=email)
            except User.DoesNotExist:
                raise CommandError("Nobody here logs in with that email address.") from None
        self.stdout.write(f"{email} can set up a new key within 24 hours.")
