"""What a due time costs: ``python -m tests.benchmarks.working_time``.

10,000 tickets of one year, each with a budget of 60 and of 5,000 minutes, and with three pauses; by
the running totals and, for every hundredth, by going from day to day as libraries do, in the same
run. Microseconds of the processor each (the median of the rounds; nothing waits here), and how many times the totals are faster.
``wanted_us`` is what one due time without pauses may take. ``compiled_ms`` is paid once a calendar.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from helpdesk.working_time import Calendar, Pause, calendar_from, due
from tests.benchmarks.platform_up import tell

TICKETS, ROUNDS = 10_000, 5
_DAY = timedelta(days=1)
_LONG, _SHORT = [["08:30", "17:30"]], [["08:30", "17:00"]]
_OFFICE = {
    "tz": "Europe/London",
    "week": {"0": _LONG, "1": _LONG, "2": _LONG, "3": _LONG, "4": _SHORT},
    "holidays": ["2026-04-03", "2026-04-06", "2026-05-04", "2026-12-25", "2026-12-28"],
    "exceptions": {"2026-12-24": [["08:30", "12:00"]]},
}


def main() -> None:
    """Work out due times in both ways."""
    tell(benchmark="working_time", **_measure())


def _measure() -> dict[str, object]:
    chance = random.Random(8)  # noqa: S311 - the same each time
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    starts = [begins + timedelta(seconds=chance.randrange(365 * 86_400)) for _ in range(TICKETS)]
    office = calendar_from(_OFFICE)
    began = time.process_time()
    due(office, starts[0], timedelta(minutes=1))
    figures: dict[str, object] = {
        "tickets": TICKETS,
        "wanted_us": 10,
        "compiled_ms": round((time.process_time() - began) * 1000, 1),
    }
    for minutes in (60, 5_000):
        budget = timedelta(minutes=minutes)
        few = starts[::100]
        assert all(due(office, at, budget) == _day_by_day(office, at, budget) for at in few)
        totals = _each_us(starts, lambda at, budget=budget: due(office, at, budget))
        days = _each_us(few, lambda at, budget=budget: _day_by_day(office, at, budget))
        figures |= {
            f"due_{minutes}_us": totals,
            f"day_by_day_{minutes}_us": days,
            f"times_faster_{minutes}": round(days / totals, 1),
        }
    figures["due_5000_three_pauses_us"] = _each_us(
        starts, lambda at: due(office, at, timedelta(minutes=5_000), _pauses(at))
    )
    return figures


def _pauses(at: datetime) -> list[Pause]:
    return [(at + day * _DAY, at + (day + 1) * _DAY) for day in (1, 3, 5)]


def _each_us(starts: list[datetime], way: Callable[[datetime], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for at in starts:
            way(at)
        taken.append(time.process_time() - began)
    return round(median(taken) / len(starts) * 1e6, 2)


def _day_by_day(office: Calendar, start: datetime, left: timedelta) -> datetime:
    day = start.astimezone(office.zone).date()
    while True:
        midnight = datetime(day.year, day.month, day.day, tzinfo=office.zone)
        for opens, closes in office.hours_on(day):
            opening = max(start, (midnight + opens).astimezone(UTC))
            closing = (midnight + closes).astimezone(UTC)
            if left <= closing - opening:
                return opening + left
            left -= max(closing - opening, timedelta())
        day += _DAY


if __name__ == "__main__":
    main()
