"""Importing from the MIS by upload: sealed, checked, previewed, then done exactly so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from tink import TinkError

from core import clock, keyring
from core.actors import Actor
from core.attachments import services as attachments
from core.attachments.errors import AttachmentDamaged
from core.attachments.models import Attachment
from core.audit import services as audit
from core.outbox import services as outbox
from core.refusals import Refused
from core.tenancy import current_school
from schools import policies
from schools.actors import StaffActor
from schools.events import MisImportConfirmed, MisUploaded
from schools.mis import preview
from schools.mis.csv_file import UnreadableError
from schools.mis.plan import ImportPlan
from schools.mis.problems import Problem, Weight
from schools.mis.rows import Roster
from schools.mis.uploaded import UploadedExport
from schools.models import MisImport, Staff
from schools.services.mis_import import one_import_at_a_time, plan_for, read_roster, write_plan
from schools.terms import ImportState

_OPEN = (ImportState.CHECKING, ImportState.READY, ImportState.IMPORTING)


@transaction.atomic(durable=True)
def take_upload(*, actor: StaffActor, files: Sequence[UUID]) -> MisImport:
    """Take note of what an administrator uploaded, and check it: now, or by a worker if it is large.

    Args:
        actor: Who uploaded it, with the key shown just now.
        files: References of the files, sealed and staged by the same person.

    Raises:
        Refused: ``actor`` may not import.
    """
    _must_import(actor)
    staged = Attachment.objects.filter(
        ref__in=files, created_by_id=actor.user_id, attached_at__isnull=True
    )
    found = list(staged.order_by("id"))
    upload = MisImport.objects.create(
        uploaded_by_id=actor.staff_id,
        files=[one.ref for one in found],
        size=sum(one.size for one in found),
    )
    audit.record(actor, "mis.uploaded", upload, files=len(found), size=upload.size)
    if is_small(upload):
        check(ref=upload.ref)
        upload.refresh_from_db()
    else:
        outbox.append(MisUploaded(ref=upload.ref))
    return upload


def is_small(upload: MisImport) -> bool:
    """Say whether a page may wait while it is checked and imported."""
    return upload.size <= int(settings.MIS_UPLOAD_SMALL_BYTES)


def check(*, ref: UUID) -> None:
    """Make the preview, in the caller's transaction; a second time does nothing."""
    upload = _locked(ref)
    if upload.state != ImportState.CHECKING:
        return
    _preview(upload, *_compared(upload))


@transaction.atomic(durable=True)
def confirm(*, actor: StaffActor, ref: UUID, consents: bool) -> MisImport:
    """Import what the preview shows: now, or by a worker if it is large.

    Args:
        actor: Who confirms it, with the key shown just now.
        ref: Of the upload.
        consents: They said that so many leave is right.

    Raises:
        MisImport.DoesNotExist: Absent.
        Refused: ``actor`` may not import, or so many would leave that they must say it is right.
    """
    _must_import(actor)
    upload = _locked(ref)
    if upload.state != ImportState.READY:
        return upload
    if why := policies.why_not_confirm_import(
        needs_consent=upload.needs_consent, consents=consents
    ):
        raise Refused(why)
    upload.state = ImportState.IMPORTING
    upload.save(update_fields=["state"])
    audit.record(actor, "mis.confirmed", upload)
    if is_small(upload):
        _perform(upload, actor)
    elif actor.staff_ref:
        outbox.append(MisImportConfirmed(ref=upload.ref, staff=actor.staff_ref))
    return upload


def perform(*, ref: UUID, staff: UUID) -> None:
    """Import what somebody confirmed, in the caller's transaction; a second time does nothing."""
    upload = _locked(ref)
    if upload.state == ImportState.IMPORTING:
        person = Staff.objects.get(ref=staff)
        _perform(upload, Actor(user_id=person.user_id, has_key=True, request_id=ref.hex))


@transaction.atomic(durable=True)
def cancel(*, actor: StaffActor, ref: UUID) -> MisImport:
    """Destroy what was uploaded; nothing is imported.

    Raises:
        MisImport.DoesNotExist: Absent.
        Refused: ``actor`` may not import.
    """
    _must_import(actor)
    upload = _locked(ref)
    if upload.state in (ImportState.CHECKING, ImportState.READY):
        _end(upload, ImportState.CANCELLED)
        audit.record(actor, "mis.cancelled", upload)
    return upload


