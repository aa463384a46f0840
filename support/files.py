"""A ticket's file, opened by an agent of the helpdesk: the one way from there into a school."""

from uuid import UUID

from django.http import StreamingHttpResponse

from core.actors import Actor
from core.attachments.responses import file_response
from core.audit import services as audit
from core.tenancy import in_school
from helpdesk.actors import AgentActor
from support.selectors.tickets import file_of
from tenants.selectors import school_of


def open_for_desk(
    school_ref: UUID, ticket_ref: UUID, file_ref: UUID, agent: AgentActor
) -> StreamingHttpResponse:
    """Return a file that hangs on a ticket, under the name that was handed over.

    That it was opened is on the school's record before the first byte leaves.

    Args:
        school_ref: The ticket's school.
        ticket_ref: The ticket.
        file_ref: Of the file, as it was handed over.
        agent: Who opens it; whether they may is for the helpdesk to decide, before.

    Raises:
        LookupError: There is no such school.
        TicketFile.DoesNotExist: The file does not hang on this ticket of this school.
        AttachmentDamaged: The object is gone or does not open.
        StorageUnavailable: The object store or the school's key cannot be reached.
    """
    school = school_of(school_ref)
    if school is None:
        raise LookupError("There is no such school.")
    with in_school(school):
        file = file_of(ticket=ticket_ref, ref=file_ref)
        actor = Actor(address=agent.address, request_id=agent.request_id)
        audit.record(
            actor,
            "ticket.file_opened",
            file.message.ticket,
            students=[one.student.ref for one in file.message.ticket.pupils.all()],
            file=file.ref,
            agent=agent.reader.agent_id,
        )
        return file_response(file.attachment, filename=file.name)
