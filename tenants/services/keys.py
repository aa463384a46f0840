"""A school's keysets: new keys without downtime, other wrapping, destruction.

A rotation takes two steps. First a new key joins each keyset, which opens and does not seal. It
becomes the key that seals once nobody can be at work any more with the row as it was before: so
nobody meets a ciphertext of a key that they do not know. Old keys stay, to open.

Source: decision 0007.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from core import clock, keyring
from core.actors import Actor
from core.audit import services as audit
from core.refusals import Refused
from core.tenancy import in_control_plane
from tenants.models import School
from tenants.terms import KeysRefusal, SchoolState

#: A task may hold a school's row for as long as it runs; the rest is for clocks and commits.
GRACE = timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT) + timedelta(minutes=5)

log = structlog.get_logger(__name__)


def begin_rotation(*, actor: Actor, school_ref: UUID) -> datetime:
    """Let a new key join each of a school's keysets; return from when on it may seal (UTC).

    Raises:
        School.DoesNotExist: There is no such school.
        Refused: ``ROTATING``: the keys of the last rotation do not seal yet.
        KeysetFull: There is no room for another key; nothing was changed.
        KeysetRefused: A keyset does not open for this school, or was destroyed.
        KeysUnavailable: KMS cannot be asked; nothing was changed.
    """
    with _locked(school_ref) as school:
        if school.is_rotating:
            raise Refused(KeysRefusal.ROTATING)
        school.take(keyring.with_new_keys(school))
        # The clock is read after KMS was asked: the commit is what others see, and it is next.
        school.keys_rotated_at, school.keys_promoted_at = clock.now(), None
        _save(school)
        audit.record(actor, "keys.rotated", school)
        return seals_from(school.keys_rotated_at)


def promote_keys(*, actor: Actor, school_ref: UUID) -> None:
    """Let a school's newest keys seal.

    Raises:
        School.DoesNotExist: There is no such school.
        Refused: ``NOT_ROTATING``: they do already; ``TOO_EARLY``: somebody may not know them.
        KeysetRefused: A keyset does not open for this school, or was destroyed.
        KeysUnavailable: KMS cannot be asked; nothing was changed.
    """
    with _locked(school_ref) as school:
        if school.keys_rotated_at is None or not school.is_rotating:
            raise Refused(KeysRefusal.NOT_ROTATING)
        if clock.now() < seals_from(school.keys_rotated_at):
            raise Refused(KeysRefusal.TOO_EARLY)
        school.take(keyring.with_newest_sealing(school))
        school.keys_promoted_at = clock.now()
        _save(school)
        audit.record(actor, "keys.promoted", school)


def seals_from(rotated_at: datetime) -> datetime:
    """Return from when on (UTC) keys that joined at ``rotated_at`` may seal."""
    return rotated_at + GRACE


@dataclass(kw_only=True)
class Rotated:
    """What was done for the keysets that were due."""

    begun: int = 0
    promoted: int = 0
    failed: int = 0


def rotate_what_is_due(*, actor: Actor, at_most: int) -> Rotated:
    """Promote keys that have waited long enough, then begin rotations of old keysets.

    A school whose keysets do not open, or are full, is logged and holds nobody up.

    Args:
        actor: Who acts, for the record.
        at_most: How many schools' keysets are changed, so that a task ends in time.

    Raises:
        KeysUnavailable: KMS cannot be asked; what was done stays.
    """
    now, done = clock.now(), Rotated()
    with in_control_plane():
        waiting = list(
            School.objects.rotating_since(now - GRACE)
            .order_by("keys_rotated_at")
            .values_list("ref", flat=True)
        )
        old = list(
            School.objects.last_rotated_before(now - timedelta(days=settings.KEYSET_ROTATION_DAYS))
            .order_by("newest")
            .values_list("ref", flat=True)
        )
    for ref in waiting[:at_most]:
        with _logged(ref, done):
            promote_keys(actor=actor, school_ref=ref)
            done.promoted += 1
    for ref in old:
        if done.promoted + done.begun >= at_most:
            break
        with _logged(ref, done):
            begin_rotation(actor=actor, school_ref=ref)
            done.begun += 1
    return done


def rewrap_keysets(*, actor: Actor, school_ref: UUID) -> bool:
    """Wrap a school's keysets with the key that wraps now; return whether there was need to.

    What they sealed stays as it is.

    Raises:
        School.DoesNotExist: There is no such school.
        KeysetRefused: A keyset does not open for this school.
        KeysUnavailable: KMS cannot be asked; nothing was changed.
    """
    with _locked(school_ref) as school:
        if school.keys_destroyed_at or school.keys_wrapped_by == keyring.wrapping_key():
            return False
        school.take(keyring.rewrapped(school))
        _save(school)
        audit.record(actor, "keys.rewrapped", school)
    return True


def destroy_keysets(*, actor: Actor, school_ref: UUID) -> None:
    """Destroy a suspended school's keysets: nothing that they sealed opens again, for anybody.

    No command leads here: it is a step of erasing a school, which two people approve.

    Raises:
        School.DoesNotExist: There is no such school.
        Refused: ``NOT_SUSPENDED``.
    """
    with _locked(school_ref) as school:
        if school.state != SchoolState.SUSPENDED:
            raise Refused(KeysRefusal.NOT_SUSPENDED)
        if school.keys_destroyed_at is None:
            school.take(keyring.Keysets(text=b"", files=b"", wrapped_by=""))
            school.keys_destroyed_at = clock.now()
            _save(school)
            audit.record(actor, "keys.destroyed", school)
    keyring.forget_opened_keysets()


@contextmanager
def _locked(ref: UUID) -> Iterator[School]:
    """One school's row, which others may read and nobody else may change."""
    with in_control_plane(), transaction.atomic(durable=True):
        yield School.objects.select_for_update(no_key=True).get(ref=ref)


def _save(school: School) -> None:
    school.save(
        update_fields=[
            "text_keyset",
            "files_keyset",
            "keys_wrapped_by",
            "keys_rotated_at",
            "keys_promoted_at",
            "keys_destroyed_at",
        ]
    )


@contextmanager
def _logged(ref: UUID, done: Rotated) -> Iterator[None]:
    try:
        yield
    except Refused:
        pass  # somebody else was quicker
    except (keyring.KeysetFull, keyring.KeysetRefused) as error:
        done.failed += 1
        log.error("keys_not_rotated", school=str(ref), error=type(error).__name__)
