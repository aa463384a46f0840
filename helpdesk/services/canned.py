"""Replies that are used again and again."""

from uuid import UUID

from django.db import transaction

from core.audit import services as audit
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.models import CannedReply
from helpdesk.terms import Refusal


@transaction.atomic(durable=True)
def add_canned_reply(*, actor: AgentActor, title: str, text: str, topic: str = "") -> CannedReply:
    """Add a canned reply for all agents.

    Args:
        actor: A lead.
        title: By which it is chosen; no other has it.
        text: With fields in braces.
        topic: The topic that it is about; empty for any.

    Raises:
        Refused: ``LEADS_ONLY`` or ``TITLE_TAKEN``.
    """
    if why := policies.why_not_lead(actor.reader):
        raise Refused(why)
    told = {"text": text, "topic": topic}
    canned, is_new = CannedReply.objects.get_or_create(title=title.strip(), defaults=told)
    if not is_new:
        raise Refused(Refusal.TITLE_TAKEN)
    audit.record(actor, "canned_reply.added", canned)
    return canned


@transaction.atomic(durable=True)
def change_canned_reply(
    *, actor: AgentActor, ref: UUID, title: str, text: str, topic: str = ""
) -> CannedReply:
    """Change a canned reply; what was sent with it stays as it is.

    Args:
        actor: A lead.
        ref: Of the canned reply.
        title: By which it is chosen; no other has it.
        text: With fields in braces.
        topic: The topic that it is about; empty for any.

    Raises:
        CannedReply.DoesNotExist: There is none.
        Refused: ``LEADS_ONLY`` or ``TITLE_TAKEN``.
    """
    if why := policies.why_not_lead(actor.reader):
        raise Refused(why)
    canned = CannedReply.objects.select_for_update().get(ref=ref)
    if CannedReply.objects.filter(title=title.strip()).exclude(pk=canned.pk).exists():
        raise Refused(Refusal.TITLE_TAKEN)
    canned.title, canned.text, canned.topic = title.strip(), text, topic
    canned.save(update_fields=["title", "text", "topic"])
    audit.record(actor, "canned_reply.changed", canned)
    return canned


@transaction.atomic(durable=True)
def remove_canned_reply(*, actor: AgentActor, ref: UUID) -> None:
    """Take a canned reply away; what was sent with it stays as it is.

    Raises:
        CannedReply.DoesNotExist: There is none.
        Refused: ``LEADS_ONLY``.
    """
    if why := policies.why_not_lead(actor.reader):
        raise Refused(why)
    canned = CannedReply.objects.select_for_update().get(ref=ref)
    audit.record(actor, "canned_reply.removed", canned)
    canned.delete()
