"""How fast a large school's export is imported: ``python -m tests.benchmarks.import_mis``.

Prints one JSON line. The times hold reading, comparing and writing, in one transaction on a real
PostgreSQL, without the start of Python and Django: the first import, the same files again, and
files in which every pupil has another UPN, birth date, year group and class.
"""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from infra.demo_data.invented import HILLSIDE, Class, School
from infra.demo_data.make import export
from tests.benchmarks.platform_up import platform_up, tell

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
    """Onboard a school, import three times."""
    with platform_up() as folder:
        tell(benchmark="import_mis", **_measure(folder))


def _measure(folder: Path) -> dict[str, object]:
    from schools.services.onboarding import onboard_school

    school = onboard_school(
        slug="hillside", name=FIRST.name, urn=FIRST.urn, admin_email="head@hillside.example"
    )
    first, rows = _timed(school, FIRST, folder / "first")
    again, _ = _timed(school, FIRST, folder / "again")
    changed, _ = _timed(school, SECOND, folder / "changed")
    return {
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
    from core.actors import Actor
    from core.tenancy import in_school
    from schools.services.mis_import import import_students_and_staff

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
