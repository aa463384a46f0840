"""Which of a school's rows a person may see or choose."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from schools.finding import named_like
from schools.policies import Reader

if TYPE_CHECKING:
    from schools.models import AlertGroup, Category, Staff, Student  # noqa: F401 - named in quotes


class StudentQuerySet(models.QuerySet["Student"]):
    """Students."""

    def visible_to(self, reader: Reader) -> "StudentQuerySet":
        """Students whose names this person may see: every member of staff may name any student."""
        if reader.staff_id is None:
            return self.none()
        return self.all()

    def records_visible_to(self, reader: Reader) -> "StudentQuerySet":
        """Students whose record this person may open: a key holder, within their year groups."""
        if reader.staff_id is None or not reader.holds_key:
            return self.none()
        if reader.access.year_groups is None:
            return self.all()
        return self.filter(year_group__in=reader.access.year_groups)

    def current(self) -> "StudentQuerySet":
        """Students on roll."""
        return self.filter(is_current=True)

    def named(self, typed: str) -> "StudentQuerySet":
        """Students in whose names every word typed occurs."""
        return named_like(self, typed)


class StaffQuerySet(models.QuerySet["Staff"]):
    """Staff."""

    def registered(self) -> "StaffQuerySet":
        """Staff who still work here: only they are offered, alerted and assigned to."""
        return self.filter(is_active=True, user__is_active=True)

    def key_holders(self) -> "StaffQuerySet":
        """Registered staff whose access group holds the key."""
        return self.registered().filter(access_group__holds_key=True)

    def administrators(self) -> "StaffQuerySet":
        """Registered staff whose access group administers the school."""
        return self.registered().filter(access_group__administers=True)

    def named(self, typed: str) -> "StaffQuerySet":
        """Staff in whose names every word typed occurs."""
        return named_like(self, typed)


class CategoryQuerySet(models.QuerySet["Category"]):
    """Categories."""

    def offered(self) -> "CategoryQuerySet":
        """Categories that may be chosen for something new."""
        return self.filter(is_active=True).filter(
            Q(parent__isnull=True) | Q(parent__is_active=True)
        )


class AlertGroupQuerySet(models.QuerySet["AlertGroup"]):
    """Alert groups."""

    def offered(self) -> "AlertGroupQuerySet":
        """Alert groups with their registered members."""
        return self.filter(is_active=True).prefetch_related("members")
