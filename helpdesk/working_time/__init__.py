"""Working time: exact arithmetic over office hours. Pure; knows no tickets and no database.

The rules, each in one sentence:

* An instant is open when a clock on the office's wall reads a time within the hours of that day.
  So nothing has to be chosen when clocks change: hours that the wall clock leaps over in spring are
  not worked, hours that it shows twice in autumn are worked twice, and 01:30–04:00 opens in spring
  at the leap (02:00 by the new time) and in autumn each time that the clock reads 01:30.
* Intervals are half-open: at opening it is open, at closing it is closed.
* A budget is due at the earliest instant by which it is worked, so one that fits exactly is due at
  closing. A budget of nothing is due at the first instant at which somebody could work.
* A pause is time in which nobody works, whether the office is open or not.
* Instants are exact to the microsecond, carry a time zone, and are given back in UTC.
"""

from helpdesk.working_time.arithmetic import (
    Interval,
    Pause,
    closing_after,
    consumed,
    due,
    is_open,
    next_opening,
    worked,
)
from helpdesk.working_time.calendar import Calendar, Hours, calendar_from
from helpdesk.working_time.open_times import NoWorkingTime

__all__ = [
    "Calendar",
    "Hours",
    "Interval",
    "NoWorkingTime",
    "Pause",
    "calendar_from",
    "closing_after",
    "consumed",
    "due",
    "is_open",
    "next_opening",
    "worked",
]
