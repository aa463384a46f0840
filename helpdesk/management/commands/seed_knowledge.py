"""``seed_knowledge --email …``: the demo's invented articles and webinars."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core.accounts.models import User
from core.tenancy import at_face
from helpdesk.face import FACE
from helpdesk.seeding import NotADemo, seed_knowledge


class Command(BaseCommand):
    """Publish invented articles and webinars where there are none; only in the demo."""

    help = "Publish the demo's invented articles and webinars."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", default="robin@helpdesk.example", help="an editor or a lead")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        with at_face(FACE):
            user = User.objects.filter(email=options["email"]).first()
        if user is None:
            raise CommandError("Nobody at the helpdesk has this email address.")
        try:
            seed_knowledge(user.pk)
        except NotADemo as refusal:
            raise CommandError(str(refusal)) from None
