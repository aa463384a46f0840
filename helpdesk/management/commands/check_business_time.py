"""``check_business_time DIR``: is the working time worked out as these cases expect?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from helpdesk.business_time_cases import Unreadable, cases_in


class Command(BaseCommand):
    """Work out every case of a folder and say where the answer is another; changes nothing."""

    help = (
        "Check the arithmetic of office hours against a folder of cases: calendars.json, and files "
        "named *due*.csv or *random*.csv, *elapsed*.csv and *timelines*.json."
    )
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        checked = wrong = 0
        try:
            for case in cases_in(options["folder"]):
                checked += 1
                for mismatch in case.mismatches():
                    self.stdout.write(f"{case.file} {case.id}: {mismatch}")
                    wrong += 1
        except Unreadable as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"{checked} cases checked, {wrong} mismatches.")
        if wrong:
            raise CommandError(f"{wrong} mismatches.")
