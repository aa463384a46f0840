"""The administrators' pages for inviting staff and for correcting who they are."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from core.entrances import entrance
from core.refusals import Refused
from schools import policies, selectors
from schools.policies import why_not_administer
from schools.requests import actor_of, page_asked
from schools.selectors.staff import staff_page
from schools.services import invitations
from schools.staff_forms import DetailsForm, SeveralForm, StaffFilterForm, StaffNameForm


@entrance(why_not_administer)
def staff_list(request: HttpRequest) -> HttpResponse:
    """List everybody who works or worked here; find one by name, or narrow the list.

    A name is posted, and never stands in an address.
    """
    names = StaffNameForm(request.POST if request.method == "POST" else None)
    filters = StaffFilterForm(request.GET or None)
    name = names.cleaned_data["name"] if names.is_valid() else ""
    page = staff_page(filters.wanted(name), page_asked(request))
    context = {"page": page, "form": names, "filters": filters, "typed": name}
    return render(request, "schools/staff.html", context)


@entrance(why_not_administer)
def invite_several(request: HttpRequest) -> HttpResponse:
    """Invite several people: a preview first, then the invitations."""
    form = SeveralForm(request.POST or None)
    people = form.cleaned_data["people"] if form.is_valid() else []
    if people and "confirmed" in request.POST:
        try:
            group = form.cleaned_data["access_group"]
            invitations.invite_several(actor=actor_of(request), people=people, access_group=group)
        except Refused as refused:
            form.add_error("people", refused.sentence)
            people = []
        else:
            said = ngettext("%(n)d person was invited.", "%(n)d people were invited.", len(people))
            messages.success(request, said % {"n": len(people)})
            return redirect("staff")
    return render(request, "schools/invite_several.html", {"form": form, "people": people})


@entrance(why_not_administer)
@require_POST
def invite_again(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Send the invitation again."""
    try:
        person = invitations.invite_again(actor=actor_of(request), ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, refused.sentence)
        return redirect("staff_member", ref=ref)
    messages.success(
        request,
        gettext("The invitation is on its way to %(name)s.") % {"name": person.display_name},
    )
    return redirect("staff_member", ref=ref)


@entrance(why_not_administer)
def change_details(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Correct a colleague's name or email address."""
    try:
        person = selectors.staff_member(ref)
        facts = {
            "given_name": person.given_name,
            "family_name": person.family_name,
            "email": person.user.email,
        }
        form = DetailsForm(request.POST or None, initial=facts)
        if form.is_valid():
            try:
                invitations.change_details(actor=actor_of(request), ref=ref, **form.cleaned_data)
            except Refused as refused:
                form.add_error("email", refused.sentence)
            else:
                messages.success(request, gettext("Their details were changed."))
                return redirect("staff_member", ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    why_not = policies.why_not_change_details(
        actor_of(request).reader, staff_id=person.pk, is_from_mis=bool(person.sourced_id)
    )
    context = {"form": form, "person": person, "why_not": why_not}
    return render(request, "schools/change_details.html", context)
