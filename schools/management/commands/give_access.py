"""``give_access --school SLUG --email … --group "Key holders"``: who may do what."""

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
from schools.services import staff as services


class Command(BaseCommand):
    """Put a member of staff in an access group, for ops and the demo."""

    help = "Put one member of staff in an access group."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_school(parser)
        parser.add_argument("--email", required=True, help="whose log-in it is")
        parser.add_argument("--group", required=True, help='such as "Key holders"')

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        with in_school(the_one_school(options["school"] or [])):
            self._give(options["email"], options["group"])

    def _give(self, email: str, name: str) -> None:
        staff = selectors.staff_with_email(email)
        if staff is None:
            raise CommandError("Nobody at this school logs in with that email address.")
        group = selectors.access_group_named(name)
        if group is None:
            names = ", ".join(one.name for one in selectors.access_groups())
            raise CommandError(f"There is no access group of that name; there are: {names}.")
        actor = Actor(request_id=uuid4().hex)
        try:
            services.give_access(actor=actor, ref=staff.ref, access_group=group.ref)
        except Refused as refused:
            raise CommandError(refused.sentence) from None
        self.stdout.write(f"{email} is in ‘{group.name}’.")
