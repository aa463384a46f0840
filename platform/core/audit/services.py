"""Writing the record, in the transaction of what it records."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import models

from core.actors import Actor
from core.audit.models import AuditEntry


def record(
    actor: Actor,
    verb: str,
    subject: models.Model | None = None,
    *,
    students: Iterable[UUID] = (),
    **facts: Any,
) -> None:
    """Write one entry of the record.

    Args:
        actor: Who saw or did it.
        verb: What, as ``noun.past_participle``.
        subject: The row it was done to; must have a ``ref``.
        students: References of the students whose data was seen or changed.
        **facts: References and counts (str, int, bool, UUID or lists of them); never a name, a
            text or a file name.
    """
    AuditEntry.objects.create(
        user_id=actor.user_id,
        had_key=actor.has_key,
        key=actor.key,
        address=actor.address,
        request_id=actor.request_id,
        verb=verb,
        subject_kind=subject._meta.label_lower if subject else "",
        subject_ref=getattr(subject, "ref", None),
        students=list(dict.fromkeys(students)),
        facts={name: _plain(value) for name, value in facts.items()},
    )


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    return value
