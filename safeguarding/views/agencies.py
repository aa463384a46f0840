"""The administrators' pages for agencies."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.entrances import entrance
from core.refusals import Refused
from safeguarding.forms.agencies import AgencyForm
from safeguarding.selectors import agencies as selectors
from safeguarding.services import agencies as services
from schools.policies import why_not_administer
from schools.requests import actor_of, page_asked, switches_names
from schools.selectors.spoken_of import students_spoken_of
from ui.hidden_names import are_hidden


@entrance(why_not_administer)
def agency_list(request: HttpRequest) -> HttpResponse:
    """List the agencies with how often each is named; add one."""
    page = selectors.agency_page(page_asked(request))
    form = AgencyForm(request.POST or None)
    form.keep_texts(
        actor_of(request), lambda: students_spoken_of([str(form["name"].value() or "")])
    )
    if switches_names(request):
        form.leave_unjudged()
    elif form.is_valid():
        try:
            services.add_agency(actor=actor_of(request), **form.cleaned_data)
            messages.success(request, gettext("The agency was added."))
            return redirect("agencies")
        except Refused as refused:
            form.add_error("name", refused.sentence)
    return _page(request, "safeguarding/agencies.html", form, [one.name for one in page], page=page)


@entrance(why_not_administer)
def agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show an agency; rename it, or merge it with the one that has the name already."""
    actor, other = actor_of(request), None
    try:
        shown = selectors.agency(ref)
        if into := request.POST.get("merge"):
            kept = services.merge_agency(actor=actor, ref=ref, into=_known(into))
            messages.success(request, gettext("The two were merged."))
            return redirect("agency", ref=kept.ref)
        form = AgencyForm(request.POST or None, initial={"name": shown.name})
        form.keep_texts(actor, lambda: students_spoken_of([str(form["name"].value() or "")]))
        if switches_names(request):
            form.leave_unjudged()
        elif form.is_valid():
            other = selectors.agency_named(form.cleaned_data["name"])
            if other in (None, shown) and _renamed(request, ref, form):
                return redirect("agency", ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    told = [one.name for one in (shown, other) if one]
    return _page(request, "safeguarding/agency.html", form, told, agency=shown, other=other)


def _renamed(request: HttpRequest, ref: UUID, form: AgencyForm) -> bool:
    """Rename an agency; where another took the name meanwhile, say so at the form's field."""
    try:
        services.rename_agency(actor=actor_of(request), ref=ref, name=form.cleaned_data["name"])
    except Refused as refused:
        form.add_error("name", refused.sentence)
        return False
    messages.success(request, gettext("The agency was renamed."))
    return True


def _known(posted: str) -> UUID:
    try:
        return UUID(posted)
    except ValueError:
        raise Http404 from None


def _page(
    request: HttpRequest, template: str, form: AgencyForm, told: list[str], **context: Any
) -> HttpResponse:
    students = students_spoken_of(told) if are_hidden() else []
    context |= {"form": form, "students": students, "typed_form": "agency-form"}
    return render(request, template, context)


@entrance(why_not_administer)
@require_POST
def retire_agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop suggesting an agency."""
    try:
        services.retire_agency(actor=actor_of(request), ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, gettext("The agency is retired."))
    return redirect("agency", ref=ref)


@entrance(why_not_administer)
@require_POST
def bring_back_agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Suggest a retired agency again."""
    try:
        services.bring_back_agency(actor=actor_of(request), ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, gettext("The agency is back."))
    return redirect("agency", ref=ref)
