"""Files that wait to be put on a record."""

from collections.abc import Iterable
from uuid import UUID

from core.actors import Actor
from core.attachments.models import Attachment


def staged_files(refs: Iterable[UUID], actor: Actor) -> list[Attachment]:
    """Return, oldest first, those of ``refs`` that the person uploaded and has not used."""
    staged = Attachment.objects.filter(
        ref__in=list(refs), created_by_id=actor.user_id, attached_at=None
    )
    return list(staged.order_by("id"))
