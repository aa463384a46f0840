"""Files of the record."""

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render

from core.attachments.errors import AttachmentDamaged, StorageUnavailable
from core.attachments.responses import file_response
from core.attachments.views import upload
from core.audit import services as audit
from core.entrances import entrance
from safeguarding.selectors.incidents import visible_file
from safeguarding.selectors.rows import refs_of
from schools.policies import why_not_enter
from schools.requests import actor_of
from ui.names import file_name, unlinked_file_name


@entrance(why_not_enter)
def upload_file(request: HttpRequest) -> JsonResponse:
    """Take a file before its form is sent."""
    return upload(request, named=unlinked_file_name)


@entrance(why_not_enter)
def file(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """Hand out a file of something that this person may read."""
    actor = actor_of(request)
    try:
        attachment, students = visible_file(actor.reader, ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    audit.record(actor, "attachment.opened", attachment, students=refs_of(students))
    try:
        return file_response(
            attachment,
            shown="view" in request.GET,
            filename=file_name(attachment.filename, students),
        )
    except StorageUnavailable:
        return render(request, "safeguarding/file_unavailable.html", status=503)
    except AttachmentDamaged:
        return render(request, "safeguarding/file_damaged.html", status=410)
