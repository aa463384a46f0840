"""What the record costs and how fast it is proven: ``python -m tests.benchmarks.audit``.

Each figure stands beside a baseline of the same run: a table of the same columns and indexes without
guards, the page without its entry, the incident at a school without history, and a plain hash of
the same rows by PostgreSQL.
"""

import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from statistics import median
from typing import Any
from unittest.mock import patch

import psycopg

from tests.benchmarks.platform_up import platform_up, tell

ROWS = int(os.environ.get("AUDIT_BENCH_ROWS", "1000000"))
SINGLES, IN_ONE, ROUNDS = 400, 4000, 60

_PLAIN = (
    "CREATE TABLE bench_plain (LIKE audit_auditentry INCLUDING ALL)",
    "CREATE SEQUENCE bench_ids",
    "ALTER TABLE bench_plain ALTER id SET DEFAULT nextval('bench_ids')",
    "ALTER TABLE bench_plain ALTER recorded_at SET DEFAULT now()",
)
_INSERT = (
    "INSERT INTO {table} (ref, happened_at, user_id, had_key, key, address, request_id, verb,"
    " subject_kind, subject_ref, students, facts) SELECT uuidv7(), now(), n %% 200, true, 'totp:1',"
    " '192.0.2.7', 'b8e5d0c4', 'incident.viewed', 'safeguarding.incident', uuidv7(),"
    " ARRAY[uuidv7()], jsonb_build_object('actions', n %% 7) FROM generate_series(1, %s) n"
)
_PLAIN_HASH = (
    "SELECT count(sha256(convert_to(e::text, 'UTF8')) IS NOT NULL) FROM audit_auditentry e"
)


def main() -> None:
    """Onboard two schools, write, read, seal, verify."""
    with platform_up():
        tell(benchmark="audit", **_measure())


def _measure() -> dict[str, object]:
    from core.tenancy import in_school
    from tests import factories

    school = factories.onboard(factories.GREENWOOD)
    without = factories.onboard(factories.HILLSIDE)
    figures: dict[str, object] = {}
    _as_owner(school, *_PLAIN)
    with in_school(school):
        figures |= _inserting()
    figures |= _viewing(school)
    figures |= _recording(school, without)
    with in_school(school):
        figures |= _proving()
    return figures


def _inserting() -> dict[str, object]:
    from django.db import transaction

    from core.actors import Actor
    from core.audit import services
    from core.audit.models import AuditEntry

    actor = Actor(user_id=1, has_key=True, key="totp:1", address="192.0.2.7", request_id="bench")

    def ours() -> None:
        services.record(actor, "incident.viewed", actions=3)

    def plain(times: int) -> Callable[[], None]:
        return patch.object(AuditEntry._meta, "db_table", "bench_plain")(_repeated(ours, times))

    single = _seconds(_repeated(ours, SINGLES), plain(SINGLES))
    in_one = _seconds(
        transaction.atomic(_repeated(ours, IN_ONE)), transaction.atomic(plain(IN_ONE))
    )
    return {
        "rows_per_s_single": round(SINGLES / single[0]),
        "single_ratio": round(single[0] / single[1], 2),
        "rows_per_s_in_one_transaction": round(IN_ONE / in_one[0]),
        "in_one_ratio": round(in_one[0] / in_one[1], 2),
    }


def _viewing(school: Any) -> dict[str, object]:
    from django.test import Client

    from core.tenancy import in_school
    from tests import factories

    with in_school(school):
        dsl = factories.make_staff("dsl", kind="key_holder")
        page = f"/incidents/{factories.make_incident(dsl).ref}/"
    client = Client(HTTP_HOST=school.host)
    factories.log_in(client, school, dsl)

    def view() -> None:
        assert client.get(page).status_code == 200

    def view_unseen() -> None:
        with patch("core.audit.services.record"):
            view()

    return _overhead("page_view", *_seconds(view, view_unseen, rounds=ROUNDS))


def _recording(school: Any, without: Any) -> dict[str, object]:
    """With a history at one school and without one at the other."""
    from core.audit.guards import history_tables
    from core.tenancy import in_school
    from tests import factories

    ways = []
    for one in (school, without):
        with in_school(one):
            if one is without:
                off = "ALTER TABLE {} DISABLE TRIGGER audit_keep_change"
                _as_owner(one, *(off.format(table) for table in history_tables()))
            author = factories.make_staff("teacher")
            facts = {
                "student": factories.make_student(),
                "recipients": [factories.make_staff("dsl", kind="key_holder") for _ in range(3)],
            }
        ways.append(_at(one, factories.make_incident, author, facts))
    return _overhead("incident", *_seconds(*ways, rounds=ROUNDS))


def _at(school: Any, work: Callable[..., Any], author: Any, facts: dict[str, Any]) -> Any:
    from core.tenancy import in_school

    def run() -> None:
        with in_school(school):
            work(author, **facts)

    return run


def _proving() -> dict[str, object]:
    from django.db import connection

    from core.audit import sealing
    from core.audit.verification import verify
    from core.tenancy import current_school

    with connection.cursor() as cursor:
        with _timed() as plain_insert:
            cursor.execute(_INSERT.format(table="bench_plain"), [ROWS // 10])
        with _timed() as insert:
            cursor.execute(_INSERT.format(table="audit_auditentry"), [ROWS])
        _as_owner(current_school(), "VACUUM (ANALYZE) audit_auditentry")
        with _timed() as plain_hash:
            cursor.execute(_PLAIN_HASH)
        with _timed() as seal:
            sealed = sealing.seal_all(at_most=10_000)
    report = verify()
    assert report.holds, report.faults
    return {
        "rows": report.entries,
        "insert_rows_per_s": round(ROWS / insert[0]),
        "insert_ratio": round(insert[0] / plain_insert[0] / 10, 2),
        "plain_hash_rows_per_s": round(report.entries / plain_hash[0]),
        "seal_rows_per_s": round(sealed / seal[0]),
        "seal_ratio": round(seal[0] / plain_hash[0], 2),
        "verify_rows_per_s": round(report.entries / report.seconds),
        "verify_ratio": round(report.seconds / plain_hash[0], 2),
        "verify_budget_rows_per_s": 100_000,
    }


def _as_owner(school: Any, *statements: str) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(f'SET search_path = "{school.schema_name}"')
        for statement in statements:
            owner.execute(statement)


def _repeated(way: Callable[[], None], times: int) -> Callable[[], None]:
    def run() -> None:
        for _ in range(times):
            way()

    return run


def _overhead(what: str, ours: float, theirs: float) -> dict[str, object]:
    return {
        f"{what}_ms": round(ours * 1000, 2),
        f"{what}_ms_without": round(theirs * 1000, 2),
        f"{what}_overhead_ms": round((ours - theirs) * 1000, 2),
        f"{what}_ratio": round(ours / theirs, 2),
    }


def _seconds(*ways: Callable[[], Any], rounds: int = 3) -> list[float]:
    """Return the median of each way; the rounds alternate, after one that does not count."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds + 1):
        for seconds, way in zip(taken, ways, strict=True):
            with _timed() as one:
                way()
            seconds.append(one[0])
    return [median(seconds[1:]) for seconds in taken]


@contextmanager
def _timed() -> Any:
    taken: list[float] = []
    begin = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - begin)


if __name__ == "__main__":
    main()
