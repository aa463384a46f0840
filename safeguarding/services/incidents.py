"""Recording incidents and saying who deals with them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction

from core import clock
from core.attachments import services as attachments
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from safeguarding import policies
from safeguarding.events import IncidentAssigned
from safeguarding.models import Action, Amendment, Incident, IncidentFile, IncidentLink, Monitoring
from safeguarding.selectors.rows import refs_of, students_of
from safeguarding.services.alerts import raise_alerts
from safeguarding.services.drafts import forget_draft
from safeguarding.services.markers import put_markers
from safeguarding.terms import Status
from schools.actors import StaffActor
from schools.models import Agency, Category, Staff, Student
from schools.policies import why_not_add
from schools.selectors import access_of
from schools.terms import Refusal
from ui.maps import MarkedMap

Saved = TypeVar("Saved", Incident, Action, Amendment)


class AsItIs(Enum):
    """What is not touched."""

    SO = "so"


@dataclass(frozen=True, kw_only=True)
class Link:
    """A linked student and what goes with it (guide, section 4, “Linked student(s)”).

    Attributes:
        is_monitored: Monitor the student under the incident's categories.
        shares_documents: The incident's files are on this student's record too.
    """

    student: Student
    is_monitored: bool = False
    shares_documents: bool = False


@dataclass(frozen=True, kw_only=True)
class NewIncident:
    """What somebody wrote on the ‘Add Incident’ form.

    Attributes:
        submission: Made when the form was shown; the same one never makes two incidents.
        student: Whom it concerns; None is a ‘Whole School Incident’.
        text: 1 to ``LONGEST_TEXT`` characters.
        occurred_at: When it happened; aware, not in the future.
        assignee: A registered key holder, or None.
        files: References of staged attachments of the same person.
        recipients: Registered staff to alert.
        agencies: Names of outside bodies.
        form_opened: The form's own reference, whose draft is deleted.
        maps: Maps with numbered markers on them.
    """

    submission: UUID
    student: Student | None
    text: str
    categories: Sequence[Category]
    occurred_at: datetime
    links: Sequence[Link] = ()
    status: Status = Status.ACTIVE
    assignee: Staff | None = None
    files: Sequence[UUID] = ()
    recipients: Sequence[Staff] = ()
    agencies: Sequence[str] = field(default_factory=tuple)
    form_opened: UUID | None = None
    maps: Sequence[MarkedMap] = ()


def once(
    model: type[Saved], submission: UUID, actor: StaffActor, save: Callable[[], Saved]
) -> Saved:
    """Save unless the same submission was saved already; then return what it made.

    A double click sends the same submission twice, sometimes at the same moment; the unique
    constraint decides, and the loser finds the winner's row (acceptance G6.9).
    """
    mine = model._default_manager.filter(submission=submission, author_id=actor.staff_id)
    if saved := mine.first():
        return saved
    try:
        return save()
    except IntegrityError:
        if saved := mine.first():
            return saved
        raise


def record_incident(*, actor: StaffActor, new: NewIncident) -> Incident:
    """Record an incident, alert the chosen staff, and assign it where that was asked for.

    Returns:
        The incident; for a submission that was recorded before, that same incident.

    Raises:
        Refused: ``actor`` may not record, or may not assign, or not to somebody whose access
            group does not see it.
        AttachmentRefused: A file is not one that ``actor`` uploaded and has not used.

    Source: user guide, section 4.
    """
    return once(Incident, new.submission, actor, lambda: _record(actor, new))


@transaction.atomic(durable=True)
def _record(actor: StaffActor, new: NewIncident) -> Incident:
    if why := why_not_add(actor.reader):
        raise Refused(why)
    if new.assignee:
        _must_assign(actor, new.assignee, concern_of(new))
    now = clock.now()
    is_closed = new.status is Status.CLOSED
    incident = Incident.objects.create(
        submission=new.submission,
        student=new.student,
        is_whole_school=new.student is None,
        text=new.text,
        occurred_at=min(new.occurred_at, now),
        recorded_at=now,
        author_id=actor.staff_id,
        status=new.status,
        closed_at=now if is_closed else None,
        closed_by_id=actor.staff_id if is_closed else None,
        assignee=new.assignee,
    )
    incident.categories.set(new.categories)
    incident.agencies.set(named_agencies(new.agencies))
    _link(actor, incident, new)
    put_markers(incident, new.maps)
    for attachment in attachments.claim(new.files, actor):
        IncidentFile.objects.create(incident=incident, attachment=attachment)
    raise_alerts(actor=actor, incident=incident, action=None, recipients=new.recipients)
    if new.assignee:
        outbox.append(IncidentAssigned(ref=incident.ref, staff=new.assignee.ref))
    forget_draft(actor=actor, submission=new.form_opened)
    audit.record(
        actor,
        "incident.recorded",
        incident,
        students=refs_of([new.student, *(link.student for link in new.links)]),
        categories=[category.ref for category in new.categories],
        alerted=[staff.ref for staff in new.recipients],
    )
    return incident


def concern_of(new: NewIncident) -> policies.Concern:
    """Return what access groups are held against, of an incident that is not recorded yet."""
    linked = [link.student for link in new.links]
    students = [new.student, *linked] if new.student else linked
    return policies.Concern(
        category_ids=frozenset(category.pk for category in new.categories),
        year_groups=frozenset(student.year_group for student in students),
        is_whole_school=new.student is None,
    )


def why_not_assignee(assignee: Staff, concern: policies.Concern) -> Refusal | None:
    """May an incident be assigned to this member of staff: would they be able to open it?"""
    group = assignee.access_group
    return policies.why_not_be_assigned(
        holds_key=group.holds_key, access=access_of(group), concern=concern
    )


def _must_assign(actor: StaffActor, assignee: Staff | None, concern: policies.Concern) -> None:
    if why := policies.why_not_assign(actor.reader):
        raise Refused(why)
    if assignee and (why := why_not_assignee(assignee, concern)):
        raise Refused(why)


def _link(actor: StaffActor, incident: Incident, new: NewIncident) -> None:
    links = {link.student.pk: link for link in new.links if link.student != new.student}
    IncidentLink.objects.bulk_create(
        IncidentLink(
            incident=incident, student=link.student, shares_documents=link.shares_documents
        )
        for link in links.values()
    )
    Monitoring.objects.bulk_create(
        (
            Monitoring(
                student=link.student,
                category=category,
                incident=incident,
                started_by_id=actor.staff_id,
            )
            for link in links.values()
            if link.is_monitored
            for category in new.categories
        ),
        # A student who is monitored under the category already stays so, since that incident.
        ignore_conflicts=True,
    )


def named_agencies(names: Iterable[str]) -> list[Agency]:
    """Return the agencies of these names, adding those that the school has not used before."""
    found = []
    for name in dict.fromkeys(" ".join(name.split()) for name in names if name.strip()):
        agency = Agency.objects.filter(name__iexact=name).first()
        found.append(agency or Agency.objects.create(name=name))
    return list(dict.fromkeys(found))


@transaction.atomic(durable=True)
def settle_case(
    *,
    actor: StaffActor,
    ref: UUID,
    status: Status,
    assignee: Staff | AsItIs | None = AsItIs.SO,
) -> Incident:
    """Set an incident's status and say who deals with it; a new assignee is emailed.

    Args:
        actor: A key holder.
        ref: The incident.
        status: Set by every key holder.
        assignee: Only with the right to assign may it differ; None is nobody.

    Raises:
        Incident.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``actor`` does not hold the key; or changes the assignee without the right to,
            or to somebody whose access group does not see the incident.

    Source: user guide, section 4, “Status” and “Assign to”.
    """
    incident = Incident.objects.wholly_visible_to(actor.reader).locked().get(ref=ref)
    if why := policies.why_not_correct(actor.reader):
        raise Refused(why)
    if assignee is AsItIs.SO:
        assignee = incident.assignee
    if (assignee.pk if assignee else None) != incident.assignee_id:
        _must_assign(actor, assignee, incident.concern())
    is_new_assignee = assignee is not None and assignee.pk != incident.assignee_id
    if incident.status != status:
        is_closed = status is Status.CLOSED
        incident.closed_at = clock.now() if is_closed else None
        incident.closed_by_id = actor.staff_id if is_closed else None
    incident.status = status
    incident.assignee = assignee
    incident.save(update_fields=["status", "closed_at", "closed_by", "assignee"])
    audit.record(
        actor,
        "incident.settled",
        incident,
        students=students_of(incident),
        status=status.value,
        assignee=assignee.ref if assignee else None,
    )
    if assignee is not None and is_new_assignee:
        outbox.append(IncidentAssigned(ref=incident.ref, staff=assignee.ref))
    return incident
