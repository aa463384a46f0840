"""Incidents as their pages show them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from core.attachments.models import Attachment
from safeguarding.models import (
    Action,
    ActionFile,
    Alert,
    Amendment,
    Incident,
    IncidentFile,
    IncidentLink,
    Monitoring,
)
from safeguarding.selectors.corrections import Corrections, corrections_of
from safeguarding.selectors.history import Change, changes_of, students_before
from safeguarding.selectors.markers import maps_of, with_markers
from safeguarding.selectors.rows import (
    concerned_by,
    refs_of,
    students_of,
)
from schools.models import Category, Staff, Student
from schools.policies import Reader
from ui.maps import MarkedMap


@dataclass(frozen=True, kw_only=True)
class IncidentPage:
    """What one person may see of an incident.

    Attributes:
        is_whole: Whether everybody's actions are shown, or only the person's own text.
        added_categories: Added by actions, in the order in which they were added.
        has_unread_alert: Whether ‘Mark as read’ is offered.
        alerts: Who was alerted and who has read; empty unless the reader holds the key.
        changes: What was changed since it was recorded; likewise.
        stays_readable: The person may open it after marking it as read, too.
        corrections: What it said before; that it was amended, for everybody who reads it.
    """

    incident: Incident
    is_whole: bool
    actions: list[Action]
    added_categories: list[Category]
    has_unread_alert: bool
    alerts: list[Alert]
    changes: list[Change]
    monitoring: list[Monitoring]
    corrections: Corrections
    stays_readable: bool

    @property
    def assigned_to_leaver(self) -> bool:
        """Whether it is open, and whom it is assigned to cannot deal with it any more."""
        assignee = self.incident.assignee
        if assignee is None or self.incident.is_closed:
            return False
        return not (assignee.is_active and assignee.access_group.holds_key)

    @property
    def concerned(self) -> list[Student]:
        """The students whose names are hidden in its texts: its own, the linked, and those it had before."""
        return [*self.incident.concerned, *students_before(self.changes)]

    @property
    def students(self) -> list[UUID]:
        """References of the students whom it concerns, all of them named on the page."""
        linked = [link.student for link in self.incident.links.all()]
        monitored = (one.student for one in self.monitoring)
        return refs_of([self.incident.student, *linked, *monitored, *self.corrections.students])

    @property
    def maps(self) -> list[MarkedMap]:
        """The maps with the markers that its author put on them."""
        return maps_of(self.incident)


def _with_files(model: type[IncidentFile] | type[ActionFile]) -> "Prefetch[Any]":
    files = model._default_manager.select_related("attachment").order_by("id")
    return Prefetch("files", queryset=files)


def incident_page(reader: Reader, ref: UUID) -> IncidentPage:
    """Return an incident with what the person may see of it.

    Raises:
        Incident.DoesNotExist: Absent, or hidden from the person.
    """
    links = IncidentLink.objects.select_related("student").order_by("student__family_name", "id")
    incident = (
        Incident.objects.visible_to(reader)
        .select_related("student", "author", "assignee__access_group", "closed_by")
        .prefetch_related(
            "categories",
            "agencies",
            Prefetch("links", queryset=links),
            _with_files(IncidentFile),
            with_markers(),
        )
        .get(ref=ref)
    )
    is_whole = Incident.objects.wholly_visible_to(reader).filter(pk=incident.pk).exists()
    actions = list(
        Action.objects.visible_to(reader)
        .filter(incident=incident)
        .select_related("author")
        .prefetch_related("categories", "agencies", _with_files(ActionFile))
        .order_by("recorded_at", "id")
    )
    corrections = corrections_of(reader, incident, actions, is_whole=is_whole)
    for action in actions:
        action.versions = corrections.of_actions.get(action.pk, [])  # type: ignore[attr-defined] # for the page
        action.is_amended = action.pk in corrections.amended  # type: ignore[attr-defined] # likewise
    return IncidentPage(
        corrections=corrections,
        stays_readable=Incident.objects.opened_to(reader).filter(pk=incident.pk).exists(),
        incident=incident,
        is_whole=is_whole,
        actions=actions,
        added_categories=_added(incident, actions),
        has_unread_alert=Alert.objects.unread_by(reader).filter(incident=incident).exists(),
        alerts=_alerts(reader, incident) if is_whole else [],
        changes=changes_of(reader, incident) if is_whole else [],
        monitoring=list(
            incident.monitoring.filter(ended_at__isnull=True)
            .select_related("student", "category")
            .order_by("id")
        ),
    )


def _added(incident: Incident, actions: list[Action]) -> list[Category]:
    own = set(incident.categories.all())
    added = [category for action in actions for category in action.categories.all()]
    return [category for category in dict.fromkeys(added) if category not in own]


def _alerts(reader: Reader, incident: Incident) -> list[Alert]:
    if not reader.holds_key:
        return []
    alerts = Alert.objects.visible_to(reader).filter(incident=incident)
    return list(
        alerts.select_related("recipient", "raised_by", "action").order_by("raised_at", "id")
    )


def own_action(reader: Reader, ref: UUID) -> Action:
    """Return an action that the person may read.

    Raises:
        Action.DoesNotExist: Absent, or hidden from the person.
    """
    return (
        Action.objects.visible_to(reader)
        .annotate(is_amended=Exists(Amendment.objects.filter(action=OuterRef("pk"))))
        .select_related("incident__student", "author")
        .prefetch_related(
            "categories", "agencies", "incident__links__student", _with_files(ActionFile)
        )
        .get(ref=ref)
    )


def is_incident_visible(reader: Reader, ref: UUID) -> bool:
    """Say whether the person may open the incident."""
    return Incident.objects.visible_to(reader).filter(ref=ref).exists()


def has_recorded(reader: Reader, submission: UUID | None) -> bool:
    """Say whether the person has recorded an incident with this submission already."""
    mine = Incident.objects.filter(author_id=reader.staff_id)
    return submission is not None and mine.filter(submission=submission).exists()


def action_added(reader: Reader, submission: UUID | None) -> Action | None:
    """Return the action that the person has added with this submission already."""
    mine = Action.objects.filter(author_id=reader.staff_id)
    return mine.filter(submission=submission).first() if submission else None


def original_recipients(reader: Reader, ref: UUID) -> list[Staff]:
    """Return the staff who were alerted to the original incident and still work here."""
    visible = Incident.objects.visible_to(reader).filter(ref=ref)
    return list(
        Staff.objects.registered()
        .filter(alerts__incident__in=visible, alerts__action__isnull=True)
        .order_by("family_name", "given_name", "id")
    )


def visible_files(reader: Reader) -> "QuerySet[Attachment]":
    """Return the files of incidents and actions that the person may read."""
    incidents = IncidentFile.objects.filter(incident__in=Incident.objects.visible_to(reader))
    actions = ActionFile.objects.filter(action__in=Action.objects.visible_to(reader))
    return Attachment.objects.filter(pk__in=incidents.values("attachment_id")) | (
        Attachment.objects.filter(pk__in=actions.values("attachment_id"))
    )


def visible_file(reader: Reader, ref: UUID) -> tuple[Attachment, list[Student]]:
    """Return a file that the person may read, and the students whom its incident concerns.

    Raises:
        Attachment.DoesNotExist: Absent, not on a record, or hidden from the person.
    """
    attachment = visible_files(reader).get(ref=ref)
    on = Q(files__attachment=attachment) | Q(actions__files__attachment=attachment)
    return attachment, concerned_by(Incident.objects.filter(on).distinct().get())


def students_linked_to(reader: Reader, ref: UUID) -> list[Student]:
    """Return the students whom an incident concerns; none where it is absent or hidden."""
    incident = Incident.objects.visible_to(reader).filter(ref=ref).first()
    return concerned_by(incident) if incident else []


def students_of_incident(ref: UUID | None) -> list[UUID]:
    """Return the references of the students whom an incident concerns; none where it is absent."""
    incident = Incident.objects.filter(ref=ref).first() if ref else None
    return students_of(incident) if incident else []


def refused_emails(reader: Reader) -> int:
    """Return how many alert emails were refused for good and not yet read in another way."""
    if not reader.holds_key:
        return 0
    alerts = Alert.objects.visible_to(reader).filter(read_at__isnull=True)
    return alerts.exclude(email_refusal="").count()