def give_up(*, ref: UUID) -> None:
    """End an upload that a worker could not deal with, in the caller's transaction."""
    upload = _locked(ref)
    if upload.state in _OPEN:
        _end(upload, ImportState.REFUSED)
        audit.record(Actor(), "mis.expired", upload)


def expire_uploads() -> int:
    """End what was uploaded more than a day ago and not imported; return how many.

    Its files are gone by then, or go now.
    """
    ended = 0
    with transaction.atomic(durable=True):
        old = MisImport.objects.filter(
            state__in=ImportState.open(), uploaded_at__lt=clock.now() - settings.MIS_UPLOAD_KEPT
        )
        for upload in old.select_for_update(skip_locked=True):
            _end(upload, ImportState.EXPIRED)
            audit.record(Actor(), "mis.expired", upload)
            ended += 1
    return ended


@dataclass(frozen=True, kw_only=True, repr=False)
class Preview:
    """What an administrator sees before an import.

    Attributes:
        problems: File, line, column, reason and weight of each.
    """

    groups: list[preview.Group]
    problems: list[list[Any]]


@transaction.atomic(durable=True)
def show_preview(*, actor: StaffActor, upload: MisImport) -> Preview | None:
    """Open the preview and put on record whom it shows; None where there is none."""
    _must_import(actor)
    if not upload.sealed:
        return None
    try:
        aead = keyring.text_aead(current_school())
        plain = json.loads(aead.decrypt(bytes(upload.sealed), _bound_to(upload)))
    except (TinkError, keyring.KeysetRefused, keyring.KeysUnavailable):
        return None
    groups = preview.groups_of(plain, upload.counts)
    shown = [UUID(r.ref) for g in groups if g.is_about_students for r in g.rows if r.ref]
    audit.record(actor, "mis.previewed", upload, students=shown)
    return Preview(groups=groups, problems=plain["problems"])


def _must_import(actor: StaffActor) -> None:
    if why := policies.why_not_import(actor.reader):
        raise Refused(why)


def _locked(ref: UUID) -> MisImport:
    return MisImport.objects.select_for_update(no_key=True).get(ref=ref)


def _compared(upload: MisImport) -> tuple[Roster, ImportPlan]:
    roster = _roster(upload)
    return roster, plan_for(roster, allow_leavers=True)


def _roster(upload: MisImport) -> Roster:
    files = Attachment.objects.filter(ref__in=upload.files).order_by("id")
    try:
        opened = {one.filename: b"".join(attachments.open_stream(one)) for one in files}
        if not opened:
            raise AttachmentDamaged("The files are gone.")
        return read_roster(UploadedExport.of(opened))
    except UnreadableError as unreadable:
        return Roster(problems=(unreadable.problem,))
    except AttachmentDamaged:
        reason = "is no longer there: upload it again"
        return Roster(problems=(Problem("the upload", 0, "", reason, Weight.FATAL),))


def _preview(upload: MisImport, roster: Roster, plan: ImportPlan) -> None:
    upload.counts = preview.counts_of(plan, roster)
    upload.digest = preview.digest_of(plan)
    upload.needs_consent = preview.needs_consent(plan, upload.counts)
    told = json.dumps(preview.told(plan)).encode()
    upload.sealed = keyring.text_aead(current_school()).encrypt(told, _bound_to(upload))
    upload.state = ImportState.READY
    if plan.is_refused(keep_good_rows=False):
        # What is wrong stays to be read; the files go.
        _destroy_files(upload)
        upload.state, upload.ended_at = ImportState.REFUSED, clock.now()
    upload.save()
    audit.record(Actor(), "mis.checked", upload, problems=len(plan.problems))


def _perform(upload: MisImport, actor: Actor) -> None:
    default_group = one_import_at_a_time()
    roster, plan = _compared(upload)
    if preview.digest_of(plan) != upload.digest or plan.is_refused(keep_good_rows=False):
        _preview(upload, roster, plan)
        upload.counts = {**upload.counts, "changed_meanwhile": 1}
        upload.save(update_fields=["counts"])
        return
    write_plan(actor, plan, default_group)
    _end(upload, ImportState.DONE)


def _end(upload: MisImport, state: ImportState) -> None:
    _destroy_files(upload)
    upload.state, upload.sealed, upload.ended_at = state, b"", clock.now()
    upload.save()


def _destroy_files(upload: MisImport) -> None:
    attachments.destroy_staged(upload.files)
    upload.files = []


def _bound_to(upload: MisImport) -> bytes:
    return f"{current_school().ref}/mis/{upload.ref}".encode()
