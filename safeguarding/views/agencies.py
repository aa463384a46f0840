"""The administrators' pages for agencies."""

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
from schools.requests import actor_of, page_asked


@entrance(why_not_administer)
def agency_list(request: HttpRequest) -> HttpResponse:
    """List the agencies with how often each is named; add one."""
    form = AgencyForm(request.POST or None)
    if form.is_valid():
        try:
            services.add_agency(actor=actor_of(request), **form.cleaned_data)
            messages.success(request, gettext("The agency was added."))
            return redirect("agencies")
        except Refused as refused:
            form.add_error("name", refused.sentence)
    context = {"form": form, "page": selectors.agency_page(page_asked(request))}
    return render(request, "safeguarding/agencies.html", context)


@entrance(why_not_administer)
def agency(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show an agency; rename it, or merge it with the one that has the name already."""
    try:
        shown = selectors.agency(ref)
        form = AgencyForm(request.POST or None, initial={"name": shown.name})
        other = None
        if form.is_valid():
            name = form.cleaned_data["name"]
            other = selectors.agency_named(name)
            other = None if other == shown else other
            if other and "merge" in request.POST:
                kept = services.merge_agency(actor=actor_of(request), ref=ref, name=name)
                messages.success(request, gettext("The two were merged."))
                return redirect("agency", ref=kept.ref)
            if other is None:
                services.rename_agency(actor=actor_of(request), ref=ref, name=name)
                messages.success(request, gettext("The agency was renamed."))
                return redirect("agency", ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    context = {"form": form, "agency": shown, "other": other}
    return render(request, "safeguarding/agency.html", context)


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
