"""Correcting the record; what it said before stays readable beneath."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from core import clock
from core.audit import services as audit
from core.refusals import Refused
from safeguarding import policies
from safeguarding.models import Action, Amendment, CategoryChange, Incident
from safeguarding.selectors.rows import refs_of, students_of
from safeguarding.services.incidents import once
from schools.actors import StaffActor
from schools.models import Category, Student
from schools.terms import Refusal


@dataclass(frozen=True, kw_only=True)
class NewAmendment:
    """What a key holder corrected.

    Attributes:
        submission: Made when the form was shown; the same one never amends twice.
        version: How often it had been amended when the form was shown.
        text: What it is to say, 1 to ``LONGEST_TEXT`` characters.
        occurred_at: When it happened; aware, not after it was recorded.
        reason: Why, 1 to ``LONGEST_REASON`` characters.
    """

    submission: UUID
    version: int
    text: str
    occurred_at: datetime
    reason: str


def amend_incident(*, actor: StaffActor, ref: UUID, new: NewAmendment) -> Amendment:
    """Amend the text of an incident, or when it happened.

    Returns:
        The version that it replaces; for a submission that was saved before, that same one.

    Raises:
        Incident.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``actor`` does not hold the key; somebody amended it meanwhile; nothing is
            different; it happened after it was recorded.
    """
    return once(Amendment, new.submission, actor, lambda: _amend_incident(actor, ref, new))


def amend_action(*, actor: StaffActor, ref: UUID, new: NewAmendment) -> Amendment:
    """Amend the text of an action, or when it happened; see ``amend_incident``.

    Raises:
        Action.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: As ``amend_incident``.
    """
    return once(Amendment, new.submission, actor, lambda: _amend_action(actor, ref, new))


@transaction.atomic(durable=True)
def _amend_incident(actor: StaffActor, ref: UUID, new: NewAmendment) -> Amendment:
    return _amend(actor, _locked(actor, ref), None, new)


@transaction.atomic(durable=True)
def _amend_action(actor: StaffActor, ref: UUID, new: NewAmendment) -> Amendment:
    visible = Action.objects.visible_to(actor.reader)
    action = visible.select_related("incident").get(ref=ref)
    # An action's versions are counted under the lock of its incident.
    incident = Incident.objects.filter(pk=action.incident_id).locked().get()
    action.refresh_from_db(fields=["text", "occurred_at"])
    return _amend(actor, incident, action, new)


def _amend(
    actor: StaffActor, incident: Incident, action: Action | None, new: NewAmendment
) -> Amendment:
    _must_correct(actor)
    amended: Incident | Action = action or incident
    # Who clicked twice at the same moment waited for the lock.
    if saved := Amendment.objects.filter(submission=new.submission).first():
        return saved
    versions = Amendment.objects.filter(incident=incident, action=action)
    if versions.count() != new.version:
        raise Refused(Refusal.AMENDED_MEANWHILE)
    occurred_at = same_minute(amended.occurred_at, new.occurred_at)
    if (new.text, occurred_at) == (amended.text, amended.occurred_at):
        raise Refused(Refusal.NOTHING_AMENDED)
    if occurred_at > amended.recorded_at:
        raise Refused(Refusal.BEFORE_RECORDED)
    amendment = _keep_version(actor, incident, action, new.submission, new.reason)
    amended.text, amended.occurred_at = new.text, occurred_at
    amended.save(update_fields=["text", "occurred_at"])
    verb = "action.amended" if action else "incident.amended"
    audit.record(
        actor,
        verb,
        amended,
        students=students_of(incident),
        incident=incident.ref,
        amendment=amendment.ref,
    )
    return amendment


def same_minute(was: datetime, given: datetime) -> datetime:
    """Return the moment given, or the one that was where they are the same to the minute.

    Forms show no seconds; sending one back unchanged changes nothing.
    """
    is_same = was.astimezone(UTC).replace(second=0, microsecond=0) == given.astimezone(UTC)
    return was if is_same else given


def _keep_version(
    actor: StaffActor,
    incident: Incident,
    action: Action | None,
    submission: UUID,
    reason: str,
    *,
    moves_student: bool = False,
) -> Amendment:
    amended: Incident | Action = action or incident
    return Amendment.objects.create(
        submission=submission,
        incident=incident,
        action=action,
        reason=reason,
        moves_student=moves_student,
        text=amended.text,
        occurred_at=amended.occurred_at,
        student_id=incident.student_id,
        author_id=actor.staff_id,
        made_at=clock.now(),
    )


def correct_student(
    *, actor: StaffActor, ref: UUID, student: Student, reason: str, submission: UUID
) -> Amendment:
    """Move an incident to the record of the student whom it concerns.

    Where that student was linked, the link goes: the incident is theirs now. Both students'
    records say that it was moved.

    Args:
        actor: A key holder.
        ref: The incident.
        student: On roll.
        reason: Why, 1 to ``LONGEST_REASON`` characters.
        submission: Made when the form was shown.

    Raises:
        Incident.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``actor`` does not hold the key; the incident is on this record already.
    """
    return once(
        Amendment,
        submission,
        actor,
        lambda: _correct_student(actor, ref, student, reason, submission),
    )


@transaction.atomic(durable=True)
def _correct_student(
    actor: StaffActor, ref: UUID, student: Student, reason: str, submission: UUID
) -> Amendment:
    incident = _locked(actor, ref)
    _must_correct(actor)
    if saved := Amendment.objects.filter(submission=submission).first():
        return saved
    if incident.student_id == student.pk:
        raise Refused(Refusal.SAME_STUDENT)
    concerned = students_of(incident)
    amendment = _keep_version(actor, incident, None, submission, reason, moves_student=True)
    incident.links.filter(student=student).delete()
    incident.student, incident.is_whole_school = student, False
    incident.save(update_fields=["student", "is_whole_school"])
    audit.record(
        actor,
        "incident.moved",
        incident,
        students=[*concerned, *refs_of([student])],
        amendment=amendment.ref,
    )
    return amendment


@transaction.atomic(durable=True)
def change_categories(
    *, actor: StaffActor, ref: UUID, added: list[Category], removed: list[Category]
) -> Incident:
    """Put categories on an incident and take some off; those that its actions added stay.

    Only what differs is given, so that two people who change different ones at the same moment
    do not undo each other's.

    Raises:
        Incident.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``actor`` does not hold the key, or no category would be left.
    """
    incident = _locked(actor, ref)
    _must_correct(actor)
    own = set(incident.categories.all())
    new = [category for category in added if category not in own]
    gone = [category for category in removed if category in own]
    if not (own | set(new)) - set(gone):
        raise Refused(Refusal.LAST_OF_INCIDENT)
    if not new and not gone:
        return incident
    incident.categories.add(*new)
    incident.categories.remove(*gone)
    CategoryChange.objects.bulk_create(
        CategoryChange(
            incident=incident,
            category=category,
            is_removal=category in gone,
            author_id=actor.staff_id,
        )
        for category in [*new, *gone]
    )
    audit.record(
        actor,
        "incident.categorised",
        incident,
        students=students_of(incident),
        added=[category.ref for category in new],
        removed=[category.ref for category in gone],
    )
    return incident


def _locked(actor: StaffActor, ref: UUID) -> Incident:
    """Lock an incident that the person may read with everybody's actions."""
    return Incident.objects.wholly_visible_to(actor.reader).locked().get(ref=ref)


def _must_correct(actor: StaffActor) -> None:
    if why := policies.why_not_correct(actor.reader):
        raise Refused(why)
