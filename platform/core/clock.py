"""The one clock: instants are UTC, days are a school's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_as_of: ContextVar[datetime | None] = ContextVar("as_of", default=None)


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return _as_of.get() or datetime.now(UTC)


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """Let it be another instant (UTC) within the block: the demo's invented past, and nothing else."""
    token = _as_of.set(instant)
    try:
        yield
    finally:
        _as_of.reset(token)


def local_today(zone: ZoneInfo) -> date:
    """Return the calendar day that it is now in ``zone``."""
    return now().astimezone(zone).date()
