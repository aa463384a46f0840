"""Planning webinars for schools."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from core import clock
from core.actors import Actor
from core.audit import services as audit
from core.refusals import Refused
from helpdesk import policies
from helpdesk.actors import AgentActor
from helpdesk.knowledge_terms import WebinarState
from helpdesk.models import Webinar, WebinarPlace
from helpdesk.services.articles import slug_of
from helpdesk.terms import Refusal


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What an editor planned.

    Attributes:
        text: Markdown.
        starts_at: UTC.
        join_url: Where it takes place (https).
        recording_url: Where it can be watched afterwards (https), or empty.
    """

    title: str
    summary: str
    text: str
    starts_at: datetime
    minutes: int
    join_url: str
    places: int
    recording_url: str = ""


@transaction.atomic(durable=True)
def plan_webinar(*, actor: AgentActor, planned: Planned) -> Webinar:
    """Plan a webinar; schools see it once it is published.

    Args:
        actor: An editor or a lead.
        planned: What, when, where.

    Raises:
        Refused: ``EDITORS_ONLY``.
    """
    if why := policies.why_not_edit(actor.reader):
        raise Refused(why)
    webinar = Webinar.objects.create(slug=slug_of(Webinar, planned.title), **asdict(planned))
    audit.record(actor, "webinar.planned", webinar)
    return webinar


@transaction.atomic(durable=True)
def change_webinar(*, actor: AgentActor, ref: UUID, planned: Planned, seen: int) -> Webinar:
    """Change a webinar, at schools too where it is published.

    Args:
        actor: An editor or a lead.
        ref: Of the webinar.
        planned: What, when, where from now on.
        seen: Its ``version`` when it was opened.

    Raises:
        Webinar.DoesNotExist: There is none.
        Refused: ``EDITORS_ONLY``; ``CHANGED_MEANWHILE``; ``TOO_FEW_PLACES`` for those who have one.
    """
    webinar = _locked(actor, ref)
    if webinar.version != seen:
        raise Refused(Refusal.CHANGED_MEANWHILE)
    if planned.places < webinar.taken.count():
        raise Refused(Refusal.TOO_FEW_PLACES)
    names = [field.name for field in fields(planned)]
    for name in names:
        setattr(webinar, name, getattr(planned, name))
    webinar.version, webinar.changed_at = seen + 1, clock.now()
    webinar.save(update_fields=[*names, "version", "changed_at"])
    audit.record(actor, "webinar.changed", webinar)
    return webinar


@transaction.atomic(durable=True)
def publish_webinar(*, actor: AgentActor, ref: UUID) -> Webinar:
    """Show a webinar to all schools.

    Raises:
        Webinar.DoesNotExist: There is none.
        Refused: ``EDITORS_ONLY``, or ``CALLED_OFF``.
    """
    webinar = _set_state(actor, ref, WebinarState.PUBLISHED)
    audit.record(actor, "webinar.published", webinar)
    return webinar


@transaction.atomic(durable=True)
def call_webinar_off(*, actor: AgentActor, ref: UUID) -> Webinar:
    """Call a webinar off: only who has a place still sees it, and reads that.

    Raises:
        Webinar.DoesNotExist: There is none.
        Refused: ``EDITORS_ONLY``, or ``CALLED_OFF``.
    """
    webinar = _set_state(actor, ref, WebinarState.CALLED_OFF)
    audit.record(actor, "webinar.called_off", webinar)
    return webinar


def forget_places(*, actor: Actor) -> int:
    """Delete who had places at webinars that were over long ago, webinar by webinar.

    Returns:
        How many places there were.
    """
    over = clock.now() - timedelta(days=settings.WEBINAR_RETENTION_DAYS)
    old = Webinar.objects.filter(starts_at__lt=over).exclude(taken=None).distinct()
    return sum(_forget_places_of(actor, webinar) for webinar in old)


@transaction.atomic(durable=True)
def _forget_places_of(actor: Actor, webinar: Webinar) -> int:
    places, _ = WebinarPlace.objects.filter(webinar=webinar).delete()
    audit.record(actor, "webinar.emptied", webinar, places=places)
    return places


def _locked(actor: AgentActor, ref: UUID) -> Webinar:
    if why := policies.why_not_edit(actor.reader):
        raise Refused(why)
    return Webinar.objects.select_for_update().get(ref=ref)


def _set_state(actor: AgentActor, ref: UUID, state: WebinarState) -> Webinar:
    webinar = _locked(actor, ref)
    if webinar.state == WebinarState.CALLED_OFF:
        raise Refused(Refusal.CALLED_OFF)
    webinar.state, webinar.changed_at = state, clock.now()
    webinar.version += 1
    webinar.save(update_fields=["state", "changed_at", "version"])
    return webinar
