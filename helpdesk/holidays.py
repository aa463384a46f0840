"""Bank holidays, from the government's list or from the copy that came with the package."""

from collections.abc import Mapping
from datetime import date

import structlog
from govuk_bank_holidays.bank_holidays import BankHolidays  # type: ignore[import-untyped] # it ships no types

#: Seconds to wait for the list.
_PATIENCE = 5

log = structlog.get_logger(__name__)


def bank_holidays() -> Mapping[str, Mapping[date, str]]:
    """Return the names of bank holidays by date, by division; the copy where the list is away."""
    try:
        return _by_division(BankHolidays(download_timeout=_PATIENCE))
    except (AttributeError, KeyError, LookupError, TypeError):
        log.warning("bank_holidays_unreadable")
        return _by_division(BankHolidays(use_cached_holidays=True))


def _by_division(told: BankHolidays) -> Mapping[str, Mapping[date, str]]:
    return {
        division: {one["date"]: one["title"] for one in told.get_holidays(division)}
        for division in BankHolidays.ALL_DIVISIONS
    }
