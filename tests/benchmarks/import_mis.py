"""How fast a large school's export is imported: ``python -m tests.benchmarks.import_mis``.

Prints one JSON line. The times hold reading, comparing and writing, in one transaction on a real
PostgreSQL, without the start of Python and Django: the first import, the same files again, and
files in which every pupil has another UPN, birth date, year group and class.
"""

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import django

from infra.demo_data.invented import HILLSIDE, Class, School
from infra.demo_data.make import export
from infra.embedded.services import Services

ROOT = Path(__file__).parents[2]
PUPILS, STAFF = 2000, 150

#: Eighty classes; in the second export everybody is a year younger.
FIRST = replace(
    HILLSIDE,
    classes=tuple(
        Class(title=f"{year}{form}", year=year, size=25)
        for year in range(6, 14)
        for form in "ABCDEFGHIJ"
    ),
    staff_roles={"administrator": 10, "teacher": 100, "aide": 40},
    pupils={},
)
SECOND = replace(
    FIRST,
    classes=tuple(
        replace(one, year=one.year - 1, title=f"{one.title} bis") for one in FIRST.classes
    ),
)


def main() -> None:
    """Start the services, onboard a school, import three times."""
    sys.path.insert(0, str(ROOT / "platform"))
    with (
        tempfile.TemporaryDirectory() as folder,
        Services(Path(folder) / "services") as services,
    ):
        os.environ.update(services.environ())
        os.environ.update(BASE_DOMAIN="localhost", DJANGO_SETTINGS_MODULE="config.settings.test")
        django.setup()
        sys.stdout.write(json.dumps(_measure(Path(folder))) + "\n")


def _measure(folder: Path) -> dict[str, object]:
    from django.core.management import call_command  # noqa: PLC0415 - needs the environment

    from schools.services.onboarding import onboard_school  # noqa: PLC0415

    call_command("migrate_schemas", shared=True, verbosity=0)
    school = onboard_school(
        slug="hillside", name=FIRST.name, urn=FIRST.urn, admin_email="head@hillside.example"
    )
    first, rows = _timed(school, FIRST, folder / "first")
    again, _ = _timed(school, FIRST, folder / "again")
    changed, _ = _timed(school, SECOND, folder / "changed")
    return {
        "benchmark": "import_mis",
        "pupils": PUPILS,
        "staff": STAFF,
        "rows": rows,
        "rows_per_s": round(rows / first),
        "first_s": round(first, 2),
        "again_s": round(again, 2),
        "all_changed_s": round(changed, 2),
        "budget_s": 5,
    }


def _timed(school: Any, made_from: School, folder: Path) -> tuple[float, int]:
    from core.actors import Actor  # noqa: PLC0415 - needs the environment
    from core.tenancy import in_school  # noqa: PLC0415
    from schools.services.mis_import import import_students_and_staff  # noqa: PLC0415

    export(made_from, folder)
    with in_school(school):
        begin = time.perf_counter()
        report = import_students_and_staff(actor=Actor(), folder=folder)
        seconds = time.perf_counter() - begin
    if report.is_refused:
        raise SystemExit("\n".join(map(str, report.plan.problems)))
    return seconds, report.rows


if __name__ == "__main__":
    main()
