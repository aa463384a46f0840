"""The maps that a school adds (guide, section 4, “Maps”)."""

from uuid import UUID

from django.db import transaction

from core.attachments import services as attachments
from core.attachments.models import Attachment
from core.attachments.selectors import staged_files
from core.audit import services as audit
from core.images import CleanImage, ImageRefused, cleaned
from schools.actors import StaffActor
from schools.models import SchoolMap
from schools.services.guards import must_administer, refusing_duplicates
from schools.terms import Refusal

#: Bytes of an image that is sent.
LARGEST_IMAGE = 10_000_000


def add_map(*, actor: StaffActor, name: str, sent: UUID) -> SchoolMap:
    """Add a map from an image that ``actor`` has just sent.

    What is kept is an image of our own making (`core.images`); what was sent is thrown away.

    Args:
        actor: Who adds it.
        name: 1 to 60 characters, tidied by the form.
        sent: Reference of the staged file.

    Raises:
        Refused: ``actor`` does not administer the school, or a map that is offered has the name.
        ImageRefused: It is no image that may be a map; the message is for the person.
        StorageUnavailable: The object store or the school's key cannot be reached.
    """
    must_administer(actor)
    found = staged_files([sent], actor)
    if not found:
        raise ImageRefused(Refusal.MAP_IMAGE_GONE.sentence)
    try:
        if found[0].size > LARGEST_IMAGE:
            raise ImageRefused(Refusal.MAP_IMAGE_TOO_LARGE.sentence)
        image = cleaned(b"".join(attachments.open_stream(found[0])))
    finally:
        attachments.discard_staged(found[0], actor)
    kept = attachments.seal(actor=actor, filename="map.webp", chunks=[image.data])
    return _add(actor, name, kept, image)


@refusing_duplicates(Refusal.MAP_NAME_TAKEN)
@transaction.atomic(durable=True)
def _add(actor: StaffActor, name: str, kept: Attachment, image: CleanImage) -> SchoolMap:
    attachments.claim([kept.ref], actor)
    added = SchoolMap.objects.create(name=name, image=kept, width=image.width, height=image.height)
    audit.record(actor, "map.added", added)
    return added


@refusing_duplicates(Refusal.MAP_NAME_TAKEN)
@transaction.atomic(durable=True)
def rename_map(*, actor: StaffActor, ref: UUID, name: str) -> SchoolMap:
    """Give a map another name, also where it was used before.

    Raises:
        SchoolMap.DoesNotExist: Absent.
        Refused: As ``add_map``.
    """
    must_administer(actor)
    one = SchoolMap.objects.select_for_update(no_key=True).get(ref=ref)
    if one.name != name:
        one.name = name
        one.save(update_fields=["name"])
        audit.record(actor, "map.renamed", one)
    return one


@transaction.atomic(durable=True)
def retire_map(*, actor: StaffActor, ref: UUID) -> SchoolMap:
    """Offer a map no longer; what is marked on it stays.

    Raises:
        SchoolMap.DoesNotExist: Absent.
        Refused: ``actor`` does not administer the school.
    """
    return _offer(actor, ref, "map.retired", is_active=False)


@refusing_duplicates(Refusal.MAP_NAME_TAKEN)
@transaction.atomic(durable=True)
def bring_back_map(*, actor: StaffActor, ref: UUID) -> SchoolMap:
    """Offer a retired map again.

    Raises:
        SchoolMap.DoesNotExist: Absent.
        Refused: As ``add_map``.
    """
    return _offer(actor, ref, "map.brought_back", is_active=True)


def _offer(actor: StaffActor, ref: UUID, verb: str, *, is_active: bool) -> SchoolMap:
    must_administer(actor)
    one = SchoolMap.objects.select_for_update(no_key=True).get(ref=ref)
    if one.is_active != is_active:
        one.is_active = is_active
        one.save(update_fields=["is_active"])
        audit.record(actor, verb, one)
    return one
