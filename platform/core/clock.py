"""The one clock: instants are UTC, days are a school's own."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


def local_today(zone: ZoneInfo) -> date:
    """Return the calendar day that it is now in ``zone``."""
    return now().astimezone(zone).date()
