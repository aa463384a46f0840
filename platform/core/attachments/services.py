"""Sealing files on their way in, opening them on their way out, and handing them to a record."""

import io
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import cast
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from tink import TinkError, streaming_aead

from core import clock, keyring
from core.actors import Actor
from core.attachments import names, storage
from core.attachments.errors import (
    AttachmentDamaged,
    ClaimRefused,
    FileTooLarge,
    StorageUnavailable,
)
from core.attachments.gate import AnyGate, Gate
from core.attachments.kinds import ARCHIVE
from core.attachments.models import Attachment
from core.audit.services import record
from core.identifiers import uuid7
from core.tenancy import SchoolLike, current_school

#: Files on one record, or in one form.
MOST_AT_ONCE = 50
_CHUNK = 256 * 1024

log = structlog.get_logger(__name__)


def seal(*, actor: Actor, filename: str, chunks: Iterable[bytes]) -> Attachment:
    """Seal a file with the school's key while it streams, and stage it for a record.

    Args:
        actor: Who uploads it; only they can put it on a record.
        filename: The name they gave it.
        chunks: Its bytes; if they break off, the iterable must raise.

    Raises:
        FileRefused: Too large, empty, not a kind that may come in, or named as another kind.
        StorageUnavailable: The object store or the school's key cannot be reached.
    """
    with Sealing(actor=actor, filename=filename) as sealing:
        for chunk in chunks:
            sealing.write(chunk)
        return sealing.finish()


class Sealing:
    """One file being sealed, for callers that are handed its bytes piece by piece.

    As a context manager it takes back what was sent, unless ``finish`` was reached.
    """

    def __init__(
        self, *, actor: Actor, filename: str, gate: Callable[[str], AnyGate] = Gate
    ) -> None:
        """Look at the name and get the school's key; nothing is sent yet.

        Raises:
            FileRefused: No file with such an extension may come in.
            StorageUnavailable: The school's key cannot be reached.
        """
        if actor.user_id is None:
            raise PermissionError("Only somebody who is logged in can add a file.")
        school = current_school()
        self._filename = names.clean(filename)
        self._gate = gate(self._filename)
        self._actor = actor
        self._size = 0
        self._ref = uuid7()
        self._object_key = f"{school.ref}/{uuid4()}"
        self._object = storage.ObjectWriter(self._object_key)
        self._cipher = _files_aead(school).new_encrypting_stream(
            self._object, _binding(school, self._ref)
        )
        self._is_finished = False

    def __enter__(self) -> "Sealing":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.abort()

    def write(self, chunk: bytes) -> None:
        """Seal the next bytes.

        Raises:
            FileRefused: They are too many, or may not come in.
            StorageUnavailable: The object store does not take them.
        """
        self._size += len(chunk)
        if self._size > settings.ATTACHMENT_MAX_BYTES:
            raise FileTooLarge(too_large())
        self._gate.feed(chunk)
        self._sealed(partial(self._cipher.write, chunk))

    def finish(self) -> Attachment:
        """Complete the object, then write its row.

        Raises:
            FileRefused: The file as a whole may not come in.
            StorageUnavailable: The object store does not take it.
        """
        kind = self._gate.finish()
        self._sealed(self._cipher.close)
        self._object.complete()
        self._is_finished = True
        return self._staged(kind.content_type)

    def abort(self) -> None:
        """Take back what was sent, unless the file is finished."""
        if not self._is_finished:
            self._object.abort()

    def _sealed(self, step: Callable[[], object]) -> None:
        try:
            step()
        except TinkError as error:
            raise self._object.failure or error from None

    @transaction.atomic(durable=True)
    def _staged(self, content_type: str) -> Attachment:
        attachment = Attachment.objects.create(
            ref=self._ref,
            object_key=self._object_key,
            filename=self._filename,
            content_type=content_type,
            size=self._size,
            created_by_id=cast(int, self._actor.user_id),
        )
        record(self._actor, "attachment.uploaded", attachment, size=self._size)
        return attachment


def too_large() -> str:
    """Return the sentence about the limit."""
    most = settings.ATTACHMENT_MAX_BYTES // 1_000_000
    return gettext("This file is larger than %(most)d MB.") % {"most": most}


def open_stream(attachment: Attachment) -> "OpenedFile":
    """Open a file of the current school; its first bytes are proved before this returns.

    The stream needs neither the database nor the school any more.

    Raises:
        AttachmentDamaged: The object is gone or does not open for this school and this row.
        StorageUnavailable: The object store or the school's key cannot be reached.
    """
    school = current_school()
    aead = _files_aead(school)
    return OpenedFile(
        storage.ObjectReader(attachment.object_key),
        lambda source: aead.new_decrypting_stream(source, _binding(school, attachment.ref)),
    )


