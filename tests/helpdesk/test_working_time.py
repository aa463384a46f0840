"""Due times, worked time and openings, at every edge that an office has."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from helpdesk.working_time import (
    Interval,
    NoWorkingTime,
    calendar_from,
    closing_after,
    consumed,
    due,
    is_open,
    next_opening,
    worked,
)
from tests.helpdesk.calendars import ALWAYS, NEVER, OFFICE, at, calendar, every_day, minutes

TUE, WED, FRI, MON = "2026-02-10T", "2026-02-11T", "2026-02-13T", "2026-02-16T"
LUNCH = every_day("08:30-12:30 13:30-17:00")
NIGHT = calendar({"4": "22:00-06:00"}, holidays=["2026-02-14"])
SUNDAY = calendar({"6": "00:00-06:00"})
IN_THE_LEAP = calendar({"6": "01:30-04:00"})


def pauses(*written):
    return [(at(start), at(end) if end else None) for start, end in written]


@pytest.mark.parametrize(
    ("start", "budget", "expected"),
    [
        pytest.param(TUE + "10:00Z", 60, TUE + "11:00Z", id="in hours"),
        pytest.param(TUE + "16:30Z", 60, TUE + "17:30Z", id="due at closing, not at the opening"),
        pytest.param(TUE + "16:30Z", 60.5, WED + "08:30:30Z", id="half a minute more"),
        pytest.param(TUE + "17:30Z", 15, WED + "08:45Z", id="raised at closing"),
        pytest.param(TUE + "08:30Z", 15, TUE + "08:45Z", id="raised at opening"),
        pytest.param(TUE + "03:00Z", 540, TUE + "17:30Z", id="raised at night"),
        pytest.param(FRI + "16:59:30Z", 1, MON + "08:30:30Z", id="over a weekend"),
        pytest.param(TUE + "10:00Z", 0, TUE + "10:00Z", id="nothing, in hours"),
        pytest.param(TUE + "08:30Z", 0, TUE + "08:30Z", id="nothing, at opening"),
        pytest.param(TUE + "17:30Z", 0, WED + "08:30Z", id="nothing, at closing"),
        pytest.param(FRI + "18:00Z", 0, MON + "08:30Z", id="nothing, out of hours"),
        pytest.param("2026-12-24T11:30Z", 60, "2026-12-28T10:30Z", id="early closing, then a holiday with hours"),
        pytest.param("2026-12-28T10:30Z", 60, "2026-12-30T09:00Z", id="a working day that is closed"),
        pytest.param("2026-03-27T16:00Z", 120, "2026-03-30T08:30Z", id="spring: opens at 07:30Z"),
        pytest.param("2026-10-23T15:00Z", 120, "2026-10-26T09:30Z", id="autumn: opens at 08:30Z"),
    ],
)  # fmt: skip
def test_a_budget_is_due_at_the_earliest_instant_by_which_it_is_worked(start, budget, expected):
    assert due(OFFICE, at(start), minutes(budget)) == at(expected)


def test_ten_years_of_work_take_ten_years():
    ten_years = minutes(3652 * 480)  # with the leap days of 2028 and 2032
    office = every_day("09:00-17:00")
    assert due(office, at("2026-01-01T09:00Z"), ten_years) == at("2035-12-31T17:00Z")


def test_microseconds_are_kept():
    start = at("2026-02-10T17:29:59.999999Z")
    assert due(OFFICE, start, timedelta(microseconds=1)) == at(TUE + "17:30Z")
    assert due(OFFICE, start, timedelta(microseconds=2)) == at(WED + "08:30:00.000001Z")
    assert worked(OFFICE, start, at(WED + "08:30Z")) == timedelta(microseconds=1)


def test_answers_are_in_utc_and_questions_in_any_zone():
    start = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    answer = due(OFFICE, start, minutes(60))
    assert answer == at("2026-07-01T08:30Z")
    assert answer.tzinfo is UTC


def test_several_intervals_a_day_leave_out_lunch():
    assert due(LUNCH, at(TUE + "12:00Z"), minutes(60)) == at(TUE + "14:00Z")
    assert not is_open(LUNCH, at(TUE + "12:30Z"))
    assert is_open(LUNCH, at(TUE + "13:30Z"))


def test_hours_that_touch_or_overlap_are_one():
    assert consumed(every_day("08:00-10:00 09:00-11:00 11:00-12:00"), at(TUE + "07:00Z"), at(TUE + "13:00Z")) == [
        Interval(at(TUE + "08:00Z"), at(TUE + "12:00Z"))
    ]  # fmt: skip


def test_hours_past_midnight_belong_to_the_day_on_which_they_begin():
    friday = at("2026-02-13T21:00Z")
    assert due(NIGHT, friday, minutes(8 * 60)) == at("2026-02-14T06:00Z")
    assert due(NIGHT, friday, minutes(8 * 60 + 1)) == at("2026-02-20T22:01Z")
    assert due(every_day("18:00-00:00"), at(TUE + "23:59Z"), minutes(2)) == at(WED + "18:01Z")


def test_round_the_clock_a_minute_is_a_minute():
    assert due(ALWAYS, at("2026-03-28T23:00Z"), minutes(6000)) == at("2026-04-02T03:00Z")
    assert consumed(ALWAYS, at("2026-10-24T12:00Z"), at("2026-10-27T12:00Z")) == [
        Interval(at("2026-10-24T12:00Z"), at("2026-10-27T12:00Z"))
    ]


@pytest.mark.parametrize(
    ("office", "day", "expected"),
    [
        pytest.param(SUNDAY, "2026-03-29", ["00:00Z 05:00Z"], id="five hours in spring"),
        pytest.param(SUNDAY, "2026-06-07", ["-1 23:00Z 05:00Z"], id="six in summer"),
        pytest.param(SUNDAY, "2026-10-25", ["-1 23:00Z 06:00Z"], id="seven in autumn"),
        pytest.param(IN_THE_LEAP, "2026-03-29", ["01:00Z 03:00Z"], id="opens at the leap"),
        pytest.param(IN_THE_LEAP, "2026-10-25", ["00:30Z 01:00Z", "01:30Z 04:00Z"], id="01:30 twice"),
        pytest.param(calendar({"6": "01:10-01:50"}), "2026-03-29", [], id="all of it leapt over"),
        pytest.param(calendar({"6": "01:00-02:00"}), "2026-10-25", ["00:00Z 02:00Z"], id="all of it twice"),
        pytest.param(every_day("00:00-24:00", zone="America/Santiago"), "2026-09-06", ["-1 12:00Z +1 12:00Z"], id="no midnight"),
    ],
)  # fmt: skip
def test_clocks_change(office, day, expected):
    midnight = at(day + "T00:00Z")

    def instant(words):
        shift = timedelta(days=int(words[0])) if len(words) > 1 else timedelta()
        return at(f"{day}T{words[-1]}") + shift

    def interval(written):
        words = written.split()
        middle = 2 if words[0][0] in "+-" else 1
        return Interval(instant(words[:middle]), instant(words[middle:]))

    half_a_day = timedelta(hours=12)
    got = consumed(office, midnight - half_a_day, midnight + timedelta(days=1) + half_a_day)
    assert got == [interval(written) for written in expected]


@pytest.mark.parametrize(
    ("paused", "expected"),
    [
        pytest.param([], TUE + "14:00Z", id="none"),
        pytest.param([(TUE + "11:00Z", TUE + "12:00Z")], TUE + "15:00Z", id="one"),
        pytest.param([(TUE + "13:00Z", TUE + "13:30Z"), (TUE + "11:00Z", TUE + "12:00Z")], TUE + "15:30Z", id="out of order"),
        pytest.param([(TUE + "11:00Z", TUE + "12:00Z"), (TUE + "11:30Z", TUE + "11:45Z")], TUE + "15:00Z", id="one in another"),
        pytest.param([(TUE + "11:00Z", TUE + "12:00Z"), (TUE + "11:30Z", TUE + "12:30Z")], TUE + "15:30Z", id="overlapping"),
        pytest.param([(TUE + "11:00Z", TUE + "11:00Z")], TUE + "14:00Z", id="empty"),
        pytest.param([(TUE + "08:00Z", TUE + "10:30Z")], TUE + "14:30Z", id="begun before"),
        pytest.param([(TUE + "08:00Z", TUE + "09:30Z")], TUE + "14:00Z", id="over before"),
        pytest.param([(TUE + "18:00Z", WED + "08:00Z")], TUE + "14:00Z", id="at night"),
        pytest.param([(TUE + "14:00Z", None)], TUE + "14:00Z", id="endless from when it is due"),
        pytest.param([(TUE + "12:00Z", FRI + "10:00Z")], FRI + "12:00Z", id="days"),
        pytest.param([(TUE + "12:00Z", FRI + "20:00Z")], MON + "10:30Z", id="ends out of hours"),
    ],
)  # fmt: skip
def test_pauses_consume_nothing(paused, expected):
    start, taken = at(TUE + "10:00Z"), pauses(*paused)
    assert due(OFFICE, start, minutes(240), iter(taken)) == at(expected)
    assert worked(OFFICE, start, at(expected), taken) == minutes(240)


def test_nothing_in_a_pause_is_due_when_somebody_could_work():
    night = pauses((TUE + "09:00Z", TUE + "12:00Z"), (TUE + "12:00Z", TUE + "18:00Z"))
    assert due(OFFICE, at(TUE + "10:00Z"), timedelta(), night) == at(WED + "08:30Z")


def test_worked_time_is_none_backwards_and_while_paused():
    assert worked(OFFICE, at(FRI + "16:00Z"), at(MON + "09:00Z")) == minutes(90)
    assert worked(OFFICE, at(FRI + "16:00Z"), at(FRI + "16:00Z")) == timedelta()
    assert worked(OFFICE, at(MON + "09:00Z"), at(FRI + "16:00Z")) == timedelta()
    assert worked(OFFICE, at(FRI + "16:00Z"), at(MON + "09:00Z"), pauses((FRI + "16:30Z", None))) == minutes(30)  # fmt: skip


def test_a_due_time_is_explained_by_the_intervals_it_took():
    start, taken = at(FRI + "15:00Z"), pauses((FRI + "15:30Z", FRI + "16:00Z"))
    assert consumed(OFFICE, start, due(OFFICE, start, minutes(120), taken), taken) == [
        Interval(at(FRI + "15:00Z"), at(FRI + "15:30Z")),
        Interval(at(FRI + "16:00Z"), at(FRI + "17:00Z")),
        Interval(at(MON + "08:30Z"), at(MON + "09:00Z")),
    ]


def test_opening_and_closing():
    assert [is_open(OFFICE, at(TUE + time)) for time in ("08:29:59.999999Z", "08:30Z", "17:29:59Z", "17:30Z")] == [False, True, True, False]  # fmt: skip
    assert next_opening(OFFICE, at(TUE + "12:00Z")) == at(TUE + "12:00Z")
    assert next_opening(OFFICE, at(FRI + "17:00Z")) == at(MON + "08:30Z")
    assert closing_after(OFFICE, at(TUE + "12:00Z")) == at(TUE + "17:30Z")
    assert closing_after(OFFICE, at(FRI + "17:00Z")) == at(MON + "17:30Z")
    assert closing_after(ALWAYS, at(TUE + "12:00Z")) is None


def test_what_is_never_worked_is_said():
    for question in (
        lambda: due(NEVER, at(TUE + "10:00Z"), minutes(1)),
        lambda: next_opening(NEVER, at(TUE + "10:00Z")),
        lambda: closing_after(NEVER, at(TUE + "10:00Z")),
        lambda: due(OFFICE, at(TUE + "10:00Z"), timedelta(days=100_000)),
        lambda: due(OFFICE, at(TUE + "10:00Z"), minutes(61), pauses((TUE + "11:00Z", None))),
        lambda: due(OFFICE, at(TUE + "10:00Z"), minutes(61), pauses((TUE + "11:00Z", "9999-12-31T23:59:59Z"))),
        lambda: due(OFFICE, at("1492-01-01T00:00Z"), minutes(1)),
        lambda: due(OFFICE, at("9999-12-31T00:00Z"), minutes(1)),
    ):  # fmt: skip
        with pytest.raises(NoWorkingTime):
            question()
    assert not is_open(NEVER, at(TUE + "10:00Z"))
    only_christmas = calendar({}, exceptions={"2029-12-25": "09:00-10:00"})
    assert due(only_christmas, at(TUE + "10:00Z"), minutes(60)) == at("2029-12-25T10:00Z")


def test_what_means_nothing_is_refused():
    naive = datetime(2026, 2, 10, 10)  # noqa: DTZ001 - without a zone, to be refused
    for question in (
        lambda: due(OFFICE, naive, minutes(1)),
        lambda: worked(OFFICE, at(TUE + "10:00Z"), naive),
        lambda: is_open(OFFICE, naive),
        lambda: due(OFFICE, at(TUE + "10:00Z"), minutes(1), [(naive, None)]),
    ):
        with pytest.raises(ValueError, match="time zone"):
            question()
    with pytest.raises(ValueError, match="negative"):
        due(OFFICE, at(TUE + "10:00Z"), minutes(-1))
    with pytest.raises(ValueError, match="ends before"):
        worked(OFFICE, at(TUE + "10:00Z"), at(TUE + "11:00Z"), pauses((TUE + "11:00Z", TUE + "10:00Z")))  # fmt: skip


@pytest.mark.parametrize(
    "fault",
    [
        {"tz": "Europe/Neverland"},
        {"tz": None},
        {"week": {"7": [["08:00", "09:00"]]}},
        {"week": {"mon": []}},
        {"week": {"0": [["08:00", "08:00"]]}},
        {"week": {"0": [["24:00", "08:00"]]}},
        {"week": {"0": [["08:00", "25:00"]]}},
        {"week": {"0": [["08:00"]]}},
        {"week": {"0": [8]}},
        {"week": []},
        {"holidays": ["25 December"]},
        {"holidays": [20261225]},
        {"exceptions": {"2026-02-30": []}},
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused(fault):
    sound = {"tz": "Europe/London", "week": {"0": [["08:00", "24:00"]]}}
    assert calendar_from(sound).week[0]
    with pytest.raises(ValueError, match=r"."):
        calendar_from(sound | fault)


def test_calendars_that_say_the_same_are_equal():
    assert every_day("09:00-17:00") == every_day("09:00-17:00")
    assert hash(every_day("09:00-17:00")) == hash(every_day("09:00-17:00"))
    assert every_day("09:00-17:00") != every_day("09:00-17:01")
    assert every_day("09:00-17:00") != every_day("09:00-17:00", exceptions={"2026-02-10": ""})


def test_far_questions_do_not_change_near_answers():
    office = every_day("09:00-17:00", zone="America/New_York")
    near = at(TUE + "15:00Z")
    first = due(office, near, minutes(600))
    assert first == at(WED + "17:00Z")
    assert worked(office, at("1990-01-01T00:00Z"), at("1991-01-01T00:00Z")) == minutes(365 * 480)
    assert worked(office, at("2100-01-01T00:00Z"), at("2101-01-01T00:00Z")) == minutes(365 * 480)
    assert due(office, near, minutes(600)) == first
