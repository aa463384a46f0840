"""Incidents, the students they concern, and what follows for those students."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext

from core import clock
from core.attachments.models import Attachment
from core.identifiers import uuid7
from safeguarding.policies import Concern, IncidentFacts
from safeguarding.querysets import IncidentQuerySet
from safeguarding.terms import LONGEST_TEXT, WHOLE_SCHOOL, Status
from schools.models import Agency, Category, Staff, Student


class Incident(models.Model):
    """A concern about a student, or about the whole school.

    Attributes:
        submission: Made when the form was shown; a double click carries the same one twice.
        occurred_at: When it happened (UTC), as the author says.
        recorded_at: When it was written down here (UTC).
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    student = models.ForeignKey(
        Student, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents"
    )
    is_whole_school = models.BooleanField(default=False)
    text = models.TextField(max_length=LONGEST_TEXT)
    categories = models.ManyToManyField(Category, related_name="incidents")
    agencies = models.ManyToManyField(Agency, related_name="incidents", blank=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="incidents_recorded")
    status = models.CharField(
        max_length=20,
        choices=[(status.value, status.label) for status in Status],
        default=Status.ACTIVE,
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents_closed"
    )
    assignee = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="incidents_assigned"
    )

    objects: ClassVar[IncidentQuerySet] = IncidentQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(student__isnull=True, is_whole_school=True)
                | Q(student__isnull=False, is_whole_school=False),
                name="incident_of_a_student_or_the_whole_school",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="incident_has_text"),
            models.CheckConstraint(
                condition=Q(occurred_at__lte=F("recorded_at")), name="incident_not_in_the_future"
            ),
            models.CheckConstraint(
                condition=Q(status="active", closed_at__isnull=True, closed_by__isnull=True)
                | Q(status="closed", closed_at__isnull=False, closed_by__isnull=False),
                name="incident_closed_with_when_and_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-recorded_at"], name="incident_by_author"),
            models.Index(
                fields=["assignee", "-recorded_at"],
                condition=Q(status="active"),
                name="incident_assigned",
            ),
            models.Index(fields=["-recorded_at", "-id"], name="incident_newest"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    def facts(self, *, has_unread_alert: bool) -> IncidentFacts:
        """Return what the policies need to know; a few queries."""
        return IncidentFacts(
            author_id=self.author_id,
            recorded_at=self.recorded_at,
            has_unread_alert=has_unread_alert,
            concern=self.concern(),
            assignee_id=None if self.is_closed else self.assignee_id,
        )

    def concern(self) -> Concern:
        """Return what access groups are held against; a few queries."""
        of_incident = Q(incidents=self.pk) | Q(actions__incident=self.pk)
        concerned = Q(pk=self.student_id) | Q(incident_links__incident=self.pk)
        return Concern(
            category_ids=frozenset(
                Category.objects.filter(of_incident).values_list("pk", flat=True)
            ),
            year_groups=frozenset(
                Student.objects.filter(concerned).values_list("year_group", flat=True)
            ),
            is_whole_school=self.is_whole_school,
        )

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.status == Status.CLOSED

    @property
    def status_label(self) -> str:
        """The status as people read it."""
        return gettext(Status(self.status).label)

    @property
    def concerned(self) -> list[Student]:
        """The students whom it concerns: its own and the linked (prefetch ``links__student``)."""
        own = [self.student] if self.student else []
        return [*own, *(link.student for link in self.links.all())]

    @property
    def concerns(self) -> str:
        """What stands in the student's place for an incident of the whole school."""
        return gettext(WHOLE_SCHOOL) if self.is_whole_school else ""


class IncidentLink(models.Model):
    """A linked student: the incident is on this student's record too (guide, section 4)."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="links")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="incident_links")
    shares_documents = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("incident", "student", name="incident_link_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Monitoring(models.Model):
    """A student who is, or was, monitored under a category, and since which incident.

    Attributes:
        ended_at: When a key holder stopped it (UTC), or null.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="monitoring")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="monitoring")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="monitoring")
    started_at = models.DateTimeField(default=clock.now, editable=False)
    started_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "category"],
                condition=Q(ended_at__isnull=True),
                name="monitoring_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="monitoring_ended_with_when_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class IncidentFile(models.Model):
    """A file attached to an incident."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="incident_file"
    )

    def __str__(self) -> str:
        return str(self.pk)
