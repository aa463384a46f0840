"""Times as people say them, in the school's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from ui import moments

NOW = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)  # a Wednesday
LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-30), "just now"),  # a clock that is a little behind
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=7, minutes=40), "7 hours ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=1, hours=13), "2 days ago"),  # 37 hours, but two days by the calendar
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=14), "2 weeks ago"),
        (timedelta(days=59), "8 weeks ago"),
        (timedelta(days=60), "2 months ago"),
        (timedelta(days=364), "12 months ago"),
        (timedelta(days=365), "1 year ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(days=-2), "on Fri 20 Mar 2026"),
    ],
)
def test_g2_02_anyone_reads_how_long_ago_it_was(passed: timedelta, words: str) -> None:
    with timezone.override(LONDON):
        assert moments.ago(NOW - passed, NOW) == words


def test_days_are_those_of_the_current_zone() -> None:
    late = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)  # half past midnight in a British summer
    with timezone.override(LONDON):
        assert moments.exact(late) == "Tuesday 2 June 2026, 00:30"
        assert moments.day_of(late) == "Tue 2 Jun 2026"
        assert moments.ago(late, late + timedelta(hours=24)) == "yesterday"
    with timezone.override(UTC):
        assert moments.exact(late) == "Monday 1 June 2026, 23:30"


def test_a_date_stays_what_it_is_in_every_zone() -> None:
    with timezone.override(ZoneInfo("Pacific/Auckland")):
        assert moments.day_of(date(2022, 2, 7)) == "Mon 7 Feb 2022"
