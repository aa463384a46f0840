"""What will happen to a ticket that is sent now: computed from the office's hours, never typed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, gettext_noop

from core import clock
from helpdesk.office import OfficeHours, office_hours
from helpdesk.terms import Priority

_DAY = timedelta(days=1)
#: As the calendar of the United Kingdom's government calls them, for the catalogue.
HOLIDAYS = (
    gettext_noop("New Year’s Day"),
    gettext_noop("Good Friday"),
    gettext_noop("Easter Monday"),
    gettext_noop("Early May bank holiday"),
    gettext_noop("Spring bank holiday"),
    gettext_noop("Summer bank holiday"),
    gettext_noop("Christmas Day"),
    gettext_noop("Boxing Day"),
    gettext_noop("Christmas Eve"),
)


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What will happen.

    Attributes:
        is_open: Somebody is at the office now.
        opens_at: When it opens next (UTC); now where it is open, None where it never does.
        because: Why it is closed until then, such as “Easter Monday”; may be empty.
        reply_by: Until when a first reply is promised (UTC).
        urgent_by: The same of an urgent ticket.
        now: When this was worked out (UTC).
    """

    is_open: bool
    opens_at: datetime | None
    because: str
    reply_by: datetime | None
    urgent_by: datetime | None
    now: datetime


def outlook(*, is_urgent: bool = False) -> Outlook:
    """Return what will happen to a ticket that is sent now."""
    office, now = office_hours(), clock.now()
    opens_at = office.opens_at(now)
    priority = Priority.URGENT if is_urgent else Priority.NORMAL
    return Outlook(
        is_open=office.is_open(now),
        opens_at=opens_at,
        because=_why_closed(office, now, opens_at),
        reply_by=office.first_reply_by(priority, now),
        urgent_by=office.first_reply_by(Priority.URGENT, now),
        now=now,
    )


def _why_closed(office: OfficeHours, now: datetime, opens_at: datetime | None) -> str:
    """Return the names of the days on which it is closed although it would be open."""
    if opens_at is None:
        return ""
    zone = office.calendar.zone
    day, until = now.astimezone(zone).date(), opens_at.astimezone(zone).date()
    names = []
    while day < until:
        names.append(office.why_closed_on(day))
        day += _DAY
    # The calendar writes a straight apostrophe.
    told = (gettext(name.replace("'", "’")) for name in names if name)
    return ", ".join(dict.fromkeys(told))
