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
from support.guard import Hit, Letters, give_letters, instead_of
from support.outlook import outlook
from support.screening import Handing, Screened, ScreenedText, sendable
from support.suggestions import Suggestion, suggestions
from ui.kept_text import kept_name
from ui.names import file_name, record_text

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


def decided(request: HttpRequest, form: GuardedForm, screened: Screened) -> Handing | None:
    """Return what gives what is handed over; None where somebody has to look at it first."""
    decision = request.POST.get("send", "")
    if "names" in request.POST:
        return None
    if decision == ANYWAY and screened.tells:
        return _partly_open(form, screened)
    if screened.tells and decision != MASK:
        return None
    if not is_for_checking(request) and not request.POST.get("offered") and _sheets(screened):
        return None
    return lambda letters: sendable(screened, letters=letters)


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
    if "openly" in form.fields:
        form.fields["openly"].choices = _choices(form, screened, letters)  # type: ignore[attr-defined] # a choice field
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


def _partly_open(form: GuardedForm, screened: Screened) -> Handing | None:
    """Return what gives what is handed over with the ticked places as they are; None where something is missing."""
    openly = screened.places.keys() & set(form.cleaned_data["openly"])
    reason = form.cleaned_data["reason"].strip()
    if not openly:
        form.add_error("openly", gettext("Choose what is sent as it is, or mask it all."))
    if not reason:
        form.add_error("reason", gettext("Say why the helpdesk has to know, or mask it."))
    if form.errors:
        return None
    return lambda letters: sendable(screened, letters=letters, openly=openly, because=reason)


def _choices(
    form: GuardedForm | OfficialForm, screened: Screened, letters: Letters
) -> list[tuple[str, str]]:
    """Return every place with words for it, such as “Message: Maddy Greenwood (Pupil A)”."""
    students = list(screened.students.values())
    choices = [
        (
            key,
            f"{form.fields[name].label}: {record_text(_told(one, hit), students)} ({instead_of(hit, letters)})",
        )
        for name, one in screened.texts.items()
        for key, hit in one.places
    ]
    for file in screened.files:
        shown = file_name(file.name.text, students)
        named = gettext("Name of the file %(name)s") % {"name": shown}
        choices += [(key, f"{named} ({instead_of(hit, letters)})") for key, hit in file.name.places]
        if file.tells:
            choices.append((file.key, gettext("The file %(name)s") % {"name": shown}))
    return choices


def _told(said: ScreenedText, hit: Hit) -> str:
    return said.text[hit.start : hit.end]


def _sheets(screened: Screened) -> list[Suggestion]:
    subject = screened.texts.get("subject")
    return suggestions(subject.text) if subject else []


def _pieces(screened: ScreenedText, letters: Letters) -> list[Piece]:
    pieces, at = [], 0
    for hit in screened.hits:
        if at < hit.start:
            pieces.append(Piece(text=screened.text[at : hit.start]))
        pieces.append(Piece(text=_told(screened, hit), instead=instead_of(hit, letters)))
        at = hit.end
    if at < len(screened.text):
        pieces.append(Piece(text=screened.text[at:]))
    return pieces
