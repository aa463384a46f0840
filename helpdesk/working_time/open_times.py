"""Office hours as UTC intervals with running totals, compiled as far as somebody asks.

Times here are whole microseconds since 1970 (UTC): integers add up exactly and compare fast.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, chain
from operator import sub
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400 * SECOND
YEAR = 366 * DAY
#: Nothing is looked for outside these years, so every search ends.
FIRST_YEAR, LAST_YEAR = 1900, 2200
EARLIEST = (datetime(FIRST_YEAR, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
LATEST = (datetime(LAST_YEAR, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND

Span = tuple[int, int]
#: The hours of a local date, in microseconds after its midnight.
HoursOn = Callable[[date], Iterable[Span]]


class NoWorkingTime(ValueError):
    """The calendar and the pauses leave too little time to work, for as long as is looked ahead."""


@dataclass(frozen=True)
class Stretch:
    """All opening intervals from ``since`` until ``until``, and what is worked before each.

    Attributes:
        since: From here on the intervals are complete.
        until: Up to here; an interval that goes on is cut off here.
        opens: When each interval begins.
        closes: When each ends.
        totals: What is worked before each interval, and at last in all.
    """

    since: int
    until: int
    opens: list[int]
    closes: list[int]
    totals: list[int]

    def worked_before(self, at: int) -> int:
        """Return what is worked from ``since`` until an instant."""
        which = bisect_right(self.opens, at) - 1
        if which < 0:
            return 0
        return self.totals[which] + min(at, self.closes[which]) - self.opens[which]

    def reaching(self, total: int) -> int | None:
        """Return the earliest instant by which so much is worked (more than nothing), if there is one."""
        if total > self.totals[-1]:
            return None
        which = bisect_left(self.totals, total) - 1
        return self.opens[which] + total - self.totals[which]

    def between(self, since: int, until: int) -> Iterator[Span]:
        """Yield the intervals from one instant until another, cut off at both."""
        for which in range(bisect_right(self.closes, since), bisect_left(self.opens, until)):
            yield max(self.opens[which], since), min(self.closes[which], until)


class OpenTimes:
    """The opening intervals of one calendar."""

    def __init__(self, zone: ZoneInfo, hours_on: HoursOn) -> None:
        self._zone = zone
        self._hours_on = hours_on
        self._stretch = Stretch(since=0, until=0, opens=[], closes=[], totals=[0])

    def covering(self, since: int, until: int) -> Stretch:
        """Return a stretch that holds these instants.

        Raises:
            NoWorkingTime: They are outside the years that are looked at.
        """
        known = self._stretch
        if known.since <= since and until <= known.until:
            return known
        if since < EARLIEST or until > LATEST:
            raise NoWorkingTime(f"Only the years {FIRST_YEAR} to {LAST_YEAR - 1} are looked at.")
        if known.since == known.until:
            known = Stretch(since=since - YEAR, until=since - YEAR, opens=[], closes=[], totals=[0])
        self._stretch = self._extended(
            known,
            known.since if since >= known.since else max(EARLIEST, since - YEAR),
            known.until if until <= known.until else _further(known, until),
        )
        return self._stretch

    def due(self, since: int, budget: int) -> int:
        """Return the earliest instant by which a budget of at least one microsecond is worked.

        Raises:
            NoWorkingTime: There is not enough before the last year that is looked at.
        """
        stretch = self.covering(since, since)
        while (at := stretch.reaching(stretch.worked_before(since) + budget)) is None:
            if stretch.until == LATEST:
                raise NoWorkingTime(f"There is too little working time before {LAST_YEAR}.")
            stretch = self.covering(since, stretch.until + 1)
        return at

    def _extended(self, known: Stretch, since: int, until: int) -> Stretch:
        # The caller puts a new stretch in the place of the old one, so threads need no lock.
        opens: list[int] = []
        closes: list[int] = []
        for begins, ends in chain(
            self._spans(since, known.since),
            zip(known.opens, known.closes, strict=True),
            self._spans(known.until, until),
        ):
            if closes and begins <= closes[-1]:
                closes[-1] = max(closes[-1], ends)
            else:
                opens.append(begins)
                closes.append(ends)
        lengths = map(sub, closes, opens)
        return Stretch(since, until, opens, closes, [0, *accumulate(lengths)])

    def _spans(self, since: int, until: int) -> list[Span]:
        """Return what is open from one instant until another, in order, perhaps overlapping."""
        if since == until:
            return []
        spans = []
        # Two days more on each side: for zones ahead of and behind UTC, and hours past midnight.
        for number in range(since // DAY - 2, until // DAY + 3):
            midnight = number * DAY
            for opens, closes in self._hours_on((EPOCH + timedelta(days=number)).date()):
                for begins, ends in self._reading(midnight + opens, midnight + closes):
                    if max(begins, since) < min(ends, until):
                        spans.append((max(begins, since), min(ends, until)))
        return sorted(spans)

    def _reading(self, opens: int, closes: int) -> Iterator[Span]:
        """Yield when the wall clock reads a time from ``opens`` to ``closes`` (as if it were UTC)."""
        early, late = opens // SECOND * SECOND - DAY, closes // SECOND * SECOND + DAY
        before, after = self._offset(early), self._offset(late)
        if before == after:
            yield opens - before, closes - before
            return
        # Clocks change about this time: find the second at which they do.
        while late - early > SECOND:
            middle = (early + late) // (2 * SECOND) * SECOND
            if self._offset(middle) == before:
                early = middle
            else:
                late = middle
        yield opens - before, min(closes - before, late)
        yield max(opens - after, late), closes - after

    def _offset(self, at: int) -> int:
        local = (EPOCH + timedelta(microseconds=at)).astimezone(self._zone)
        return (local.utcoffset() or timedelta()) // MICROSECOND


def _further(known: Stretch, until: int) -> int:
    """Return how far to look ahead: in one go twice as far, so that far budgets take few steps."""
    return min(LATEST, until + max(YEAR, known.until - known.since))
