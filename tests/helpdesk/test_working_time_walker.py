"""The arithmetic gives what somebody finds who walks through time, looking at the office's clock."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.working_time import NoWorkingTime, calendar_from, consumed, due, worked
from tests.helpdesk.calendars import OFFICE, at

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
#: Just before clocks change in each of the zones, and an ordinary week.
CLOCKS_CHANGE = [
    ("Europe/London", "2026-03-28T12:00Z"),
    ("Europe/London", "2026-10-24T12:00Z"),
    ("Europe/London", "2026-12-23T12:00Z"),
    ("America/New_York", "2026-11-01T00:00Z"),
    ("America/Santiago", "2026-09-05T20:00Z"),
    ("America/Santiago", "2026-04-04T20:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T06:00Z"),
    ("Pacific/Apia", "2011-12-29T20:00Z"),
    ("Asia/Kolkata", "2026-02-10T00:00Z"),
]


class Walker:
    """Looks at the wall clock once a step; knows nothing of intervals, totals and offsets."""

    def __init__(self, facts, pauses, step):
        self.facts, self.pauses, self.step = facts, pauses, step
        self.zone = ZoneInfo(facts["tz"])

    def works(self, at):
        if any(start <= at and (end is None or at < end) for start, end in self.pauses):
            return False
        clock = at.astimezone(self.zone).replace(tzinfo=None)
        today = datetime.combine(clock.date(), datetime.min.time())
        return any(
            self.reads(clock - midnight, opens, closes)
            for midnight in (today, today - DAY)
            for opens, closes in self.hours(midnight.date())
        )

    def hours(self, day):
        if str(day) in self.facts["exceptions"]:
            return self.facts["exceptions"][str(day)]
        closed = str(day) in self.facts["holidays"]
        return [] if closed else self.facts["week"].get(str(day.weekday()), [])

    @staticmethod
    def reads(clock, opens, closes):
        begins, ends = ((int(t[:2]) * 60 + int(t[3:])) * MINUTE for t in (opens, closes))
        return begins <= clock < (ends if ends > begins else ends + DAY)

    def due(self, at, budget, steps):
        for _ in range(steps):
            if self.works(at):
                if not budget:
                    return at
                budget -= self.step
                if not budget:
                    return at + self.step
            at += self.step
        return None

    def worked(self, at, end):
        total = timedelta()
        while at < end:
            total += self.step * self.works(at)
            at += self.step
        return total


clock = st.integers(0, 24 * 4 - 1).map(lambda n: f"{n // 4:02}:{n % 4 * 15:02}")
interval = st.tuples(clock, clock | st.just("24:00")).filter(lambda pair: pair[0] != pair[1])
day_hours = st.lists(interval.map(list), max_size=3)


@st.composite
def situations(draw, *, step, steps):
    """A calendar about a change of clocks, a start, pauses and a budget, in whole steps."""
    zone, written = draw(st.sampled_from(CLOCKS_CHANGE))
    origin = at(written)
    near = st.integers(-1, 8).map(lambda days: str((origin + days * DAY).date()))
    facts = {
        "tz": zone,
        "week": {str(day): draw(day_hours) for day in range(7)},
        "holidays": draw(st.lists(near, max_size=2)),
        "exceptions": draw(st.dictionaries(near, day_hours, max_size=2)),
    }
    start = origin + draw(st.integers(0, steps // 3)) * step
    moment = st.integers(-60, steps).map(lambda number: start + number * step)
    pauses = [
        (min(pair), max(pair)) if draw(st.integers(0, 9)) else (min(pair), None)
        for pair in draw(st.lists(st.tuples(moment, moment), max_size=4))
    ]
    budget = draw(st.integers(0, steps // 4)) * step
    return facts, start, budget, pauses


def agree(situation, step, steps):
    facts, start, budget, pauses = situation
    office, walker = calendar_from(facts), Walker(facts, pauses, step)
    end = start + steps * step
    found = walker.due(start, budget, steps)
    if found is None:
        with suppress(NoWorkingTime):
            assert due(office, start, budget, pauses) > end - step
    else:
        assert due(office, start, budget, pauses) == found
    assert worked(office, start, end, pauses) == walker.worked(start, end)


@given(situations(step=MINUTE, steps=5_000))
@settings(max_examples=60, deadline=None)
def test_a_walk_by_the_minute_ends_at_the_due_time(situation):
    agree(situation, MINUTE, 5_000)


@given(situations(step=SECOND, steps=2 * 86_400))
@settings(max_examples=8, deadline=None)
def test_a_walk_by_the_second_ends_at_the_due_time(situation):
    agree(situation, SECOND, 2 * 86_400)


instants = st.datetimes(
    datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001 - Hypothesis adds the zone
)  # fmt: skip
budgets = st.timedeltas(timedelta(), timedelta(days=30))
several = st.lists(st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair))))


@settings(deadline=None)
@given(start=instants, budget=budgets, pauses=several)
def test_by_the_due_time_the_budget_is_worked_and_no_sooner(start, budget, pauses):
    end = due(OFFICE, start, budget, pauses)
    assert end >= start
    assert worked(OFFICE, start, end, pauses) == budget
    assert sum((b - a for a, b in consumed(OFFICE, start, end, pauses)), timedelta()) == budget
    if budget:
        sooner = end - timedelta(microseconds=1)
        assert worked(OFFICE, start, sooner, pauses) == budget - timedelta(microseconds=1)


@settings(deadline=None)
@given(starts=st.tuples(instants, instants), more=st.tuples(budgets, budgets), pauses=several)
def test_later_and_more_is_never_due_sooner(starts, more, pauses):
    (early, late), (little, much) = sorted(starts), sorted(more)
    assert due(OFFICE, early, little, pauses) <= due(OFFICE, late, little, pauses)
    assert due(OFFICE, early, little, pauses) <= due(OFFICE, early, much, pauses)
    assert due(OFFICE, early, little) <= due(OFFICE, early, little, pauses)
