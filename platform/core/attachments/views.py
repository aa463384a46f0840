"""The entrance for one file. Who may use it is decided where it is mounted."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from core.attachments import services
from core.attachments.errors import FileRefused, FileTooLarge, StorageUnavailable

_CHUNK = 256 * 1024


@require_http_methods(["PUT"])
def upload(request: HttpRequest, *, named: Callable[[str], str] = str) -> JsonResponse:
    """Seal the request's body as one file of the person who acts.

    The body is the file itself, never a form: nothing reads it before it is sealed. Its name comes
    in ``Content-Disposition: attachment; filename*=UTF-8''...``. Mount it with a policy:
    ``entrance(policy)(views.upload)``.

    Args:
        request: Whose body it is.
        named: What the answer calls the file, made of its name.
    """
    body = _Body(request)
    try:
        if body.left > settings.ATTACHMENT_MAX_BYTES:
            raise FileTooLarge(services.too_large())
        attachment = services.seal(
            actor=request.actor,  # type: ignore[attr-defined] # set by the middleware
            filename=_filename(request.headers.get("Content-Disposition", "")),
            chunks=body,
        )
    except FileRefused as refused:
        body.drain()
        return _refusal(str(refused), 413 if isinstance(refused, FileTooLarge) else 415)
    except StorageUnavailable:
        body.drain()
        return _refusal(
            gettext("Files cannot be stored just now. Try again in a few minutes."), 503
        )
    except UnreadablePostError:
        return _refusal(gettext("The file did not arrive whole. Try again."), 400)
    told = {"ref": str(attachment.ref), "name": named(attachment.filename), "size": attachment.size}
    return JsonResponse(told, status=201)


class _Body:
    """The request's body; reading raises `UnreadablePostError` where it breaks off."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.left = int(request.headers.get("Content-Length") or 0)

    def __iter__(self) -> Iterator[bytes]:
        while self.left:
            chunk = self._request.read(min(_CHUNK, self.left))
            if not chunk:
                raise UnreadablePostError("The body broke off.")
            self.left -= len(chunk)
            yield chunk

    def drain(self) -> None:
        """Read the rest, so that the browser listens to the answer before it has sent all."""
        try:
            if self.left <= settings.ATTACHMENT_MAX_BYTES:
                for _chunk in self:
                    pass
        except UnreadablePostError:
            self.left = 0


def _filename(disposition: str) -> str:
    return parse_header_parameters(disposition)[1].get("filename", "")


def _refusal(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