class OpenedFile(Iterator[bytes]):
    """The bytes of an opened file, each proved before it is handed on.

    Iterating raises `AttachmentDamaged` where the proof fails and `StorageUnavailable` where the
    way to the store breaks; what came before is genuine.
    """

    def __init__(
        self,
        source: storage.ObjectReader,
        opened: Callable[[storage.ObjectReader], io.BufferedReader],
    ) -> None:
        self._source = source
        try:
            self._plain = opened(source)
            self._first = self._read()
        except BaseException:
            source.close()
            raise

    def __iter__(self) -> "OpenedFile":
        return self

    def __next__(self) -> bytes:
        chunk, self._first = self._first or self._read(), b""
        if not chunk:
            self.close()
            raise StopIteration
        return chunk

    def close(self) -> None:
        """Let go of the connection, also before the end."""
        self._source.close()

    def _read(self) -> bytes:
        try:
            return self._plain.read1(_CHUNK)
        except TinkError:
            raise self._source.failure or AttachmentDamaged(
                "The object is damaged, or was sealed for another school or another row."
            ) from None


def claim(refs: Iterable[UUID], actor: Actor) -> list[Attachment]:
    """Put staged files on the record that is being saved, in the caller's transaction.

    Args:
        refs: The files, in the order in which the record shows them.
        actor: Who saves the record; the files must be their own.

    Raises:
        ClaimRefused: One is unknown, somebody else's, or on a record already; or too many.
    """
    wanted = list(dict.fromkeys(refs))
    if len(wanted) > MOST_AT_ONCE:
        raise ClaimRefused(too_many(), code="too_many")
    staged = Attachment.objects.select_for_update().filter(
        ref__in=wanted, created_by_id=actor.user_id, attached_at=None
    )
    # An archive comes in to be read and destroyed, never to be kept on a record.
    staged = staged.exclude(content_type=ARCHIVE.content_type)
    found = {attachment.ref: attachment for attachment in staged.order_by("id")}
    if len(found) < len(wanted):
        raise ClaimRefused(
            gettext("A file you added is no longer there. Remove it and add it again."),
            code="not_there",
        )
    now = clock.now()
    Attachment.objects.filter(ref__in=wanted).update(attached_at=now)
    for attachment in found.values():
        attachment.attached_at = now
    return [found[ref] for ref in wanted]


def discard_staged(attachment: Attachment, actor: Actor) -> None:
    """Throw away a staged file of the person who acts, at once; one that is on a record stays.

    Where the store cannot be reached the hourly sweep takes the object, which has no row any more.
    """
    gone, _ = Attachment.objects.filter(
        pk=attachment.pk, created_by_id=actor.user_id, attached_at=None
    ).delete()
    if gone:
        try:
            storage.delete_objects([attachment.object_key])
        except StorageUnavailable:
            log.warning("object_left_behind", attachment=str(attachment.ref))


def too_many() -> str:
    """Return the sentence about the number of files."""
    return gettext("You can add up to %(most)d files at once.") % {"most": MOST_AT_ONCE}


def destroy_staged(refs: Iterable[UUID]) -> None:
    """Delete files that no record claimed, in the caller's transaction; their objects after it.

    What cannot be deleted then, the sweep of orphans finds.
    """
    staged = Attachment.objects.filter(ref__in=list(refs), attached_at=None)
    keys = list(staged.values_list("object_key", flat=True))
    staged.delete()
    transaction.on_commit(partial(storage.delete_objects, keys), robust=True)


def destroy(ids: Iterable[int]) -> None:
    """Delete files that a record has held, in the caller's transaction; their objects after it.

    What cannot be deleted then, the sweep of orphans finds.
    """
    files = Attachment.objects.filter(pk__in=list(ids))
    keys = list(files.values_list("object_key", flat=True))
    files.delete()
    if keys:
        transaction.on_commit(partial(storage.delete_objects, keys), robust=True)


def discard_orphans(older_than: timedelta) -> int:
    """Delete what no record claimed and nothing holds (``ATTACHMENTS_HELD``): rows, their objects, objects without rows, broken uploads.

    Rows go first: an object that outlives a crash has no row and is found by the next run.

    Raises:
        StorageUnavailable: The rest is left for the next run.
    """
    moment = clock.now() - older_than
    prefix = f"{current_school().ref}/"
    held = import_string(settings.ATTACHMENTS_HELD)()
    Attachment.objects.filter(attached_at=None, created_at__lt=moment).exclude(pk__in=held).delete()
    discarded = storage.abort_uploads_older_than(prefix, moment)
    for keys in storage.objects_older_than(prefix, moment):
        kept = set(
            Attachment.objects.filter(object_key__in=keys).values_list("object_key", flat=True)
        )
        orphans = [key for key in keys if key not in kept and _is_file_of(prefix, key)]
        storage.delete_objects(orphans)
        discarded += len(orphans)
    log.info("orphans_discarded", count=discarded)
    return discarded


def _is_file_of(prefix: str, key: str) -> bool:
    # Other things may live below a school's prefix later, in folders of their own.
    try:
        return key == f"{prefix}{UUID(key.removeprefix(prefix))}"
    except ValueError:
        return False


def _files_aead(school: SchoolLike) -> streaming_aead.StreamingAead:
    try:
        return keyring.files_aead(school)
    except keyring.KeysUnavailable as error:
        raise StorageUnavailable("The school's key cannot be reached.") from error
    except keyring.KeysetRefused as error:
        log.error("keyset_refused", error=type(error).__name__)
        raise StorageUnavailable(str(error)) from error


def _binding(school: SchoolLike, ref: UUID) -> bytes:
    return school.ref.bytes + ref.bytes
