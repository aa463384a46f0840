"""Bringing schools on: find them in the DfE's register, ask for them, watch how far they come."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from core.audit import services as audit
from core.entrances import entrance
from core.pages import page_number
from core.spreadsheets import BOM
from tenants import selectors
from tenants.forms import FindForm, ListForm, OnboardingForm
from tenants.onboarding_file import COLUMNS, list_of
from tenants.policies import why_not_enter
from tenants.services.onboardings import Asked, NotAsked, ask_for, suggested_slug
from tenants.terms import Plan
from tenants.views import actor_of

#: Schools under way that the first page shows.
_SHOWN = 20


@entrance(why_not_enter)
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """Find a school in the register; show what is under way."""
    form = FindForm(request.GET or None)
    words = form.cleaned_data["words"].strip() if form.is_valid() else ""
    context: dict[str, Any] = {"form": form, "words": words}
    if words:
        page = selectors.establishments_page(words, page_number(request.GET.get("page")))
        context |= {"page": page, "here": selectors.urns_here([one.urn for one in page])}
    context["waiting"] = selectors.unfinished_onboardings(_SHOWN)
    audit.record(actor_of(request), "register.searched", found=len(context.get("page", ())))
    return render(request, "tenants/onboarding.html", context)


@entrance(why_not_enter)
def bring_on(request: HttpRequest) -> HttpResponse:
    """Ask for one school."""
    asked = request.POST if request.method == "POST" else request.GET
    known = selectors.establishment_with(asked.get("urn", ""))
    if known is None:
        return redirect("onboarding")
    form = OnboardingForm(
        request.POST or None,
        initial={
            "urn": known.urn,
            "name": known.name,
            "slug": suggested_slug(known.name, known.town, known.urn),
            "plan": Plan.TRUST if known.trust_code else Plan.STANDARD,
        },
    )
    if form.is_valid():
        try:
            return redirect("onboarding_progress", ask_for([form.asked()], actor=actor_of(request)))
        except NotAsked as refused:
            for _place, field, sentence in refused.errors:
                form.add_error(None if field == "urn" else field, sentence)
    audit.record(actor_of(request), "onboarding.viewed")
    return render(request, "tenants/bring_on.html", {"form": form, "school": known})


@entrance(why_not_enter)
def bring_on_list(request: HttpRequest) -> HttpResponse:
    """Ask for every school of a list."""
    form = ListForm(request.POST or None)
    wrong: list[str] = []
    if form.is_valid():
        try:
            return redirect("onboarding_progress", ask_for(form.asked, actor=actor_of(request)))
        except NotAsked as refused:
            wrong = [
                f"Line {form.stands_on[place]}, {field}: {sentence}"
                for place, field, sentence in refused.errors
            ]
            form.add_error("lines", "Nothing was taken down yet. Correct what is listed below.")
    audit.record(actor_of(request), "onboarding.viewed")
    context = {"form": form, "columns": COLUMNS, "wrong": wrong}
    return render(request, "tenants/bring_on_list.html", context)


@entrance(why_not_enter)
@require_GET
def trust_list(request: HttpRequest) -> HttpResponse:
    """Hand out a list of a trust's schools, in which the administrators are to be filled in."""
    schools = selectors.open_schools_of_trust(request.GET.get("trust", ""))
    if not schools:
        return redirect("onboarding")
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="schools.csv"'
    asked = (
        Asked(
            urn=one.urn,
            admin_email="",
            name=one.name,
            slug=suggested_slug(one.name, one.town, one.urn),
            plan=Plan.TRUST,
        )
        for one in schools
    )
    answer.write(BOM + list_of(asked))
    audit.record(actor_of(request), "register.exported", schools=len(schools))
    return answer


@entrance(why_not_enter)
@require_GET
def progress(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show how far the schools have come that were asked for together."""
    rows = selectors.onboardings_of(ref)
    if not rows:
        raise Http404
    done = sum(row.opened_at is not None for row in rows)
    audit.record(actor_of(request), "onboarding.viewed", batch=ref)
    context = {"rows": rows, "done": done, "is_over": done == len(rows)}
    return render(request, "tenants/progress.html", context)
