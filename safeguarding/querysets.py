"""Which rows of the record a person may see: the one place where it is decided.

``policies.py`` says the same of one row; a parity test holds the two together.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.audit.models import AuditEntry
from safeguarding.terms import ROW_VERBS
from schools.policies import Reader

if TYPE_CHECKING:
    from safeguarding.models import Action, Alert, Incident  # noqa: F401 - named in quotes


def _unread_alert_of(reader: Reader, incident: str) -> Exists:
    alerts = apps.get_model("safeguarding", "Alert")._default_manager
    return Exists(
        alerts.filter(
            incident=OuterRef(incident), recipient_id=reader.staff_id, read_at__isnull=True
        )
    )


def _own_recent(reader: Reader) -> Q:
    return Q(author_id=reader.staff_id, recorded_at__gte=reader.history_starts_at)


def _may_enter(reader: Reader) -> bool:
    owes_key = (reader.has_key_access or reader.is_administrator) and not reader.has_shown_key
    return reader.staff_id is not None and not owes_key


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Incidents."""

    def visible_to(self, reader: Reader) -> "IncidentQuerySet":
        """Incidents whose own text this person may read."""
        if not _may_enter(reader):
            return self.none()
        if reader.holds_key:
            return self.all()
        return self.filter(_unread_alert_of(reader, "pk") | _own_recent(reader))

    def wholly_visible_to(self, reader: Reader) -> "IncidentQuerySet":
        """Incidents that this person may read with everybody's actions."""
        if not _may_enter(reader):
            return self.none()
        if reader.holds_key:
            return self.all()
        return self.filter(_unread_alert_of(reader, "pk"))

    def locked(self) -> "IncidentQuerySet":
        """Lock the incidents themselves, not what is joined to them."""
        return self.select_for_update(of=("self",), no_key=True)

    def about(self, student_id: int) -> "IncidentQuerySet":
        """Incidents on a student's record: about the student, or linked to it."""
        return self.filter(
            Q(student_id=student_id)
            | Exists(
                apps.get_model("safeguarding", "IncidentLink")._default_manager.filter(
                    incident=OuterRef("pk"), student_id=student_id
                )
            )
        )


class ActionQuerySet(models.QuerySet["Action"]):
    """Actions."""

    def visible_to(self, reader: Reader) -> "ActionQuerySet":
        """Actions that this person may read."""
        if not _may_enter(reader):
            return self.none()
        if reader.holds_key:
            return self.all()
        return self.filter(_unread_alert_of(reader, "incident_id") | _own_recent(reader))


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts."""

    def unread_by(self, reader: Reader) -> "AlertQuerySet":
        """Alerts to this person that they have not marked as read."""
        if not _may_enter(reader):
            return self.none()
        return self.filter(recipient_id=reader.staff_id, read_at__isnull=True)

    def visible_to(self, reader: Reader) -> "AlertQuerySet":
        """Alerts that this person may know of: everybody's for a key holder, else their own."""
        if _may_enter(reader) and reader.holds_key:
            return self.all()
        return self.unread_by(reader)


class AuditQuerySet(models.QuerySet[AuditEntry]):
    """Entries of the record of who saw and who changed what."""

    def visible_to(self, reader: Reader) -> "AuditQuerySet":
        """All of the school's for a key holder, none for anybody else."""
        if _may_enter(reader) and reader.holds_key:
            return self.all()
        return self.none()

    def deeds(self) -> "AuditQuerySet":
        """What somebody did; not the rows that the database wrote along with it."""
        return self.exclude(verb__in=ROW_VERBS)

    def of_students(self, *refs: UUID) -> "AuditQuerySet":
        """Entries in which a student's data was seen or changed."""
        # The index leaves out entries of no student, and is used where the query says so too.
        return self.exclude(students=[]).filter(students__contains=list(refs))
