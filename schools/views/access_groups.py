"""Access groups, for administrators."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.entrances import entrance
from core.refusals import Refused
from schools import policies
from schools.access_group_form import AccessGroupForm
from schools.policies import why_not_administer
from schools.requests import actor_of
from schools.selectors import groups as selectors
from schools.services import access_groups
from schools.terms import Refusal


@entrance(why_not_administer)
def access_group_list(request: HttpRequest) -> HttpResponse:
    """List the access groups with what each may do and how many are in it."""
    groups = selectors.every_access_group()
    rows = [(group, selectors.years_of(group)) for group in groups]
    return render(request, "schools/access_groups.html", {"rows": rows})


@entrance(why_not_administer)
def add_access_group(request: HttpRequest) -> HttpResponse:
    """Add an access group."""
    form = AccessGroupForm(request.POST or None)
    if form.is_valid():
        try:
            added = access_groups.add_access_group(actor=actor_of(request), new=form.rights())
        except Refused as refused:
            _show(form, refused)
        else:
            messages.success(request, _("‘%(name)s’ was added.") % {"name": added.name})
            return redirect("access_groups")
    return render(request, "schools/access_group.html", {"form": form})


@entrance(why_not_administer)
def access_group(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show an access group; change it, after what that does was shown."""
    actor = actor_of(request)
    try:
        group = selectors.access_group(ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    form = AccessGroupForm(request.POST or None, group=group)
    why_not = policies.why_not_change_group(
        actor.reader, selectors.access_group_facts(actor.reader, group)
    )
    if request.method == "POST" and why_not:
        raise Refused(why_not)
    if form.is_valid() and form.is_agreed():
        try:
            access_groups.change_access_group(actor=actor, ref=ref, new=form.rights())
        except Refused as refused:
            _show(form, refused)
        else:
            messages.success(request, _("The access group was changed."))
            return redirect("access_groups")
    context = {"form": form, "group": group, "why_not": why_not}
    context["members"] = selectors.members_of(group)
    return render(request, "schools/access_group.html", context)


#: Where a refusal stands; the others are the answer themselves.
_FIELDS = {
    Refusal.ACCESS_GROUP_NAME_TAKEN: "name",
    Refusal.RIGHTS_NEED_KEY: "holds_key",
    Refusal.DEFAULT_WITHOUT_KEY: "holds_key",
    Refusal.LAST_ADMINISTRATOR: "administers",
}


def _show(form: AccessGroupForm, refused: Refused) -> None:
    field = _FIELDS.get(Refusal(refused.why))
    if field is None:
        raise refused
    form.add_error(field, refused.sentence)
