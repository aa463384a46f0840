"""Proving a whole record in one pass: entries against seals, seals against each other and anchors.

PostgreSQL recomputes every digest and hash and answers with one row a seal; only into a seal that
does not hold do we look row by row. Memory is one seal, however long the record.
"""

import math
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction

from core.attachments.errors import StorageUnavailable
from core.audit import chain, guards
from core.audit.anchors import Anchor, anchors
from core.audit.findings import Fault, Report

#: How far the database's clock may be set back, by a failover for instance.
CLOCK_STEP = timedelta(minutes=1).total_seconds()
#: The sealer comes every few seconds; what waits longer than any transaction was left out.
LONGEST_TAIL = (chain.LONGEST_TRANSACTION + timedelta(minutes=5)).total_seconds()
_LOOK_BACK = chain.LOOK_BACK.total_seconds()

# Instants are seconds since 1970: a bent one may be no date that Python knows.
_SEALS = f"""
SELECT s.number, s.previous, s.hash, s.hash = {chain.SEAL_HASH}, extract(epoch FROM s.sealed_at)::float8,
       cardinality(s.ids), s.above, s.highest, s.entries, s.awaited,
       CASE WHEN s.ids[1] <= s.above
            THEN ARRAY(SELECT id FROM unnest(s.ids) AS id WHERE id <= s.above) ELSE '{{}}' END,
       coalesce(found.ids = s.ids AND found.digests = s.digests, false),
       (SELECT count(*) FROM audit_auditentry e WHERE e.id > s.above AND e.id <= s.highest),
       extract(epoch FROM found.earliest)::float8, extract(epoch FROM found.latest)::float8,
       (SELECT extract(epoch FROM e.recorded_at)::float8 FROM audit_auditentry e
         WHERE e.id = s.highest)
  FROM (SELECT *, coalesce(lag(highest) OVER (ORDER BY number), 0) AS above FROM audit_auditseal) s
 CROSS JOIN LATERAL (
   SELECT array_agg(e.id ORDER BY e.id) AS ids,
          string_agg({chain.ENTRY_DIGEST}, ''::bytea ORDER BY e.id) AS digests,
          min(e.recorded_at) AS earliest, max(e.recorded_at) AS latest
     FROM audit_auditentry e WHERE e.id = ANY (s.ids)) found
 ORDER BY s.number
"""  # noqa: S608 - our own words
_DESCRIBED = "format('id %%s, %%s, %%s, recorded %%s', e.id, e.ref, e.verb, e.recorded_at)"
_ROWS = f"""
SELECT e.id, {_DESCRIBED}, {chain.ENTRY_DIGEST} FROM audit_auditentry e
 WHERE e.id = ANY (%(ids)s) OR (e.id > %(above)s AND e.id <= %(highest)s) ORDER BY e.id
"""  # noqa: S608 - our own words
_MISDATED = f"""
SELECT {_DESCRIBED} FROM audit_auditentry e, audit_auditseal s
 WHERE s.number = %(number)s AND e.id = ANY (s.ids)
   AND extract(epoch FROM e.recorded_at)::float8 NOT BETWEEN
       CASE WHEN e.id > %(above)s THEN %(floor_above)s ELSE %(floor)s END AND %(ceiling)s
 ORDER BY e.id
"""  # noqa: S608 - our own words
_TAIL = f"""
WITH {chain.LAST_SEAL}, {chain.UNSEALED},
tail AS (
  SELECT e.id, {_DESCRIBED} AS described,
         extract(epoch FROM clock_timestamp() - e.recorded_at)::float8 AS age FROM unsealed e)
SELECT count(*), max(age), count(*) FILTER (WHERE age > %(longest)s),
       (SELECT described FROM tail WHERE age > %(longest)s ORDER BY id LIMIT 1),
       array_agg(id) FILTER (WHERE id = ANY (%(strays)s)) FROM tail
"""  # noqa: S608 - our own words


class _Seal(NamedTuple):
    number: int
    previous: bytes
    hash: bytes
    is_whole: bool
    sealed_at: float
    length: int
    above: int
    highest: int
    entries: int
    awaited: Any
    late: list[int]
    holds: bool
    there: int
    earliest: float | None
    latest: float | None
    last: float | None


def verify() -> Report:
    """Prove the record of the current school, or of the control plane.

    Returns:
        What was found; nothing is raised for a record that does not hold.
    """
    begin = time.monotonic()
    report = Report(record=chain.record_of())
    for name in guards.missing_guards():
        report.find(Fault.GUARD_OFF, name)
    one_pass = _Pass(report, _anchors_by_number(report))
    # A server-side cursor lives in a transaction.
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_SEALS, chain.parameters())
        for row in cursor:
            one_pass.take(_Seal(*row))
    one_pass.finish()
    report.seconds = time.monotonic() - begin
    return report


def _anchors_by_number(report: Report) -> dict[int, list[Anchor]]:
    by_number: dict[int, list[Anchor]] = defaultdict(list)
    try:
        for anchor in anchors():
            by_number[anchor.number].append(anchor)
            if report.anchored_at is None or anchor.put_at > report.anchored_at:
                report.anchored_at, report.anchored_number = anchor.put_at, anchor.number
    except StorageUnavailable:
        report.is_anchor_known = False
    return by_number


