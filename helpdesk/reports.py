"""Reports: figures of tickets, group by group. Pure; knows no database.

A promise is judged once it is kept or its time is over; until then it counts neither way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a report knows of one promise of one ticket.

    Attributes:
        due_at: By when it was promised (UTC); None where nothing was.
        done_at: When it was done (UTC); None where it is not.
        worked: The working time that it took; None where it is not done.
    """

    due_at: datetime | None
    done_at: datetime | None
    worked: timedelta | None

    def is_kept(self, now: datetime) -> bool | None:
        """Say whether it was done in time; None while that is open."""
        if self.due_at is None:
            return None
        if self.done_at is not None:
            return self.done_at <= self.due_at
        return False if self.due_at < now else None


@dataclass(frozen=True, kw_only=True)
class Line:
    """What a report knows of one ticket.

    Attributes:
        group: Under what it is counted; groups are shown in their order.
        label: The group as people read it.
    """

    group: tuple[int | str, ...]
    label: str
    first_reply: Measured
    completion: Measured


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One promise over many tickets.

    Attributes:
        done: For how many tickets it was done.
        judged: For how many it is known whether it was done in time.
        kept: For how many of those it was.
        middle: The median of the working time that it took; None where it was never done.
        ninety: The working time within which nine of ten were done (nearest rank); likewise.
    """

    done: int
    judged: int
    kept: int
    middle: timedelta | None
    ninety: timedelta | None

    @property
    def percent(self) -> int | None:
        """Kept of those judged, rounded down, so that 100 means all; None where none is judged."""
        return self.kept * 100 // self.judged if self.judged else None


@dataclass(frozen=True, kw_only=True)
class Row:
    """The figures of one group."""

    label: str
    tickets: int
    first_reply: Figures
    completion: Figures


@dataclass(frozen=True, kw_only=True)
class Report:
    """The figures of each group, and of all together."""

    rows: Sequence[Row]
    total: Row

    @property
    def most(self) -> int:
        """Tickets of the largest group, to which the others' bars are drawn."""
        return max((row.tickets for row in self.rows), default=0)


def report_of(lines: Iterable[Line], now: datetime) -> Report:
    """Return the figures as they stand at an instant."""
    groups: dict[tuple[int | str, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault(line.group, []).append(line)
    rows = [_row(found[0].label, found, now) for _, found in sorted(groups.items())]
    everything = [line for found in groups.values() for line in found]
    return Report(rows=rows, total=_row("All", everything, now))


def words_of(worked: timedelta | None) -> str:
    """Return working time as people read it, such as “3 h 25 min”; a dash for none."""
    if worked is None:
        return "–"
    hours, minutes = divmod(round(worked / timedelta(minutes=1)), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _row(label: str, lines: Sequence[Line], now: datetime) -> Row:
    return Row(
        label=label,
        tickets=len(lines),
        first_reply=_figures([line.first_reply for line in lines], now),
        completion=_figures([line.completion for line in lines], now),
    )


def _figures(measured: Sequence[Measured], now: datetime) -> Figures:
    judged = [kept for one in measured if (kept := one.is_kept(now)) is not None]
    worked = sorted(one.worked for one in measured if one.worked is not None)
    return Figures(
        done=len(worked),
        judged=len(judged),
        kept=sum(judged),
        middle=_median(worked) if worked else None,
        ninety=worked[ceil(len(worked) * 0.9) - 1] if worked else None,
    )


def _median(worked: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(one.total_seconds() for one in worked))
