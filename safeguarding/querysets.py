"""Which rows of the record a person may see: the one place where it is decided.

``policies.py`` says the same of one row; a parity test holds the two together.
"""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from safeguarding.terms import ROW_VERBS, Status
from schools.policies import Reader
from schools.querysets import StudentQuerySet

if TYPE_CHECKING:
    from safeguarding.models import Action, Alert, Incident  # noqa: F401 - named in quotes


def _unread_alert_of(reader: Reader, incident: str) -> Exists:
    alerts = apps.get_model("safeguarding", "Alert")._default_manager
    return Exists(
        alerts.filter(
            incident=OuterRef(incident), recipient_id=reader.staff_id, read_at__isnull=True
        )
    )


def _within(reader: Reader, incident: str) -> Q:
    """Incidents that the reader's access group opens; see ``policies.is_within``.

    Args:
        reader: A key holder.
        incident: Path from the filtered row to the incident's id.
    """
    scope, access = Q(), reader.access
    if access.category_ids is not None:
        own = _rows("incident_categories", incident_id=OuterRef(incident))
        added = _rows("action_categories", action__incident_id=OuterRef(incident))
        others = ~Q(category_id__in=access.category_ids)
        scope &= Exists(own) | Exists(added)
        scope &= ~Exists(own.filter(others)) & ~Exists(added.filter(others))
    if access.year_groups is not None:
        students = apps.get_model("schools", "Student")._default_manager.filter(
            year_group__in=access.year_groups
        )
        links = _rows("incidentlink", incident_id=OuterRef(incident), student__in=students)
        concerned = _rows("incident", pk=OuterRef(incident)).filter(
            Q(is_whole_school=True) | Q(student__in=students)
        )
        scope &= Exists(concerned) | Exists(links)
    return scope


def _rows(name: str, **which: Any) -> "models.QuerySet[Any]":
    app = apps.get_app_config("safeguarding")
    return app.get_model(name, require_ready=False)._default_manager.filter(**which)


def _assigned_to(reader: Reader, incident: str) -> Exists:
    rows = _rows("incident", pk=OuterRef(incident), status=Status.ACTIVE)
    return Exists(rows.filter(assignee_id=reader.staff_id))


def _wholly(reader: Reader, incident: str) -> Q:
    """Incidents that somebody, who may not see everything, may read with everybody's actions."""
    readable = Q(_unread_alert_of(reader, incident))
    if reader.holds_key:
        readable |= Q(_assigned_to(reader, incident)) | _within(reader, incident)
    return readable


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
        if reader.sees_everything:
            return self.all()
        return self.filter(_wholly(reader, "pk") | _own_recent(reader))

    def wholly_visible_to(self, reader: Reader) -> "IncidentQuerySet":
        """Incidents that this person may read with everybody's actions."""
        if not _may_enter(reader):
            return self.none()
        if reader.sees_everything:
            return self.all()
        return self.filter(_wholly(reader, "pk"))

    def opened_to(self, reader: Reader) -> "IncidentQuerySet":
        """Incidents that stay open to this person when they have read every alert."""
        if not _may_enter(reader) or not reader.holds_key:
            return self.none()
        if reader.sees_everything:
            return self.all()
        return self.filter(Q(_assigned_to(reader, "pk")) | _within(reader, "pk"))

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
        if reader.sees_everything:
            return self.all()
        return self.filter(_wholly(reader, "incident_id") | _own_recent(reader))


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts."""

    def unread_by(self, reader: Reader) -> "AlertQuerySet":
        """Alerts to this person that they have not marked as read."""
        if not _may_enter(reader):
            return self.none()
        return self.filter(recipient_id=reader.staff_id, read_at__isnull=True)

    def visible_to(self, reader: Reader) -> "AlertQuerySet":
        """Alerts that this person may know of.

        Everybody's for a key holder, to what they may read; else their own.
        """
        if not _may_enter(reader) or not reader.holds_key:
            return self.unread_by(reader)
        if reader.sees_everything:
            return self.all()
        return self.filter(_wholly(reader, "incident_id"))


class AuditQuerySet(models.QuerySet[AuditEntry]):
    """Entries of the record of who saw and who changed what."""

    def visible_to(self, reader: Reader) -> "AuditQuerySet":
        """All of the school's for a key holder, none for anybody else.

        Where the access group is narrowed: without entries about an incident, an action or a
        file that they may not read, and without those about other students alone.
        """
        if not _may_enter(reader) or not reader.holds_key:
            return self.none()
        if reader.sees_everything:
            return self.all()
        return self.filter(_of_the_record(reader)).filter(_of_students_seen(reader))

    def deeds(self) -> "AuditQuerySet":
        """What somebody did; not the rows that the database wrote along with it."""
        return self.exclude(verb__in=ROW_VERBS)

    def of_students(self, *refs: UUID) -> "AuditQuerySet":
        """Entries in which a student's data was seen or changed."""
        # The index leaves out entries of no student, and is used where the query says so too.
        return self.exclude(students=[]).filter(students__contains=list(refs))


def _of_the_record(reader: Reader) -> Q:
    """Entries whose subject is no part of the record, or a part that the reader may read."""
    here = {"ref": OuterRef("subject_ref")}
    incidents = IncidentQuerySet(apps.get_model("safeguarding", "Incident")).visible_to(reader)
    actions = ActionQuerySet(apps.get_model("safeguarding", "Action")).visible_to(reader)
    files = Attachment.objects.filter(**here)
    is_other = ~Q(subject_kind__startswith="safeguarding.") & ~Q(
        subject_kind__startswith="attachments."
    )
    return Q(
        is_other
        | Q(Exists(incidents.filter(**here)))
        | Q(Exists(actions.filter(**here)))
        | Q(Exists(files.filter(incident_file__incident__in=incidents)))
        | Q(Exists(files.filter(action_file__action__in=actions)))
    )


def _of_students_seen(reader: Reader) -> Q:
    """Entries about no student, or about one at least whose record the reader may open."""
    if reader.access.year_groups is None:
        return Q()
    students = StudentQuerySet(apps.get_model("schools", "Student")).records_visible_to(reader)
    is_hidden = Q(subject_kind="schools.student") & ~Q(
        Exists(students.filter(ref=OuterRef("subject_ref")))
    )
    refs = ArraySubquery(students.order_by().values("ref"))
    return (Q(students=[]) | Q(students__overlap=refs)) & ~is_hidden
