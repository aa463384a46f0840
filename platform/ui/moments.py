"""Times as people say them, in Django's current zone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def ago(instant: datetime, now: datetime) -> str:
    """How long ago an instant was, in words.

    Under a day in minutes and hours, as `scripts/moments.js` does on an open page; then in calendar days.
    """
    passed = now - instant
    if passed < timedelta(minutes=-1):
        return gettext("on %(day)s") % {"day": day_of(instant)}
    if passed < timedelta(minutes=1):
        return gettext("just now")
    if passed < HOUR:
        return _count(passed // timedelta(minutes=1), "minute")
    if passed < DAY:
        return _count(passed // HOUR, "hour")
    return _days_ago((timezone.localdate(now) - timezone.localdate(instant)).days)


def words_ago() -> dict[str, dict[str, list[Any]]]:
    """Every “5 minutes ago” and “7 hours ago”, for the script that keeps an open page true.

    Browsers do not know all of our languages. By unit: the forms with ``%d`` for the number, and
    for each number from 0 which of them it takes.
    """
    # Each is some five hundred words: once a language, not once a page.
    return _words_ago(get_language())


@cache
def _words_ago(_language: str | None) -> dict[str, dict[str, list[Any]]]:
    return {unit: _forms(unit, most) for unit, most in (("minute", 60), ("hour", 24))}


def _forms(unit: str, most: int) -> dict[str, list[Any]]:
    said = [re.sub(rf"\b{number}\b", "%d", _count(number, unit)) for number in range(most)]
    forms = list(dict.fromkeys(said))
    return {"forms": forms, "form": [forms.index(one) for one in said]}


def _days_ago(days: int) -> str:
    if days == 1:
        return gettext("yesterday")
    if days < 14:
        return _count(days, "day")
    if days < 60:
        return _count(days // 7, "week")
    if days < 365:
        return _count(days // 30, "month")
    return _count(days // 365, "year")


def _count(number: int, unit: str) -> str:
    match unit:
        case "minute":
            words = ngettext("%(n)d minute ago", "%(n)d minutes ago", number)
        case "hour":
            words = ngettext("%(n)d hour ago", "%(n)d hours ago", number)
        case "day":
            words = ngettext("%(n)d day ago", "%(n)d days ago", number)
        case "week":
            words = ngettext("%(n)d week ago", "%(n)d weeks ago", number)
        case "month":
            words = ngettext("%(n)d month ago", "%(n)d months ago", number)
        case _:
            words = ngettext("%(n)d year ago", "%(n)d years ago", number)
    return words % {"n": number}


def exact(instant: datetime) -> str:
    """An instant in the current zone, such as “Monday 7 February 2022, 10:00”."""
    return exact_local(timezone.localtime(instant))


def exact_local(local: datetime) -> str:
    """The same of an instant that is in its zone already."""
    return f"{_written(local.date(), 'l j F Y', get_language())}, {local:%H:%M}"


def to_the_second(local: datetime) -> str:
    """An instant in its own zone for whoever compares lists: “24 Nov 2026, 14:03:05”."""
    return f"{_written(local.date(), 'j M Y', get_language())}, {local:%H:%M:%S}"


def day_of(day: date | datetime) -> str:
    """A day such as “Mon 7 Feb 2022”; an instant's day is that of the current zone."""
    local = timezone.localtime(day) if isinstance(day, datetime) else day
    return _written(date(local.year, local.month, local.day), "D j M Y", get_language())


@lru_cache(maxsize=2_000)
def _written(day: date, how: str, _language: str | None) -> str:
    # A long list says the same few days again and again, and Django takes its time over each.
    return formats.date_format(day, how)
