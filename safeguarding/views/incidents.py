"""Incidents: adding one, reading one, settling one, the list."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.audit import services as audit
from core.entrances import entrance
from safeguarding.forms import ActionForm, CaseForm, DraftDiscardForm, IncidentForm
from safeguarding.selectors import incidents as selectors
from safeguarding.selectors.rows import refs_of
from safeguarding.services import actions, alerts, drafts, incidents
from safeguarding.terms import DraftForm, Status
from safeguarding.views.rescue import first_data, rescue
from schools.policies import why_not_enter, why_not_hold_key
from schools.requests import actor_of, page_asked, wants_list


@entrance(why_not_enter, rescue=rescue(DraftForm.INCIDENT, "add_incident"))
def add_incident(request: HttpRequest) -> HttpResponse:
    """Take a concern down (guide, section 4)."""
    actor = actor_of(request)
    if request.method == "POST":
        form = IncidentForm(request.POST, request.FILES, actor=actor, as_list=wants_list(request))
        if form.is_valid():
            incidents.record_incident(actor=actor, new=form.new_incident())
            messages.success(request, gettext("The incident was added."))
            return redirect("dashboard")
        if selectors.has_recorded(actor.reader, form.cleaned_data.get("submission")):
            # A double click: its files, for one, are no longer there to be chosen.
            return redirect("dashboard")
        draft = None
    else:
        draft = drafts.open_draft(actor=actor, form=DraftForm.INCIDENT, about=None)
        form = IncidentForm(first_data(draft, actor), actor=actor, as_list=wants_list(request))
    context = {"form": form, "draft": draft, "add_incident_url": None}
    page = render(request, "safeguarding/add_incident.html", context)
    # The form knows whom it named once it is drawn; the page leaves after this is written.
    if draft:
        audit.record(actor, "draft.opened", students=form.students_named, draft=draft["ref"])
    elif form.students_named:
        audit.record(actor, "incident_form.shown", students=form.students_named)
    return page


@entrance(why_not_enter)
def incident(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show an incident with what this person may see of it (guide, section 2)."""
    actor = actor_of(request)
    draft = drafts.open_draft(actor=actor, form=DraftForm.ACTION, about=ref)
    return _incident(request, ref, data=first_data(draft, actor), draft=draft)


@entrance(why_not_enter, rescue=rescue(DraftForm.ACTION, "incident"))
def add_action(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Add an action to an incident (guide, section 3)."""
    actor = actor_of(request)
    if request.method != "POST":
        return redirect("incident", ref=ref)
    if not selectors.is_incident_visible(actor.reader, ref):
        raise Http404
    form = _action_form(request, ref, request.POST, request.FILES)
    if form.is_valid():
        action = actions.add_action(actor=actor, ref=ref, new=form.new_action())
        messages.success(request, gettext("The action was added."))
    elif repeated := selectors.action_added(actor.reader, form.cleaned_data.get("submission")):
        action = repeated
    else:
        return _incident(request, ref, action_form=form)
    if not selectors.is_incident_visible(actor.reader, ref):
        return redirect("dashboard")
    return redirect(f"{request.path.removesuffix('actions/')}#action-{action.ref}")


@entrance(why_not_enter)
@require_POST
def discard_draft(request: HttpRequest) -> HttpResponse:
    """Throw away what came back after a log-in."""
    form = DraftDiscardForm(request.POST)
    if not form.is_valid():
        raise Http404
    about = form.cleaned_data["about"]
    kind = DraftForm(form.cleaned_data["form"])
    drafts.discard_draft(actor=actor_of(request), form=kind, about=about)
    return redirect("incident", ref=about) if about else redirect("add_incident")


@entrance(why_not_enter)
@require_POST
def mark_as_read(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Acknowledge an incident; without key access it cannot be opened again."""
    try:
        alerts.mark_as_read(actor=actor_of(request), ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, gettext("The incident is marked as read."))
    return redirect("dashboard")


@entrance(why_not_hold_key)
def settle(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Set the status and the assignee."""
    if request.method != "POST":
        return redirect("incident", ref=ref)
    form = CaseForm(request.POST)
    if not form.is_valid():
        return _incident(request, ref, case_form=form)
    try:
        incidents.settle_case(
            actor=actor_of(request),
            ref=ref,
            status=Status(form.cleaned_data["status"]),
            assignee=form.cleaned_data["assignee"],
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    messages.success(request, gettext("The incident was changed."))
    return redirect("incident", ref=ref)


@entrance(why_not_hold_key)
def incident_list(request: HttpRequest) -> HttpResponse:
    """List every incident that the key holder may see."""
    actor = actor_of(request)
    page = selectors.incidents_of(actor.reader, page_asked(request))
    students = refs_of(one.student for one in page)
    audit.record(actor, "incidents.listed", students=students, page=page.number)
    return render(request, "safeguarding/incidents.html", {"page": page})


@entrance(why_not_enter)
def action(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show one's own action, or lead to it on its incident where that may be opened."""
    actor = actor_of(request)
    try:
        found = selectors.own_action(actor.reader, ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    if selectors.is_incident_visible(actor.reader, found.incident.ref):
        return redirect("incident", ref=found.incident.ref)
    students = refs_of([found.incident.student])
    audit.record(actor, "action.viewed", found, students=students, incident=found.incident.ref)
    return render(request, "safeguarding/action.html", {"action": found})


def _incident(
    request: HttpRequest,
    ref: UUID,
    *,
    data: QueryDict | None = None,
    draft: Any = None,
    action_form: ActionForm | None = None,
    case_form: CaseForm | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    try:
        page = selectors.incident_page(actor.reader, ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    audit.record(
        actor, "incident.viewed", page.incident, students=page.students, whole=page.is_whole
    )
    if draft:
        audit.record(
            actor, "draft.opened", page.incident, students=page.students, draft=draft["ref"]
        )
    context: dict[str, Any] = {"shown": page, "draft": draft, "holds_key": actor.reader.holds_key}
    context["action_form"] = action_form or _action_form(request, ref, data)
    if actor.reader.holds_key:
        context["case_form"] = case_form or CaseForm(
            incident=page.incident, as_list=wants_list(request)
        )
    return render(request, "safeguarding/incident.html", context)


def _action_form(
    request: HttpRequest, ref: UUID, data: QueryDict | None = None, files: Any = None
) -> ActionForm:
    actor = actor_of(request)
    return ActionForm(
        data,
        files,
        actor=actor,
        as_list=wants_list(request),
        recipients_of_incident=selectors.original_recipients(actor.reader, ref),
    )
