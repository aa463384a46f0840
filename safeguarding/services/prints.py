"""Taking down that a page was printed."""

from datetime import timedelta
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from core import clock
from core.audit import services as audit
from safeguarding.selectors.audit import shown_by_request
from schools.actors import StaffActor

#: A page that was opened longer ago than a session lasts is not this session's.
_OPEN_FOR = timedelta(hours=8)


@transaction.atomic(durable=True)
def record_print(*, actor: StaffActor, request_id: str) -> None:
    """Take down that a page was printed, with the students whom that very page showed.

    Args:
        actor: Who prints; only a page that was shown to them counts.
        request_id: Of the request that the page answered. Whom it showed is what the record says
            of that request, never what the browser says.

    Raises:
        ObjectDoesNotExist: No page with pupil data was shown to this person by that request.
    """
    shown = shown_by_request(actor.user_id, request_id, since=clock.now() - _OPEN_FOR)
    if not shown:
        raise ObjectDoesNotExist
    students: list[UUID] = [ref for entry in shown for ref in entry.students]
    page = shown[0]
    subject = None
    if page.subject_ref:
        subject = apps.get_model(page.subject_kind)(ref=page.subject_ref)
    audit.record(actor, "page.printed", subject, students=students, page=page.ref, shown=page.verb)
