"""``seed_demo_tickets``: tickets of the demo's two schools, once; after ``seed_demo``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from safeguarding.seeding import FACES, SCHOOLS, NotADemo, people_of, seed_school
from support.seeding import seed_tickets


class Command(BaseCommand):
    """Let the demo's schools have asked the helpdesk a few things; changes nothing the second time."""

    help = "Raise the demo's invented tickets, where its schools have none yet."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            places = {}
            for demo in SCHOOLS:
                school = seed_school(demo)
                places[demo.slug] = (school, *people_of(demo, school))
            lead, *_ = FACES["helpdesk"]
            self.stdout.write(f"{len(seed_tickets(places, lead=lead))} tickets.")
        except NotADemo as refusal:
            raise CommandError(str(refusal)) from None
