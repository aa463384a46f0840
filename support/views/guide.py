"""‘Support’: the guide (guide, section 5.3; acceptance G8.1)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.entrances import entrance
from schools.policies import why_not_enter
from schools.requests import actor_of
from support import training
from support.articles import article, neighbours, on_shelf
from support.forms.search import SearchForm
from support.policies import is_authorised
from support.searching import places_with
from support.terms import Shelf


@entrance(why_not_enter)
def support(request: HttpRequest) -> HttpResponse:
    """List everything there is; show what a search finds.

    What is searched for is posted: it may be a name, and addresses end up in logs and histories.
    """
    form = SearchForm(request.POST if request.method == "POST" else None)
    context = {
        "form": form,
        "shelves": [(shelf, on_shelf(shelf)) for shelf in Shelf],
        "found": places_with(form.cleaned_data["words"]) if form.is_valid() else None,
        "videos": training.videos(),
        "shows_access": actor_of(request).reader.administers,
        "may_ask_officially": is_authorised(actor_of(request).reader),
        "webinars": training.upcoming_webinars(),
    }
    return render(request, "support/support.html", context)


@entrance(why_not_enter)
def support_page(request: HttpRequest, page: str) -> HttpResponse:
    """Show one page of the guide."""
    try:
        shown = article(page)
    except LookupError:
        raise Http404 from None
    before, after = neighbours(shown)
    context = {"article": shown, "before": before, "after": after}
    return render(request, "support/page.html", context)
