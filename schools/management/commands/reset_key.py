"""``reset_key --school SLUG --email …``: for somebody whom no colleague can help."""

from argparse import ArgumentParser
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core.actors import Actor
from core.refusals import Refused
from core.tenancy import in_school
from schools import selectors
from schools.management.one_school import add_school, the_one_school
from schools.services import keys


class Command(BaseCommand):
    """Reset a key where nobody at the school holds one, such as the first administrator's."""

    help = "Reset one member of staff's key; make sure who asks, as a colleague would in person."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_school(parser)
        parser.add_argument("--email", required=True, help="whose log-in it is")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        with in_school(the_one_school(options["school"] or [])):
            self._reset(options["email"])

    def _reset(self, email: str) -> None:
        staff = selectors.staff_with_email(email)
        if staff is None:
            raise CommandError("Nobody at this school logs in with that email address.")
        try:
            keys.reset_key_for_ops(actor=Actor(request_id=uuid4().hex), ref=staff.ref)
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(f"{email} can set up a new key within 24 hours.")
