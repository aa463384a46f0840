"""Colleagues' keys: who has one, who has lost theirs, and resetting it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from core.entrances import entrance
from schools import policies
from schools.forms import ResetKeyForm
from schools.policies import why_not_reset_keys, why_not_see_keys
from schools.requests import actor_of, page_asked
from schools.selectors import registered_member
from schools.selectors.keys import staff_key_facts, staff_keys_page
from schools.services import keys


@entrance(why_not_see_keys)
def staff_keys(request: HttpRequest) -> HttpResponse:
    """List the staff who need a key, with what they have."""
    page, rows = staff_keys_page(page_asked(request))
    reader = actor_of(request).reader
    shown = [(row, policies.why_not_offer_reset(reader, row.facts)) for row in rows]
    return render(request, "schools/staff_keys.html", {"page": page, "rows": shown})


def _back(_request: HttpRequest, *, ref: UUID) -> str:
    return reverse("reset_key", kwargs={"ref": ref})


@entrance(why_not_reset_keys, rescue=_back)
def reset_key(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Reset a colleague's key, after making sure in person who it is."""
    form = ResetKeyForm(request.POST if request.method == "POST" else None)
    try:
        person = registered_member(ref)
        if form.is_valid():
            keys.reset_key(actor=actor_of(request), ref=ref)
            messages.success(
                request,
                gettext("%(name)s’s key was reset. They can set up a new one within 24 hours.")
                % {"name": person.display_name},
            )
            return redirect("staff_keys")
    except ObjectDoesNotExist:
        raise Http404 from None
    reader, facts = actor_of(request).reader, staff_key_facts(person)
    why_not = policies.why_not_reset_key(reader, facts)
    context = {"form": form, "person": person, "why_not_reset": why_not}
    return render(request, "schools/reset_key.html", context)
