"""Staff, what they may do, and students."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext

from core import clock
from core.identifiers import uuid7
from schools.models.words import Category
from schools.querysets import AlertGroupQuerySet, StaffQuerySet, StudentQuerySet
from schools.terms import YearGroup


class AccessGroup(models.Model):
    """What its members may do.

    Attributes:
        holds_key: Members are key holders.
        administers: Members administer the school's settings and staff.
        is_default: New staff come into it.
        sees_all_categories: Its key holders see incidents of every category, else those of
            ``categories`` and of the sub-categories of these.
        sees_all_years: They see every student, else those of ``year_groups``.
        can_add: Members add incidents and actions.
        can_assign: Its key holders say who deals with an incident.
        can_export: Its key holders take pupils' data out of the platform.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=60)
    holds_key = models.BooleanField(default=False)
    administers = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    sees_all_categories = models.BooleanField(default=True)
    categories = models.ManyToManyField(Category, related_name="+", blank=True)
    sees_all_years = models.BooleanField(default=True)
    year_groups = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    can_add = models.BooleanField(default=True)
    can_assign = models.BooleanField(default=False)
    can_export = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), name="access_group_name_once"),
            models.UniqueConstraint(
                "is_default", condition=Q(is_default=True), name="access_group_one_default"
            ),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(holds_key=False, administers=False),
                name="access_group_default_without_key",
            ),
            models.CheckConstraint(
                condition=Q(holds_key=True) | Q(can_assign=False, can_export=False),
                name="access_group_rights_need_key",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class Staff(models.Model):
    """A member of staff.

    Attributes:
        sourced_id: Identifier in the MIS; empty for people added by hand.
        invited_at: When they were last sent an invitation, if ever.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="staff"
    )
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    access_group = models.ForeignKey(AccessGroup, on_delete=models.PROTECT, related_name="staff")
    is_active = models.BooleanField(default=True)
    sourced_id = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    invited_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[StaffQuerySet] = StaffQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "sourced_id", condition=~Q(sourced_id=""), name="staff_sourced_id_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def display_name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}".strip()


class Student(models.Model):
    """A student; one who leaves becomes inactive and is never deleted.

    Attributes:
        upn: Unique Pupil Number as the MIS gave it; flagged, not dropped, when it is wrong.
        class_name: Registration class, e.g. “4B”.
        sourced_id: Identifier in the MIS.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    given_name = models.CharField(max_length=100)
    preferred_given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100)
    upn = models.CharField(max_length=32, blank=True)
    upn_is_valid = models.BooleanField(default=True)
    born_on = models.DateField(null=True, blank=True)
    year_group = models.CharField(
        max_length=10, blank=True, choices=[(year.value, year.label) for year in YearGroup]
    )
    class_name = models.CharField(max_length=60, blank=True)
    sourced_id = models.CharField(max_length=255, blank=True)
    is_current = models.BooleanField(default=True)
    left_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects: ClassVar[StudentQuerySet] = StudentQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "sourced_id", condition=~Q(sourced_id=""), name="student_sourced_id_once"
            ),
            models.UniqueConstraint(
                "upn",
                condition=Q(is_current=True, upn_is_valid=True) & ~Q(upn=""),
                name="student_upn_once_on_roll",
            ),
            models.CheckConstraint(
                condition=Q(is_current=True, left_on__isnull=True)
                | Q(is_current=False, left_on__isnull=False),
                name="student_left_on_when_not_current",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def display_name(self) -> str:
        """The name the student goes by, then the family name."""
        return f"{self.preferred_given_name or self.given_name} {self.family_name}".strip()

    @property
    def year_label(self) -> str:
        """“Year 4”, “Reception”, or nothing where the MIS did not say."""
        try:
            return gettext(YearGroup(self.year_group).label)
        except ValueError:
            return self.year_group


class AlertGroup(models.Model):
    """Staff who are alerted together at one press of a button."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=60)
    members = models.ManyToManyField(Staff, related_name="alert_groups", blank=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[AlertGroupQuerySet] = AlertGroupQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="alert_group_name_once")]

    def __str__(self) -> str:
        return str(self.ref)


class EmailChange(models.Model):
    """An administrator changed a colleague's address; the old one is told of it.

    Attributes:
        was: The address before.
        by: Who changed it.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="email_changes")
    was = models.EmailField(max_length=254)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return str(self.ref)
