"""What a school's own role costs: ``python -m tests.benchmarks.role_switch``.

A key holder's dashboard with 20 alerts, as the school's role, against the same page in the same run
with nothing but the search path set; for that the application's role inherits the school's powers.
The rounds alternate, each on a connection fresh from the pool. ``switch_us`` is the one statement
alone, with the application a member of so many roles; ``path_us`` the one that sets the path and no
role. A request takes both of its places, so twice their difference is what the roles cost it.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg import sql

from tests.benchmarks.platform_up import platform_up, tell

ROUNDS = 300
ROLES = (1, 1_000, 5_000)


def main() -> None:
    """Onboard a school, raise alerts, open the dashboard in both ways."""
    with platform_up():
        tell(benchmark="role_switch", **_measure())


def _measure() -> dict[str, object]:
    from django.db import connection
    from django.test import Client

    from core.database.places import SWITCH
    from core.tenancy import in_school
    from tests import factories

    school = factories.onboard(factories.GREENWOOD)
    with in_school(school):
        teacher = factories.make_staff("teacher")
        dsl = factories.make_staff("dsl", kind="key_holder")
        student = factories.make_student()
        for _ in range(20):
            factories.make_incident(teacher, student=student, recipients=[dsl])
    client = Client(HTTP_HOST=school.host)
    factories.log_in(client, school, dsl)

    def dashboard() -> None:
        connection.close()
        assert client.get("/").status_code == 200

    def without_role() -> None:
        with patch("core.database.base.DatabaseWrapper._switch", _path_alone):
            dashboard()

    with _inheriting(school.schema_name, "control_plane"):
        with_role, bare = _alternating(dashboard, without_role)
    figures: dict[str, object] = {
        "dashboard_ms": with_role,
        "without_role_ms": bare,
        "cost": round(with_role / bare - 1, 3),
        "wanted_cost": 0.05,
    }
    path = "SELECT set_config('application_name', %s, false), set_config('search_path', %s, false)"
    path_us = figures["path_us"] = _switching(path, school.schema_name)
    made = 1
    for roles in ROLES:
        _make_roles(made, roles)
        made = roles
        switch_us = figures[f"switch_us_{roles}_roles"] = _switching(SWITCH, school.schema_name)
    figures["cost_by_statement"] = round(2 * (switch_us - path_us) / 1000 / bare, 4)
    return figures


def _path_alone(self: Any, cursor: Any) -> None:
    paths = self._get_cursor_search_paths()
    cursor.execute("SELECT set_config('search_path', %s, false)", [", ".join(paths)])
    self.search_path_set_schemas = paths


@contextmanager
def _inheriting(*roles: str) -> Iterator[None]:
    grant = sql.SQL("GRANT {} TO safeguarding WITH INHERIT {}, SET TRUE")
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for role in roles:
            owner.execute(grant.format(sql.Identifier(role), sql.SQL("TRUE")))
        yield
        for role in roles:
            owner.execute(grant.format(sql.Identifier(role), sql.SQL("FALSE")))


def _make_roles(first: int, last: int) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        for number in range(first, last):
            role = sql.Identifier(f"s_bench{number}")
            owner.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(role))
            owner.execute(
                sql.SQL("GRANT {} TO safeguarding WITH INHERIT FALSE, SET TRUE").format(role)
            )


def _switching(switch: str, schema: str) -> float:
    """Return the microseconds of one switch, the first on its connection left out."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        taken = []
        for number in range(1_000):
            role = "none" if number % 2 else schema
            began = time.perf_counter()
            connection.execute(switch, [role, schema])
            taken.append(time.perf_counter() - began)
    return round(median(taken[1:]) * 1e6)


def _alternating(*ways: Callable[[], Any]) -> list[float]:
    taken: list[list[float]] = [[] for _ in ways]
    for number in range(ROUNDS + 10):
        for seconds, way in zip(taken, ways, strict=True):
            began = time.perf_counter()
            way()
            if number >= 10:
                seconds.append(time.perf_counter() - began)
    return [round(median(seconds) * 1000, 2) for seconds in taken]


if __name__ == "__main__":
    main()
