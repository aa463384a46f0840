"""Incidents: adding one, reading one, settling one, the list."""

from collections.abc import Sequence
from functools import partial
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
from core.refusals import Refused
from safeguarding.forms import ActionForm, CaseForm, IncidentForm
from safeguarding.forms.incident_filter import IncidentFilterForm
from safeguarding.selectors import incidents as selectors
from safeguarding.selectors.drafts import OpenedDraft, drafts_of, opened_draft
from safeguarding.selectors.incident_list import IncidentFilter, incidents_of, left_behind
from safeguarding.selectors.rows import refs_of
from safeguarding.services import actions, alerts, incidents
from safeguarding.terms import DraftForm
from safeguarding.views.drafts import note_offered
from safeguarding.views.map_step import map_step
from safeguarding.views.rescue import (
    draft_asked,
    first_data,
    keep_posted,
    not_kept,
    posted,
    rescue,
    saving_of,
)
from schools.policies import why_not_add, why_not_enter, why_not_hold_key
from schools.requests import actor_of, page_asked, switches_names, wants_list
from schools.terms import Refusal
from ui.map_steps import is_step


@entrance(why_not_add, rescue=rescue(DraftForm.INCIDENT, "add_incident"))
def add_incident(request: HttpRequest) -> HttpResponse:
    """Take a concern down (guide, section 4)."""
    actor, as_list = actor_of(request), wants_list(request)
    if request.method != "POST":
        return _empty_form(request)
    form = IncidentForm(request.POST, request.FILES, actor=actor, as_list=as_list)
    if is_step(request.POST, "maps"):
        form = map_step(request)
    elif switches_names(request):
        if form.is_untouched:
            return redirect(request.get_full_path())
        form.leave_unjudged()
    elif form.is_valid():
        incidents.record_incident(actor=actor, new=form.new_incident())
        messages.success(request, gettext("The incident was added."))
        return redirect("dashboard")
    elif selectors.has_recorded(actor.reader, form.cleaned_data.get("submission")):
        # A double click: its files, for one, are no longer there to be chosen.
        return redirect("dashboard")
    page = _incident_form(request, form, saving=_kept(request, DraftForm.INCIDENT, None))
    # The form knows whom it named once it is drawn; the page leaves after this is written.
    if form.students_named:
        audit.record(actor, "incident_form.shown", students=form.students_named)
    return page


def _empty_form(request: HttpRequest) -> HttpResponse:
    """Show the form: with the draft that the address asks for, or beneath those on offer."""
    actor, kind = actor_of(request), DraftForm.INCIDENT
    draft = opened_draft(actor, draft_asked(request), form=kind, about=None)
    offered = [] if draft else drafts_of(actor, form=kind)
    form = IncidentForm(first_data(draft, actor), actor=actor, as_list=wants_list(request))
    if draft:
        form.leave_unjudged()
    more = {"draft": draft, "offered": offered}
    page = _incident_form(request, form, saving=saving_of(kind, about=None, draft=draft), **more)
    if draft:
        audit.record(actor, "draft.opened", students=form.students_named, draft=draft.ref)
    elif form.students_named:
        audit.record(actor, "incident_form.shown", students=form.students_named)
    note_offered(actor, offered)
    return page


def _incident_form(request: HttpRequest, form: IncidentForm, **context: Any) -> HttpResponse:
    shown = {"form": form, "add_incident_url": None, "typed_form": "incident-form", **context}
    return render(request, "safeguarding/add_incident.html", shown)


def _kept(request: HttpRequest, kind: DraftForm, about: UUID | None) -> dict[str, Any]:
    """Keep a form that was posted and does not go through; say what its page needs of that."""
    actor, typed = actor_of(request), posted(request, kind, about)
    is_kept = keep_posted(request, actor.staff_ref, typed)
    draft = opened_draft(actor, typed.submission, form=kind, about=about)
    return saving_of(kind, about=about, draft=draft, trouble=not is_kept)


