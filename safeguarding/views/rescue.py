"""What was typed and could not be submitted comes back (acceptance G6.9)."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5

import structlog
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from core import keyring
from core.entrances import Rescue
from core.identifiers import uuid7
from safeguarding.forms.draft import NOT_TYPED
from safeguarding.selectors.drafts import Fields, OpenedDraft
from safeguarding.services import drafts
from safeguarding.services.drafts import Typed
from safeguarding.terms import DraftForm
from schools.actors import StaffActor
from schools.choices import known_refs
from ui.hidden_names import SWITCH, are_hidden

log = structlog.get_logger(__name__)


def rescue(form: DraftForm, page: str) -> Rescue:
    """Return what keeps a form that arrives after its session ended.

    Args:
        form: Which form it is.
        page: Name of the page that shows it again.
    """

    def keep(request: HttpRequest, *, ref: UUID | None = None) -> str | HttpResponse | None:
        address = reverse(page, kwargs={"ref": ref} if ref else None)
        author = drafts.author_named(request.POST.get("author_pass", ""), actor=request.actor)  # type: ignore[attr-defined] # set by the middleware
        if author is None:
            return address
        typed = posted(request, form, ref)
        if not keep_posted(request, author, typed):
            return not_kept(request)
        return draft_address(address, typed.submission)

    return keep


def posted(request: HttpRequest, form: DraftForm, about: UUID | None) -> Typed:
    """Return what a posted form holds, files that were sealed on their way included."""
    fields: Fields = {
        name: request.POST.getlist(name) for name in request.POST if name not in NOT_TYPED
    }
    sealed = [getattr(one, "attachment", None) for one in request.FILES.getlist("new_files")]
    fields["files"] = [*fields.get("files", []), *(str(one.ref) for one in sealed if one)]
    submission = next(iter(known_refs(fields.get("submission", ()))), None) or uuid7()
    if form is DraftForm.TICKET:
        # The same page may send another ticket, changed: what was sent is no longer this form.
        submission = uuid5(submission, json.dumps(fields, sort_keys=True))
    fields["submission"] = [str(submission)]
    return Typed(form=form, about=about, submission=submission, fields=fields)


def keep_posted(request: HttpRequest, author: UUID | None, typed: Typed) -> bool:
    """Keep a posted form as a draft; say whether that could be done.

    Where it could not, the page that answers still holds everything.
    """
    if author is None:
        return True
    try:
        drafts.keep_draft(actor=request.actor, author=author, typed=typed)  # type: ignore[attr-defined] # set by the middleware
    except (keyring.KeysUnavailable, keyring.KeysetRefused) as error:
        log.error("draft_not_kept", error=type(error).__name__)
        return False
    return True


def not_kept(request: HttpRequest) -> HttpResponse:
    """Show a form that could be neither submitted nor kept, with all that it holds, to send again.

    What it holds is on the page and not on the screen, where names may be hidden.
    """
    typed = [
        (name, value)
        for name in request.POST
        if name != "csrfmiddlewaretoken"
        for value in request.POST.getlist(name)
    ]
    uploads = request.FILES.getlist("new_files")
    sealed = [one for up in uploads if (one := getattr(up, "attachment", None))]
    typed += [("files", str(one.ref)) for one in sealed]
    if is_file_lost := len(sealed) < len(uploads):
        # So that the form is shown again, for the file to be chosen, and not sent without it.
        typed = [(name, said) for name, said in typed if name != SWITCH]
        typed.append((SWITCH, "hide" if are_hidden() else "show"))
    context = {
        "typed": typed,
        "is_form": request.method == "POST",
        "is_file_lost": is_file_lost,
        "address": request.get_full_path(),
    }
    return render(request, "safeguarding/not_kept.html", context, status=503)


def draft_address(address: str, submission: UUID | None) -> str:
    """Return the address of a form with a draft of it."""
    return f"{address}?{urlencode({'draft': submission})}" if submission else address


def draft_asked(request: HttpRequest) -> UUID | None:
    """Return which draft the address asks for."""
    return next(iter(known_refs([request.GET.get("draft", "")])), None)


def first_data(draft: OpenedDraft | None, actor: StaffActor) -> QueryDict | None:
    """Return what a draft holds, as if it were posted, so that the form shows it and its errors."""
    if draft is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        data.setlist(name, values)
    data["author_pass"] = drafts.author_pass(actor)
    data["submission"] = str(draft.submission)
    return data


def saving_of(
    form: DraftForm, *, about: UUID | None, draft: OpenedDraft | None, **more: Any
) -> dict[str, Any]:
    """Return what the page's script needs to save a form as one types.

    Args:
        form: Which form.
        about: Reference of the incident that an action is for.
        draft: What the form was filled with, if it was.
        more: ``trouble`` where what was posted could not be kept; ``after`` what it was kept as.
    """
    address = reverse("incident", kwargs={"ref": about}) if about else reverse("add_incident")
    return {
        "form": form.value,
        "about": about or "",
        "address": address,
        "after": draft.turn if draft else "",
        "saved_at": draft.saved_at if draft else None,
        **more,
    }
