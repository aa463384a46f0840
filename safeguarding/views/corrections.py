"""Correcting the record: amendments, the right student, categories; for key holders."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.audit import services as audit
from core.entrances import entrance
from core.refusals import Refused
from safeguarding.forms.corrections import AmendForm, CategoriesForm, StudentForm
from safeguarding.forms.typed_again import TypedAgainForm
from safeguarding.selectors.corrections import Amendable, amendable_action, amendable_incident
from safeguarding.selectors.incidents import is_incident_visible
from safeguarding.services import corrections
from schools.policies import why_not_hold_key
from schools.requests import actor_of, switches_names, wants_list
from schools.terms import Refusal


@entrance(why_not_hold_key)
def amend_incident(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Amend the text of an incident, or when it happened."""
    return _amend(request, ref, amendable_incident, corrections.amend_incident)


@entrance(why_not_hold_key)
def amend_action(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Amend the text of an action, or when it happened."""
    return _amend(request, ref, amendable_action, corrections.amend_action)


def _amend(
    request: HttpRequest,
    ref: UUID,
    find: Callable[..., Amendable],
    amend: Callable[..., Any],
) -> HttpResponse:
    actor = actor_of(request)
    with _absent_is_404():
        shown = find(actor.reader, ref)
    form = AmendForm.of(shown, actor, request.POST or None)
    meanwhile = False
    if switches_names(request):
        form.leave_unjudged()
    elif form.is_valid():
        try:
            with _absent_is_404():
                amend(actor=actor, ref=ref, new=form.new_amendment())
            messages.success(request, _("It was amended. What it said before is kept beneath."))
            return redirect("incident", ref=shown.incident.ref)
        except Refused as refused:
            meanwhile = refused.why is Refusal.AMENDED_MEANWHILE
            form.add_error(_FIELDS.get(Refusal(refused.why)), refused.sentence)
            if meanwhile:
                shown = find(actor.reader, ref)
                form.show_newest(shown.version)
    context = {"form": form, "shown": shown, "meanwhile": meanwhile}
    return _page(request, shown, "safeguarding/amend.html", context)


#: Where the reason of a refusal stands.
_FIELDS = {
    Refusal.AMENDED_MEANWHILE: "text",
    Refusal.NOTHING_AMENDED: "text",
    Refusal.BEFORE_RECORDED: "occurred_at",
}


@entrance(why_not_hold_key)
def correct_student(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Move an incident to the record of the student whom it concerns."""
    actor = actor_of(request)
    with _absent_is_404():
        shown = amendable_incident(actor.reader, ref)
    form = StudentForm(
        request.POST or None,
        actor=actor,
        incident=shown.incident,
        as_list=wants_list(request),
    )
    if switches_names(request):
        form.leave_unjudged()
    elif form.is_valid():
        with _absent_is_404(), _refusals_at(form, "student"):
            corrections.correct_student(actor=actor, ref=ref, **form.cleaned_data)
            messages.success(request, _("The incident is on the right student’s record now."))
            return _to(request, ref)
    return _page(request, shown, "safeguarding/correct_student.html", {"form": form})


@entrance(why_not_hold_key)
def change_categories(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Put categories on an incident, and take some off."""
    actor = actor_of(request)
    with _absent_is_404():
        shown = amendable_incident(actor.reader, ref)
    form = CategoriesForm(request.POST or None, own=list(shown.incident.categories.all()))
    if form.is_valid():
        with _absent_is_404(), _refusals_at(form, "categories"):
            corrections.change_categories(actor=actor, ref=ref, **form.changes())
            messages.success(request, _("The categories were changed."))
            return _to(request, ref)
    return _page(request, shown, "safeguarding/change_categories.html", {"form": form})


def _page(
    request: HttpRequest, shown: Amendable, template: str, context: dict[str, Any]
) -> HttpResponse:
    if isinstance(context["form"], TypedAgainForm):
        context["typed_form"] = "correction-form"
    page = render(request, template, {"shown": shown, **context})
    # The form knows whom it named once it is drawn; the page leaves after this is written.
    named = [*shown.students, *getattr(context["form"], "students_named", ())]
    audit.record(actor_of(request), "incident.viewed", shown.incident, students=named, whole=False)
    return page


def _to(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Lead to the incident, unless the correction put it outside of what the person sees."""
    if is_incident_visible(actor_of(request).reader, ref):
        return redirect("incident", ref=ref)
    return redirect("incidents")


@contextmanager
def _absent_is_404() -> Iterator[None]:
    try:
        yield
    except ObjectDoesNotExist:
        raise Http404 from None


@contextmanager
def _refusals_at(form: forms.Form, field: str) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        form.add_error(field, refused.sentence)
