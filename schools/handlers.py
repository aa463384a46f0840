"""What a worker does of an administrator's work because it takes too long for a page."""

from uuid import UUID

from core.outbox.registry import handles
from schools.events import MisImportConfirmed, MisUploaded
from schools.services import mis_uploads


def _give_up(event: MisUploaded | MisImportConfirmed, _reason: str) -> None:
    mis_uploads.give_up(ref=event.ref)


@handles(MisUploaded, when_parked=_give_up)
def check_upload(event: MisUploaded, _outbox_ref: UUID) -> None:
    """Check what was uploaded and make its preview."""
    mis_uploads.check(ref=event.ref)


@handles(MisImportConfirmed, when_parked=_give_up)
def import_upload(event: MisImportConfirmed, _outbox_ref: UUID) -> None:
    """Import what was confirmed, if the preview still holds."""
    mis_uploads.perform(ref=event.ref, staff=event.staff)
