"""What a thousand schools cost: ``make bench-fleet`` (``SCHOOLS=200`` for fewer).

One run on services of its own; the stock way of Django and django-tenants is measured beside ours
where there is one.
"""

import os
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.platform_up import platform_up, tell

SCHOOLS = int(os.environ.get("SCHOOLS", "1000"))
#: How many schools are visited for each figure of a dashboard.
VISITED = 20


def main() -> None:
    """Bring schools on, one by one and by file; visit, migrate, and look at what they take."""
    with platform_up(READY_SCHEMAS="10") as folder:
        from tenants.services import blueprints

        begin = time.perf_counter()
        blueprints.scripts()
        tell(benchmark="blueprint", s=_since(begin))
        _one_by_one()
        _dashboards(1)
        size, before = _bytes(), _count()
        _by_file(folder, 100, slug="hundred")
        _dashboards(_count())
        _by_file(folder, SCHOOLS - _count(), slug="rest")
        tell(
            benchmark="empty_school",
            schools=_count(),
            bytes=round((_bytes() - size) / (_count() - before)),
        )
        _dashboards(_count())
        _memory()
        _migrations(folder)


def _since(begin: float) -> float:
    return round(time.perf_counter() - begin, 3)


def _one_by_one() -> None:
    from schools.services.onboarding import onboard_school
    from tenants.services import pool

    def onboard(number: int) -> float:
        begin = time.perf_counter()
        onboard_school(
            slug=f"one-{number}", name="One", urn=f"{810000 + number}", admin_email="a@one.example"
        )
        return time.perf_counter() - begin

    cold = [onboard(number) for number in range(5)]
    begin = time.perf_counter()
    made = pool.fill()
    filled = (time.perf_counter() - begin) / made
    warm = [onboard(100 + number) for number in range(9)]
    tell(
        benchmark="onboard_school",
        from_the_pool_ms=_ms(warm),
        without_ms=_ms(cold),
        ready_schema_ms=round(filled * 1000, 1),
        stock_migrate_ms=round(_stock_create() * 1000, 1),
    )


def _ms(seconds: list[float]) -> float:
    return round(median(seconds) * 1000, 1)


def _stock_create() -> float:
    """Return how long Django takes to migrate one more schema."""
    from django.db.migrations.executor import MigrationExecutor

    from tenants.models import new_schema_name
    from tenants.schema_state import wanted
    from tenants.services import blueprints
    from tenants.services.walls import owner_at

    schema = new_schema_name()
    with owner_at(schema) as owner:
        begin = time.perf_counter()
        with owner.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {schema}")
        MigrationExecutor(owner).migrate(list(wanted()))
        took = time.perf_counter() - begin
    blueprints.drop_schema(schema)
    return took


def _by_file(folder: Path, count: int, *, slug: str) -> None:
    from django.core.management import call_command

    first = 820000 + _count()
    lines = [f"{first + number},a@many.example,{slug}-{number}x,Many" for number in range(count)]
    path = folder / f"{slug}.csv"
    path.write_text("\n".join(["urn,admin_email,slug,name", *lines]) + "\n", encoding="utf-8")
    begin = time.perf_counter()
    call_command("onboard_schools", str(path), stdout=StringIO())
    took = time.perf_counter() - begin
    tell(
        benchmark="onboard_schools",
        schools=count,
        s=round(took, 1),
        each_ms=round(took / count * 1000, 1),
    )


def _schools() -> list[Any]:
    from core.tenancy import in_control_plane
    from tenants.models import School

    with in_control_plane():
        return list(School.objects.order_by("pk"))


def _count() -> int:
    return len(_schools())


def _asked(question: str) -> Any:
    from tenants.services.walls import owner_at

    with owner_at() as owner, owner.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def _bytes() -> int:
    return int(_asked("SELECT pg_database_size(current_database())"))


def _dashboards(schools: int) -> None:
    """Open the dashboards of some schools spread over all: the first visit, and those after it."""
    from django.test import Client

    from core.tenancy import in_school
    from tests import factories

    every = max(1, schools // VISITED)
    firsts, nexts = [], []
    for school in _schools()[::every][:VISITED]:
        client = Client(HTTP_HOST=school.host)
        with in_school(school):
            teacher = factories.make_staff("teacher")
        factories.log_in(client, school, teacher)
        taken = [_timed(lambda: client.get("/")) for _number in range(6)]  # noqa: B023 - called at once
        firsts.append(taken[0])
        nexts += taken[1:]
    tell(
        benchmark="dashboard_of_a_fleet", schools=schools, first_ms=_ms(firsts), next_ms=_ms(nexts)
    )


def _timed(do: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    assert do().status_code == 200
    return time.perf_counter() - begin


def _memory() -> None:
    """Visit every school on one connection, and look at what its backend keeps for itself."""
    from django.db import connection

    from core.tenancy import in_school
    from schools.models import Category

    def private() -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        kept = (line.split() for line in rollup.splitlines() if line.startswith("Private_"))
        return round(sum(int(words[1]) for words in kept) / 1024, 1)

    schools = _schools()
    connection.close()
    connection.close_pool()
    with in_school(schools[0]):
        before = private()
        for school in schools:
            with in_school(school):
                Category.objects.count()
        tell(benchmark="backend_memory", schools=len(schools), before_mb=before, after_mb=private())


def _migrations(folder: Path) -> None:
    from django.core.management import call_command

    from tests.tenants.fleet import HEAD, later

    def fleet() -> float:
        begin = time.perf_counter()
        call_command("migrate_fleet", "--parallel", "2", stdout=StringIO())
        return _since(begin)

    tell(benchmark="nothing_to_migrate", schools=_count(), s=fleet(), stock_s=_stock_nothing())
    column = (
        HEAD
        + """
    operations = [
        migrations.AddField("category", "later", models.IntegerField(null=True)),
        migrations.RunSQL("CREATE TABLE later (id int)"),
    ]
"""
    )
    with later(folder, column):
        tell(benchmark="add_a_column", schools=_count(), s=fleet())


def _stock_nothing() -> float:
    """Return how long Django would look at all schools, by what it takes for three."""
    from django.core.management import call_command

    from tenants.services.walls import OWNER, owner_at

    some = [school.schema_name for school in _schools()[:3]]
    begin = time.perf_counter()
    for schema in some:
        with owner_at(schema):
            call_command("migrate", database=OWNER, verbosity=0, interactive=False)
    return round((time.perf_counter() - begin) / len(some) * _count(), 1)


if __name__ == "__main__":
    main()
