"""When the office is open, and what it promises."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.identifiers import uuid7
from helpdesk.terms import Priority

#: A day in minutes; an interval may end with it.
MIDNIGHT = 24 * 60


class OfficeCalendar(models.Model):
    """The office's hours: a week, days that differ, bank holidays.

    Attributes:
        time_zone: IANA name; hours are local to it.
        division: Whose bank holidays are kept, as the government's list names it; empty for none.
        is_default: Whether this is the one that promises are made by.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=100)
    time_zone = models.CharField(max_length=50, default="Europe/London")
    division = models.CharField(max_length=30, default="england-and-wales", blank=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "is_default", condition=Q(is_default=True), name="office_calendar_one_default"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class WeeklyHours(models.Model):
    """An interval of each week, one of several a day.

    Attributes:
        weekday: 0 is Monday.
        opens: Minutes after midnight, local.
        closes: Likewise; not part of the interval.
    """

    calendar = models.ForeignKey(OfficeCalendar, on_delete=models.PROTECT, related_name="week")
    weekday = models.PositiveSmallIntegerField()
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="weekly_hours_weekday"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes"), closes__lte=MIDNIGHT),
                name="weekly_hours_opens_before_closing",
            ),
            models.UniqueConstraint("calendar", "weekday", "opens", name="weekly_hours_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SpecialDay(models.Model):
    """A day that differs from its weekday: early closing, a training day, open on a holiday.

    Attributes:
        hours: Pairs of minutes after midnight, local; none is closed all day.
        reason: As schools read it.
    """

    calendar = models.ForeignKey(
        OfficeCalendar, on_delete=models.PROTECT, related_name="special_days"
    )
    on = models.DateField()
    hours = ArrayField(
        ArrayField(models.PositiveSmallIntegerField(), size=2), default=list, blank=True
    )
    reason = models.CharField(max_length=100)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint("calendar", "on", name="special_day_once")]

    def __str__(self) -> str:
        return str(self.pk)


class BankHoliday(models.Model):
    """A day on which the office is closed, unless a special day says otherwise.

    Source: gov.uk/bank-holidays, through the package ``govuk-bank-holidays``.
    """

    division = models.CharField(max_length=30)
    on = models.DateField()
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint("division", "on", name="bank_holiday_once")]

    def __str__(self) -> str:
        return str(self.pk)


class Target(models.Model):
    """What is promised for a priority, in minutes of working time."""

    priority = models.CharField(
        max_length=10, unique=True, choices=[(one.value, one.value) for one in Priority]
    )
    first_reply_minutes = models.PositiveIntegerField()
    resolution_minutes = models.PositiveIntegerField()

    def __str__(self) -> str:
        return str(self.pk)