@entrance(why_not_enter)
def incident(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show an incident with what this person may see of it (guide, section 2)."""
    actor, kind = actor_of(request), DraftForm.ACTION
    draft = opened_draft(actor, draft_asked(request), form=kind, about=ref)
    offered = [] if draft else drafts_of(actor, form=kind, about=ref)
    page = _incident(request, ref, data=first_data(draft, actor), draft=draft, offered=offered)
    note_offered(actor, offered)
    return page


@entrance(why_not_add, rescue=rescue(DraftForm.ACTION, "incident"))
def add_action(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Add an action to an incident (guide, section 3)."""
    actor = actor_of(request)
    if request.method != "POST":
        return redirect("incident", ref=ref)
    if not selectors.is_incident_visible(actor.reader, ref):
        return _came_too_late(request, ref)
    form = _action_form(request, ref, request.POST, request.FILES)
    if switches_names(request):
        if form.is_untouched:
            return redirect(request.get_full_path())
        form.leave_unjudged()
        return _incident(request, ref, action_form=form)
    if form.is_valid():
        action = actions.add_action(actor=actor, ref=ref, new=form.new_action())
        messages.success(request, gettext("The action was added."))
    elif repeated := selectors.action_added(actor.reader, form.cleaned_data.get("submission")):
        action = repeated
    else:
        kept = _kept(request, DraftForm.ACTION, ref)
        return _incident(request, ref, action_form=form, saving=kept)
    if not selectors.is_incident_visible(actor.reader, ref):
        return redirect("dashboard")
    return redirect(f"{request.path.removesuffix('actions/')}#action-{action.ref}")


def _came_too_late(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Keep an action whose incident cannot be read (any more); absent and hidden look the same."""
    typed = posted(request, DraftForm.ACTION, ref)
    if not "".join(typed.fields.get("text", ())).strip():
        raise Http404
    if not keep_posted(request, actor_of(request).staff_ref, typed):
        return not_kept(request)
    return render(request, "safeguarding/action_kept.html", status=404)


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
    form = CaseForm(request.POST, actor=actor_of(request), as_list=wants_list(request))
    if not form.is_valid():
        return _incident(request, ref, case_form=form)
    try:
        incidents.settle_case(actor=actor_of(request), ref=ref, **form.settled())
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        if refused.why is not Refusal.ASSIGNEE_CANNOT_SEE:
            raise
        form.add_error("assignee", refused.sentence)
        return _incident(request, ref, case_form=form)
    messages.success(request, gettext("The incident was changed."))
    return redirect("incident", ref=ref)


@entrance(why_not_hold_key)
def incident_list(request: HttpRequest) -> HttpResponse:
    """List the incidents that the key holder may see, and asks for."""
    actor = actor_of(request)
    form = IncidentFilterForm(request.GET)
    chosen = form.chosen() if form.is_valid() else IncidentFilter()
    page = incidents_of(actor.reader, page_asked(request), chosen)
    students = refs_of(one.student for one in page)
    audit.record(actor, "incidents.listed", students=students, page=page.number)
    context = {
        "form": form,
        "page": page,
        "is_filtered": chosen != IncidentFilter() or not form.is_valid(),
        "left_behind": left_behind(actor.reader),
    }
    return render(request, "safeguarding/incidents.html", context)


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
    draft: OpenedDraft | None = None,
    offered: Sequence[OpenedDraft] = (),
    saving: dict[str, Any] | None = None,
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
        audit.record(actor, "draft.opened", page.incident, students=page.students, draft=draft.ref)
    reader = actor.reader
    context: dict[str, Any] = {"shown": page, "draft": draft, "holds_key": reader.holds_key}
    context["typed_form"] = "action-form"
    context["offered"] = offered
    context["saving"] = saving or saving_of(DraftForm.ACTION, about=ref, draft=draft)
    context["may_correct"] = reader.holds_key and page.is_whole
    if reader.access.may_add:
        context["may_add"] = True
        context["action_form"] = action_form or _action_form(request, ref, data)
        if draft:
            context["action_form"].leave_unjudged()
    if context["may_correct"]:
        context["case_form"] = case_form or CaseForm(
            incident=page.incident, actor=actor, as_list=wants_list(request)
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
        students=partial(selectors.students_linked_to, actor.reader, ref),
    )
