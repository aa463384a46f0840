"""How fast the dashboard is: ``python -m tests.benchmarks.dashboard``.

A key holder's dashboard through the whole middleware, with 1 and with 200 unread alerts, against
a bare Django view with one query in the same run; the rounds alternate.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from tests.benchmarks.platform_up import platform_up, tell

ROUNDS = 60


def main() -> None:
    """Onboard a school, raise alerts, open the dashboard."""
    with platform_up():
        tell(benchmark="dashboard", **_measure())


def _measure() -> dict[str, object]:
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    from core.tenancy import in_school
    from tests import factories

    school = factories.onboard(factories.GREENWOOD)
    bare = Client(HTTP_HOST=school.host)
    figures: dict[str, object] = {}
    with in_school(school):
        teacher = factories.make_staff("teacher")
        dsl = factories.make_staff("dsl", kind="key_holder")
        student = factories.make_student()
    client = Client(HTTP_HOST=school.host)
    factories.log_in(client, school, dsl)

    def dashboard() -> None:
        assert client.get("/").status_code == 200

    def baseline() -> None:
        assert bare.get("/").status_code == 200

    with override_settings(MIDDLEWARE=["tests.benchmarks.bare.bare_urls"]):
        baseline()

    raised = 0
    for alerts in (1, 200):
        with in_school(school):
            while raised < alerts:
                factories.make_incident(teacher, student=student, recipients=[dsl])
                raised += 1
        with CaptureQueriesContext(connection) as captured:
            dashboard()
        # Counted now: the next request empties Django's log of queries.
        figures[f"queries_{alerts}"] = len(captured)
        ours, theirs = _alternating(dashboard, baseline)
        figures[f"ms_{alerts}"] = ours
        figures[f"bare_ms_{alerts}"] = theirs
        figures[f"ratio_{alerts}"] = round(ours / theirs, 1)
    return figures


def _alternating(*ways: Callable[[], Any]) -> list[float]:
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(ROUNDS):
        for seconds, way in zip(taken, ways, strict=True):
            begin = time.perf_counter()
            way()
            seconds.append(time.perf_counter() - begin)
    return [round(median(seconds) * 1000, 2) for seconds in taken]


if __name__ == "__main__":
    main()
