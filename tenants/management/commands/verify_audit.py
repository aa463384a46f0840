"""``verify_audit --school SLUG`` or ``--all``: does the record hold, from the first row to the last?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from core.audit.findings import Report
from core.audit.verification import verify
from core.tenancy import in_control_plane, in_school
from tenants.models import School
from tenants.selectors import open_schools, school_by_slug


class Command(BaseCommand):
    """Prove a school's record, or everybody's; ends with 1 if one does not hold."""

    help = (
        "Prove a school's whole record: rows, seals, anchors. Names what is bent, missing, added."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--school", metavar="SLUG", action="append", help="one school")
        parser.add_argument("--all", action="store_true", help="all schools and the control plane")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        slugs = options["school"] or []
        if options["all"] and not slugs:
            with in_control_plane():
                reports = [self._tell("control plane", verify())]
            reports += [self._verify(school) for school in open_schools()]
        else:
            reports = [self._verify(_the_one_school(slugs))]
        bent = sum(not report.holds for report in reports)
        if bent:
            raise CommandError(f"{bent} of {len(reports)} records do not hold.", returncode=1)

    def _verify(self, school: School) -> Report:
        with in_school(school):
            return self._tell(school.slug, verify())

    def _tell(self, name: str, report: Report) -> Report:
        self.stdout.write("\t".join([name, "holds" if report.holds else "BROKEN", *_words(report)]))
        for fault, tally in report.faults.items():
            self.stdout.write(f"{name}\t{tally.count} {fault.value}; the first: {tally.first}")
        return report


def _words(report: Report) -> list[str]:
    return [
        f"{report.entries} rows",
        f"{report.entries / max(report.seconds, 1e-6):.0f} rows/s",
        f"head {report.head_number} {report.head_hash[:16]}".rstrip(),
        f"tail {report.unsealed}" + (f", {report.tail_age:.0f} s" if report.tail_age else ""),
        _anchor(report),
    ]


def _anchor(report: Report) -> str:
    if not report.is_anchor_known:
        return "anchors cannot be reached"
    if report.anchored_at is None:
        return "no anchor yet"
    return f"anchor {report.anchored_number}, {report.anchored_at.isoformat(timespec='seconds')}"


def _the_one_school(slugs: list[str]) -> School:
    if len(slugs) != 1:
        raise CommandError("Say which school, exactly one: --school SLUG; or --all", returncode=2)
    try:
        return school_by_slug(slugs[0])
    except School.DoesNotExist:
        raise CommandError("There is no open school with that slug.", returncode=2) from None
