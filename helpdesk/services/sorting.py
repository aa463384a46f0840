"""Finding tickets again and keeping them together: tags, merging, notices, alarms."""

from uuid import UUID

from django.db import transaction

from core import clock
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.events import TicketSettled
from helpdesk.models import Alarm, IncidentNotice, Tag, Ticket
from helpdesk.services.access import end_access
from helpdesk.services.log import keep, locked_ticket
from helpdesk.services.promises import PROMISES, renew
from helpdesk.terms import EventKind, Refusal, TicketState


@transaction.atomic(durable=True)
def tag_ticket(*, actor: AgentActor, ref: UUID, name: str) -> Tag:
    """Put a tag on a ticket; a word that was no tag yet becomes one.

    Args:
        actor: Who does it.
        ref: Of the ticket.
        name: The tag's word, 1 to 40 characters; kept in lower case.

    Raises:
        Ticket.DoesNotExist: There is none.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket, word = locked_ticket(ref), " ".join(name.lower().split())
    why = policies.why_not_note(actor.reader, ticket.facts())
    if why := why or (None if word else Refusal.NOTHING_SAID):
        raise Refused(why)
    tag, _ = Tag.objects.get_or_create(name=word)
    ticket.tags.add(tag)
    by = actor.reader.agent_id
    keep(ticket, EventKind.TAGGED, agent_id=by, facts={"tag_ref": tag.ref})
    audit.record(actor, "ticket.tagged", ticket, tag=tag.ref)
    return tag


@transaction.atomic(durable=True)
def untag_ticket(*, actor: AgentActor, ref: UUID, tag: UUID) -> None:
    """Take a tag off a ticket.

    Raises:
        Ticket.DoesNotExist: There is no such ticket.
        Tag.DoesNotExist: There is no such tag.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket, known = locked_ticket(ref), Tag.objects.get(ref=tag)
    if why := policies.why_not_note(actor.reader, ticket.facts()):
        raise Refused(why)
    ticket.tags.remove(known)
    by = actor.reader.agent_id
    keep(ticket, EventKind.UNTAGGED, agent_id=by, facts={"tag_ref": known.ref})
    audit.record(actor, "ticket.untagged", ticket, tag=known.ref)


@transaction.atomic(durable=True)
def merge_ticket(*, actor: AgentActor, ref: UUID, into: UUID) -> Ticket:
    """Put a ticket into another of the same school: it is completed, and one goes on there.

    What its requester writes later arrives there too.

    Args:
        actor: Who does it.
        ref: Of the ticket that ends.
        into: Of the one that goes on.

    Raises:
        Ticket.DoesNotExist: One of them does not exist.
        Refused: ``.why`` is a ``Refusal``.
    """
    # In one order for all, so that two who merge crosswise do not wait for each other.
    rows = {one: locked_ticket(one) for one in sorted({ref, into})}
    ticket, other = rows[ref], rows[into]
    if why := policies.why_not_merge(actor.reader, ticket.facts(), other.facts()):
        raise Refused(why)
    by, now = actor.reader.agent_id, clock.now()
    ticket.merged_into, ticket.state = other, TicketState.COMPLETED
    ticket.completed_at = ticket.completed_at or now
    end_access(ticket.accesses.all(), actor=actor)
    changed = ("merged_into", "state", "completed_at")
    keep(ticket, EventKind.MERGED, *changed, agent_id=by, at=now, facts={"into_ref": other.ref})
    renew(ticket)
    ticket.save(update_fields=PROMISES)
    keep(other, EventKind.MERGED, agent_id=by, at=now, facts={"from_ref": ticket.ref})
    audit.record(actor, "ticket.merged", ticket, into=other.ref)
    outbox.append(TicketSettled(ref=ticket.ref))
    return other


@transaction.atomic(durable=True)
def open_notice(*, actor: AgentActor, title: str, text: str) -> IncidentNotice:
    """Open a notice, to which several schools' tickets can be linked.

    Raises:
        Refused: ``LEADS_ONLY``.
    """
    if why := policies.why_not_lead(actor.reader):
        raise Refused(why)
    notice = IncidentNotice.objects.create(title=title.strip(), text=text.strip())
    audit.record(actor, "notice.opened", notice)
    return notice


@transaction.atomic(durable=True)
def close_notice(*, actor: AgentActor, ref: UUID) -> IncidentNotice:
    """Say that it is over; the tickets stay linked.

    Raises:
        IncidentNotice.DoesNotExist: There is none.
        Refused: ``LEADS_ONLY``.
    """
    notice = IncidentNotice.objects.select_for_update(no_key=True).get(ref=ref)
    if why := policies.why_not_lead(actor.reader):
        raise Refused(why)
    notice.closed_at = notice.closed_at or clock.now()
    notice.save(update_fields=["closed_at"])
    audit.record(actor, "notice.closed", notice)
    return notice


@transaction.atomic(durable=True)
def link_to_notice(*, actor: AgentActor, ref: UUID, notice: UUID | None) -> Ticket:
    """Link a ticket to a notice, or to none any more.

    Raises:
        Ticket.DoesNotExist: There is no such ticket.
        IncidentNotice.DoesNotExist: There is no such notice.
        Refused: ``.why`` is a ``Refusal``.
    """
    ticket = locked_ticket(ref)
    if why := policies.why_not_note(actor.reader, ticket.facts()):
        raise Refused(why)
    ticket.notice = IncidentNotice.objects.get(ref=notice) if notice else None
    by, facts = actor.reader.agent_id, {"notice_ref": notice}
    keep(ticket, EventKind.LINKED, "notice", agent_id=by, facts=facts)
    audit.record(actor, "ticket.linked", ticket, notice=notice)
    return ticket


@transaction.atomic(durable=True)
def acknowledge_alarm(*, actor: AgentActor, ref: UUID) -> Alarm:
    """Say that one is looking after an urgent ticket, so that the console stops alarming.

    Raises:
        Alarm.DoesNotExist: There is none.
        Refused: Somebody else was first, or the person may not answer tickets.
    """
    alarm = Alarm.objects.select_for_update(no_key=True).select_related("ticket").get(ref=ref)
    if why := policies.why_not_answer(actor.reader):
        raise Refused(why)
    if alarm.acknowledged_at is not None:
        raise Refused(Refusal.ACKNOWLEDGED_ALREADY)
    by = actor.reader.agent_id
    alarm.acknowledged_at, alarm.acknowledged_by_id = clock.now(), by
    alarm.save(update_fields=["acknowledged_at", "acknowledged_by"])
    keep(alarm.ticket, EventKind.ALARM_ACKNOWLEDGED, agent_id=by)
    audit.record(actor, "alarm.acknowledged", alarm, ticket=alarm.ticket.ref)
    return alarm
