"""Taking a place at a webinar, and giving it up."""

from django.db import transaction

from core import clock
from core.audit import services as audit
from core.refusals import Refused
from helpdesk import knowledge
from helpdesk.knowledge_terms import PlaceAnswer
from schools.actors import StaffActor
from support.selectors.webinars import guest, ref_of, webinar
from support.terms import Refusal


@transaction.atomic(durable=True)
def take_place(*, actor: StaffActor, slug: str) -> None:
    """Take part in a webinar; the helpdesk is told name, school and email address.

    Args:
        actor: Who takes part.
        slug: The webinar's name in addresses.

    Raises:
        LookupError: There is no such webinar.
        Refused: ``NO_PLACE_LEFT``, or ``WEBINAR_GONE``: it is over or was called off.
    """
    told = webinar(actor, slug)
    answer = knowledge.take_place(slug, guest(actor), now=clock.now())
    if answer is PlaceAnswer.FULL:
        raise Refused(Refusal.NO_PLACE_LEFT)
    if answer is PlaceAnswer.GONE:
        raise Refused(Refusal.WEBINAR_GONE)
    audit.record(actor, "webinar.registered", webinar=told.ref)


@transaction.atomic(durable=True)
def give_place_up(*, actor: StaffActor, slug: str) -> None:
    """Take part in a webinar no more; the helpdesk forgets who had the place.

    Args:
        actor: Whose place it is.
        slug: The webinar's name in addresses.

    Raises:
        LookupError: There is no such webinar.
        Refused: ``NO_PLACE``: they have none, or it is over.
    """
    told = webinar(actor, slug)
    if knowledge.give_place_up(slug, ref_of(actor), now=clock.now()) is PlaceAnswer.GONE:
        raise Refused(Refusal.NO_PLACE)
    audit.record(actor, "webinar.unregistered", webinar=told.ref)