@dataclass
class _Pass:
    """What is remembered from seal to seal.

    Attributes:
        strays: Descriptions of entries below the highest id that no seal has held so far.
        seen_up_to: When the sealer last left nothing behind.
        last_recorded: When the entry with the highest id was recorded.
    """

    report: Report
    anchors: dict[int, list[Anchor]]
    number: int = 0
    hash: bytes = chain.GENESIS
    sealed_at: float = -math.inf
    entries: int = 0
    seen_up_to: float = -math.inf
    last_recorded: float = -math.inf
    strays: dict[int, str] = field(default_factory=dict)

    def take(self, seal: _Seal) -> None:
        """Judge the next seal and what it holds."""
        self._judge_link(seal)
        self._judge_anchors(seal)
        if not seal.holds or seal.there != seal.length - len(seal.late):
            self._judge_rows(seal)
        self._judge_latecomers(seal)
        self._judge_dates(seal)
        self.number, self.hash, self.sealed_at = seal.number, bytes(seal.hash), seal.sealed_at
        self.entries = seal.entries
        self.report.entries += seal.length
        self.report.head_number, self.report.head_hash = seal.number, self.hash.hex()

    def finish(self) -> None:
        """Judge what stands after the last seal."""
        for number, missing in sorted(self.anchors.items()):
            when = missing[0].put_at.isoformat(timespec="seconds")
            self.report.find(Fault.CUT_OFF, f"seal {number}, anchored {when}")
        self._judge_tail()
        for described in self.strays.values():
            self.report.find(Fault.INSERTED, described)

    def _judge_tail(self) -> None:
        where: dict[str, Any] = {"longest": LONGEST_TAIL, "strays": list(self.strays)}
        with connection.cursor() as cursor:
            cursor.execute(_TAIL, {**chain.parameters(), **where})
            unsealed, age, too_old, first, latecomers = cursor.fetchone()
        self.report.unsealed, self.report.tail_age = unsealed, age
        self.report.find(Fault.UNSEALED, first, count=too_old)
        for number in latecomers or []:
            self.strays.pop(number)

    def _judge_link(self, seal: _Seal) -> None:
        expected = self.number + 1
        if seal.number > expected:
            gone = f"{expected} to {seal.number - 1}" if seal.number - expected > 1 else expected
            self.report.find(Fault.SEAL_MISSING, f"seal {gone}")
        is_linked = seal.number > expected or (
            bytes(seal.previous) == self.hash and seal.entries == self.entries + seal.length
        )
        if not (seal.is_whole and is_linked and seal.sealed_at >= self.sealed_at):
            self.report.find(Fault.SEAL_BENT, f"seal {seal.number}")

    def _judge_anchors(self, seal: _Seal) -> None:
        for anchor in self.anchors.pop(seal.number, []):
            if anchor.hash != bytes(seal.hash):
                when = anchor.put_at.isoformat(timespec="seconds")
                self.report.find(Fault.REWRITTEN, f"seal {seal.number}, anchored {when}")

    def _judge_rows(self, seal: _Seal) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT ids, digests FROM audit_auditseal WHERE number = %s", [seal.number]
            )
            ids, digests = cursor.fetchone()
            where = {"ids": ids, "above": seal.above, "highest": seal.highest}
            cursor.execute(_ROWS, {**chain.parameters(), **where})
            rows = cursor.fetchall()
        sealed = {
            number: bytes(digests[32 * place : 32 * place + 32]) for place, number in enumerate(ids)
        }
        for number, described, digest in rows:
            if number not in sealed:
                self.strays[number] = described
            elif sealed.pop(number) != bytes(digest):
                self.report.find(Fault.BENT, described)
        for number in sealed:
            self.report.find(Fault.MISSING, f"id {number}, of seal {seal.number}")

    def _judge_latecomers(self, seal: _Seal) -> None:
        for number in seal.late:
            self.strays.pop(number, None)
        for number in list(self.strays):
            if not any(number in some for some in seal.awaited):
                self.report.find(Fault.INSERTED, self.strays.pop(number))

    def _judge_dates(self, seal: _Seal) -> None:
        floor = self.seen_up_to - _LOOK_BACK
        floor_above = max(floor, self.last_recorded - CLOCK_STEP)
        ceiling = seal.sealed_at + CLOCK_STEP
        # Of a seal with latecomers the earliest is no measure for those above.
        is_early = seal.earliest is not None and (bool(seal.late) or seal.earliest < floor_above)
        if is_early or (seal.latest is not None and seal.latest > ceiling):
            where = {"number": seal.number, "above": seal.above}
            limits = {"floor": floor, "floor_above": floor_above, "ceiling": ceiling}
            with connection.cursor() as cursor:
                cursor.execute(_MISDATED, {**where, **limits})
                for (described,) in cursor:
                    self.report.find(Fault.MISDATED, described)
        if seal.length < chain.MOST_ENTRIES:
            self.seen_up_to = seal.sealed_at
        if seal.last is not None:
            self.last_recorded = max(self.last_recorded, min(seal.last, ceiling))
