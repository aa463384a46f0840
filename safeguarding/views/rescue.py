"""What was typed when the session had ended comes back after the log-in (acceptance G6.9)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from core.entrances import Rescue
from core.identifiers import uuid7
from safeguarding.services import drafts
from safeguarding.terms import DraftForm
from schools.actors import StaffActor

_NOT_TYPED = {"csrfmiddlewaretoken", "author_pass"}


def rescue(form: DraftForm, page: str) -> Rescue:
    """Return what keeps a form that arrives after its session ended.

    Args:
        form: Which form it is.
        page: Name of the page that shows it again.
    """

    def keep(request: HttpRequest, *, ref: UUID | None = None) -> str | None:
        fields = {
            name: request.POST.getlist(name) for name in request.POST if name not in _NOT_TYPED
        }
        author_pass = request.POST.get("author_pass", "")
        drafts.keep_draft(
            actor=request.actor,  # type: ignore[attr-defined] # set by the middleware
            author_pass=author_pass,
            form=form,
            about=ref,
            fields=fields,
        )
        return reverse(page, kwargs={"ref": ref} if ref else None)

    return keep


def first_data(draft: dict[str, Any] | None, actor: StaffActor) -> QueryDict | None:
    """Return what a draft holds, as if it were posted, so that the form shows it and its errors."""
    if draft is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in draft["fields"].items():
        data.setlist(name, values)
    data["author_pass"] = drafts.author_pass(actor)
    data.setdefault("submission", str(uuid7()))
    return data
