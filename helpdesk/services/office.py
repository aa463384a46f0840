"""Changing when the office is open and what it promises: open promises follow at once."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction

from core.actors import Actor
from core.audit import services as audit
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.models import BankHoliday, OfficeCalendar, SpecialDay, Target, WeeklyHours
from helpdesk.services.promises import renew_open_promises
from helpdesk.terms import Priority

#: Two whole numbers: minutes after midnight, local; the second is not part of the interval.
Minutes = tuple[int, int]


@transaction.atomic(durable=True)
def set_week(*, actor: AgentActor, week: Mapping[int, Iterable[Minutes]]) -> OfficeCalendar:
    """Open the office at other hours from now on.

    Args:
        actor: A lead.
        week: Intervals by weekday (0 is Monday); a day that is left out is closed.

    Raises:
        Refused: ``LEADS_ONLY``.
    """
    calendar = _locked_calendar(actor)
    WeeklyHours.objects.filter(calendar=calendar).delete()
    WeeklyHours.objects.bulk_create(
        WeeklyHours(calendar=calendar, weekday=weekday, opens=opens, closes=closes)
        for weekday, intervals in week.items()
        for opens, closes in intervals
    )
    audit.record(actor, "office.week_changed", calendar, promises=renew_open_promises())
    return calendar


@transaction.atomic(durable=True)
def set_special_day(
    *, actor: AgentActor, on: date, hours: Iterable[Minutes], reason: str
) -> SpecialDay:
    """Let a day differ from its weekday, or from its being a bank holiday.

    Args:
        actor: A lead.
        on: The local date.
        hours: Its intervals; none is closed all day.
        reason: As schools read it.

    Raises:
        Refused: ``LEADS_ONLY``.
    """
    calendar = _locked_calendar(actor)
    told = {"hours": [list(one) for one in hours], "reason": reason.strip()}
    day, _ = SpecialDay.objects.update_or_create(calendar=calendar, on=on, defaults=told)
    renewed = renew_open_promises()
    audit.record(actor, "office.day_changed", calendar, on=on.isoformat(), promises=renewed)
    return day


@transaction.atomic(durable=True)
def remove_special_day(*, actor: AgentActor, on: date) -> None:
    """Let a day be like its weekday again.

    Raises:
        SpecialDay.DoesNotExist: It does not differ.
        Refused: ``LEADS_ONLY``.
    """
    calendar = _locked_calendar(actor)
    SpecialDay.objects.get(calendar=calendar, on=on).delete()
    renewed = renew_open_promises()
    audit.record(actor, "office.day_restored", calendar, on=on.isoformat(), promises=renewed)


@transaction.atomic(durable=True)
def set_target(
    *, actor: AgentActor, priority: Priority, first_reply_minutes: int, resolution_minutes: int
) -> Target:
    """Promise something else for a priority from now on; what was kept stays as it was.

    Args:
        actor: A lead.
        priority: For which.
        first_reply_minutes: Working time until the first reply.
        resolution_minutes: Working time until the end.

    Raises:
        Refused: ``LEADS_ONLY``.
    """
    calendar = _locked_calendar(actor)
    told = {"first_reply_minutes": first_reply_minutes, "resolution_minutes": resolution_minutes}
    target, _ = Target.objects.update_or_create(priority=priority, defaults=told)
    renewed = renew_open_promises()
    audit.record(actor, "office.target_changed", calendar, of=priority.value, promises=renewed)
    return target


@transaction.atomic(durable=True)
def keep_holidays(*, actor: Actor, known: Mapping[str, Mapping[date, str]]) -> int:
    """Keep the bank holidays of each division; a day that is on the list no more is none.

    Days of years that the list does not reach are left as they are.

    Args:
        actor: Who brings the list.
        known: Names by date, by division.

    Returns:
        How many days were added, renamed or removed.
    """
    changed = sum(_keep_division(division, days) for division, days in known.items() if days)
    if changed:
        audit.record(actor, "office.holidays_changed", promises=renew_open_promises(), days=changed)
    return changed


def _keep_division(division: str, days: Mapping[date, str]) -> int:
    rows = BankHoliday.objects.filter(division=division, on__range=(min(days), max(days)))
    gone = rows.exclude(on__in=days).delete()[0]
    kept = dict(rows.values_list("on", "name"))
    new = [on for on, name in days.items() if kept.get(on) != name]
    BankHoliday.objects.bulk_create(
        [BankHoliday(division=division, on=on, name=days[on]) for on in new],
        update_conflicts=True,
        unique_fields=["division", "on"],
        update_fields=["name"],
    )
    return gone + len(new)


def _locked_calendar(actor: AgentActor) -> OfficeCalendar:
    if why := policies.why_not_lead(actor.reader):
        raise Refused(why)
    return OfficeCalendar.objects.select_for_update(no_key=True).get(is_default=True)
