"""From a form to the helpdesk, by way of the privacy guard and its check page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from core.audit import services as audit
from safeguarding.services.drafts import author_pass
from schools.requests import actor_of, switches_names
from support.guard import Letters, give_letters, instead_of
from support.outlook import outlook
from support.screening import Screened, ScreenedText, Sendable, sendable
from support.searching import Found, sheets_for
from ui.kept_text import kept_name

if TYPE_CHECKING:
    from support.forms.official import OfficialForm
    from support.forms.ticket import GuardedForm

#: What the check page's buttons say.
MASK, ANYWAY, CHANGE = "mask", "anyway", "change"


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A part of a text, as the check page shows it.

    Attributes:
        instead: What the helpdesk reads in its place; empty where it reads the same.
    """

    text: str
    instead: str = ""


def is_for_checking(request: HttpRequest) -> bool:
    """Say whether the check page was on the screen when this was sent."""
    return bool(request.POST.get("step"))


def is_to_be_shown_again(request: HttpRequest) -> bool:
    """Say whether the form comes back unjudged: to be changed, or with names hidden or shown."""
    if request.POST.get("send") == CHANGE:
        return True
    return switches_names(request) and not is_for_checking(request)


def decided(
    request: HttpRequest, form: GuardedForm, screened: Screened, letters: Letters
) -> Sendable | None:
    """Return what is handed over; None where somebody has to look at it first."""
    decision, reason = request.POST.get("send", ""), form.cleaned_data["reason"].strip()
    if "names" in request.POST:
        return None
    if decision == ANYWAY and screened.tells:
        if not reason:
            form.add_error("reason", gettext("Say why the helpdesk has to know, or mask it."))
            return None
        return sendable(screened, letters=letters, anyway_because=reason)
    if screened.tells and decision != MASK:
        return None
    if not is_for_checking(request) and not request.POST.get("offered") and _sheets(screened):
        return None
    return sendable(screened, letters=letters)


def check_page(
    request: HttpRequest,
    form: GuardedForm | OfficialForm,
    screened: Screened,
    letters: Letters,
    **more: Any,
) -> HttpResponse:
    """Show what would be sent, and what of it tells of a student."""
    actor = actor_of(request)
    if screened.tells:
        students = [one.ref for one in screened.students_told]
        audit.record(actor, "ticket.checked", students=students, places=len(screened.hits))
    give_letters(screened.hits, letters)
    students_hidden = list(screened.students.values())
    labels = {name: form.fields[name].label for name in form.texts}
    context = {
        "form": form,
        "author_pass": author_pass(actor),
        "screened": screened,
        "texts": [(labels[name], _pieces(one, letters)) for name, one in screened.texts.items()],
        "file_names": [(_pieces(one.name, letters), one) for one in screened.files],
        "kept": [
            (kept_name(name), form.fields[name].widget.seal(one.text))
            for name, one in screened.texts.items()
        ],
        "students": students_hidden,
        "sheets": [] if request.POST.get("offered") else _sheets(screened),
        "outlook": outlook(is_urgent=bool(form.cleaned_data.get("is_urgent"))),
        "typed_form": "check-form",
        **more,
    }
    return render(request, "support/check.html", context)


def _sheets(screened: Screened) -> list[Found]:
    subject = screened.texts.get("subject")
    return sheets_for(subject.text) if subject else []


def _pieces(screened: ScreenedText, letters: Letters) -> list[Piece]:
    pieces, at = [], 0
    for hit in screened.hits:
        if at < hit.start:
            pieces.append(Piece(text=screened.text[at : hit.start]))
        told = screened.text[hit.start : hit.end]
        pieces.append(Piece(text=told, instead=instead_of(hit, letters)))
        at = hit.end
    if at < len(screened.text):
        pieces.append(Piece(text=screened.text[at:]))
    return pieces
