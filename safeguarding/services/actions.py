"""Adding actions to incidents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from core import clock
from core.attachments import services as attachments
from core.audit import services as audit
from core.refusals import Refused
from safeguarding.models import Action, ActionFile, Incident
from safeguarding.selectors.rows import students_of
from safeguarding.services.alerts import raise_alerts
from safeguarding.services.drafts import forget_draft
from safeguarding.services.incidents import named_agencies, once
from schools.actors import StaffActor
from schools.models import Category, Staff
from schools.policies import why_not_add


@dataclass(frozen=True, kw_only=True)
class NewAction:
    """What somebody wrote on the ‘Add Action’ form; see ``NewIncident`` for the fields.

    Attributes:
        on_linked_students: The action is on the linked students' records too.
        shares_documents: So are its files.
    """

    submission: UUID
    text: str
    occurred_at: datetime
    categories: Sequence[Category] = ()
    on_linked_students: bool = False
    shares_documents: bool = False
    agencies: Sequence[str] = ()
    files: Sequence[UUID] = ()
    recipients: Sequence[Staff] = ()
    form_opened: UUID | None = None


def add_action(*, actor: StaffActor, ref: UUID, new: NewAction) -> Action:
    """Add an action to an incident and alert the chosen staff.

    Returns:
        The action; for a submission that was saved before, that same action.

    Raises:
        Incident.DoesNotExist: Absent, or hidden from ``actor``.
        Refused: ``actor`` may not add.
        AttachmentRefused: A file is not one that ``actor`` uploaded and has not used.

    Source: user guide, section 3.
    """
    return once(Action, new.submission, actor, lambda: _add(actor, ref, new))


@transaction.atomic(durable=True)
def _add(actor: StaffActor, ref: UUID, new: NewAction) -> Action:
    incident = Incident.objects.visible_to(actor.reader).locked().get(ref=ref)
    if why := why_not_add(actor.reader):
        raise Refused(why)
    now = clock.now()
    action = Action.objects.create(
        submission=new.submission,
        incident=incident,
        text=new.text,
        on_linked_students=new.on_linked_students,
        shares_documents=new.on_linked_students and new.shares_documents,
        occurred_at=min(new.occurred_at, now),
        recorded_at=now,
        author_id=actor.staff_id,
    )
    action.categories.set(new.categories)
    action.agencies.set(named_agencies(new.agencies))
    for attachment in attachments.claim(new.files, actor):
        ActionFile.objects.create(action=action, attachment=attachment)
    raise_alerts(actor=actor, incident=incident, action=action, recipients=new.recipients)
    forget_draft(actor=actor, submission=new.form_opened)
    audit.record(
        actor,
        "action.added",
        action,
        students=students_of(incident),
        incident=incident.ref,
        alerted=[staff.ref for staff in new.recipients],
    )
    return action
