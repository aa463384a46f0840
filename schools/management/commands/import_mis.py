"""``import_mis --school SLUG DIR``: pupils and staff from the school's MIS."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core.actors import Actor
from core.tenancy import in_school
from schools.management.one_school import add_school, the_one_school
from schools.mis.problems import Weight
from schools.mis.report import ImportReport
from schools.services.mis_import import import_students_and_staff


class Command(BaseCommand):
    """Import a OneRoster 1.1 CSV export; prints counts, files and lines, never a name."""

    help = "Import a school's pupils and staff from a folder with a OneRoster 1.1 CSV export."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_school(parser)
        parser.add_argument("folder", metavar="DIR", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only show what would change")
        rows = parser.add_mutually_exclusive_group()
        rows.add_argument(
            "--all-or-nothing",
            dest="keep_good_rows",
            action="store_false",
            default=False,
            help="one bad row refuses everything (this is so unless you say otherwise)",
        )
        rows.add_argument(
            "--keep-good-rows",
            action="store_true",
            default=False,
            help="import the good rows, report the bad ones",
        )
        parser.add_argument(
            "--allow-leavers",
            action="store_true",
            help="let more than a quarter of the students or staff leave at once",
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        school = the_one_school(options["school"] or [])
        with in_school(school):
            report = import_students_and_staff(
                actor=Actor(request_id=uuid4().hex),
                folder=options["folder"],
                dry_run=options["dry_run"],
                keep_good_rows=options["keep_good_rows"],
                allow_leavers=options["allow_leavers"],
                tell=lambda step: self.stderr.write(f"{step} …"),
            )
        self._print(report)
        if report.is_refused:
            raise CommandError(_why_nothing(report, dry_run=options["dry_run"]))
        done = "Nothing was written (dry run)." if report.is_dry_run else f"{school.name} is done."
        self.stdout.write(done)

    def _print(self, report: ImportReport) -> None:
        if report.is_dry_run:
            for change in report.changes():
                self.stdout.write(change)
        for problem in report.plan.problems:
            self.stdout.write(f"{problem} [{problem.weight}]")
        is_done = not (report.is_dry_run or report.is_refused)
        self.stdout.write("What changed:" if is_done else "What would change:")
        for words, number in report.table():
            self.stdout.write(f"  {words:<20}{number:>7,}")


def _why_nothing(report: ImportReport, *, dry_run: bool) -> str:
    verb = "would be" if dry_run else "was"
    if any(problem.weight is Weight.FATAL for problem in report.plan.problems):
        return f"Nothing {verb} imported: see the lines marked [{Weight.FATAL}] above."
    return f"Nothing {verb} imported: put the bad rows right, or add --keep-good-rows."
