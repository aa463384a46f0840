"""Handing a file to a browser so that it can be saved or looked at, and do nothing else."""

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from core.attachments import services
from core.attachments.models import Attachment

#: A browser's own page around an image needs its styles; nothing else is loaded, nothing runs.
_NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def file_response(
    attachment: Attachment, *, shown: bool = False, filename: str = ""
) -> StreamingHttpResponse:
    """Return the opened file as a download under its own name, or under another.

    Whether the reader may have it is for the caller to decide, before. The first bytes are proved
    before this returns; should a later byte fail, the connection breaks, and the browser says that
    the download failed, since ``Content-Length`` told it what to expect.

    Args:
        attachment: A file of the current school.
        shown: Let the browser show it, if it is an image or a PDF.
        filename: What to call it in place of its own name.

    Raises:
        AttachmentDamaged: The object is gone or does not open.
        StorageUnavailable: The object store or the school's key cannot be reached.
    """
    is_shown = shown and attachment.is_shown_in_browser
    return StreamingHttpResponse(
        services.open_stream(attachment),
        content_type=attachment.content_type,
        headers={
            "Content-Length": str(attachment.size),
            "Content-Disposition": content_disposition_header(
                as_attachment=not is_shown, filename=filename or attachment.filename
            ),
            "Content-Security-Policy": _NOTHING_RUNS,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store, private",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Accept-Ranges": "none",
        },
    )
