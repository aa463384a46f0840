"""School administrators' pages: categories, alert groups, staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from core.entrances import entrance
from core.refusals import Refused
from schools import policies, selectors
from schools.forms import AccessForm, AlertGroupForm, CategoryForm, StaffForm, SubCategoryForm
from schools.policies import why_not_administer
from schools.requests import actor_of, wants_list
from schools.selectors.staff import left_behind, staff_in_no_group
from schools.services import alert_groups, categories
from schools.services import staff as staff_services


@entrance(why_not_administer)
def administration(request: HttpRequest) -> HttpResponse:
    """Lead to all that an administrator looks after."""
    return render(request, "schools/administration.html", {"overview": selectors.overview()})


# Categories


@entrance(why_not_administer)
def category_list(request: HttpRequest) -> HttpResponse:
    """List the categories with their sub-categories; add one (acceptance G6.2)."""
    form = CategoryForm(request.POST or None)
    if form.is_valid():
        with _refusals_at(form, "name"):
            added = categories.add_category(actor=actor_of(request), **form.cleaned_data)
            messages.success(request, gettext("‘%(name)s’ was added.") % {"name": added.name})
            return redirect("categories")
    context = {"form": form, "categories": selectors.top_categories()}
    return render(request, "schools/categories.html", context)


@entrance(why_not_administer)
def category(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a category; rename it."""
    with _absent_is_404():
        form = CategoryForm.of(selectors.category(ref), request.POST or None)
        if form.is_valid():
            with _refusals_at(form, "name"):
                categories.rename_category(actor=actor_of(request), ref=ref, **form.cleaned_data)
                messages.success(request, gettext("The category was renamed."))
                return redirect("category", ref=ref)
        return _category(request, ref, form=form)


@entrance(why_not_administer)
def add_sub_category(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Add a sub-category to a category."""
    if request.method != "POST":
        return redirect("category", ref=ref)
    with _absent_is_404():
        form = SubCategoryForm(request.POST)
        if form.is_valid():
            with _refusals_at(form, "name"):
                added = categories.add_sub_category(
                    actor=actor_of(request), parent=ref, **form.cleaned_data
                )
                messages.success(request, gettext("‘%(name)s’ was added.") % {"name": added.name})
                return redirect("category", ref=ref)
        return _category(request, ref, sub_form=form)


@entrance(why_not_administer)
@require_POST
def retire_category(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop offering a category."""
    with _absent_is_404():
        category = categories.retire_category(actor=actor_of(request), ref=ref)
    messages.success(request, gettext("‘%(name)s’ is retired.") % {"name": category.name})
    return redirect("category", ref=ref)


@entrance(why_not_administer)
@require_POST
def bring_back_category(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Offer a retired category again."""
    with _absent_is_404():
        category = categories.bring_back_category(actor=actor_of(request), ref=ref)
    messages.success(request, gettext("‘%(name)s’ is back.") % {"name": category.name})
    return redirect("category", ref=ref)


def _category(
    request: HttpRequest,
    ref: UUID,
    *,
    form: CategoryForm | None = None,
    sub_form: SubCategoryForm | None = None,
) -> HttpResponse:
    found = selectors.category(ref)
    context: dict[str, Any] = {"category": found, "sub_form": sub_form or SubCategoryForm()}
    context["form"] = form or CategoryForm.of(found)
    return render(request, "schools/category.html", context)


# Alert groups


@entrance(why_not_administer)
def alert_group_list(request: HttpRequest) -> HttpResponse:
    """List the alert groups with their members (acceptance G6.7)."""
    context = {"groups": selectors.every_alert_group(), "in_no_group": staff_in_no_group()}
    return render(request, "schools/alert_groups.html", context)


@entrance(why_not_administer)
def add_alert_group(request: HttpRequest) -> HttpResponse:
    """Add an alert group."""
    form = AlertGroupForm(request.POST or None, as_list=wants_list(request))
    if form.is_valid():
        with _refusals_at(form, "name"):
            added = alert_groups.add_alert_group(actor=actor_of(request), **form.cleaned_data)
            messages.success(request, gettext("‘%(name)s’ was added.") % {"name": added.name})
            return redirect("alert_groups")
    return render(request, "schools/alert_group.html", {"form": form})


@entrance(why_not_administer)
def alert_group(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show an alert group; change its name and members."""
    with _absent_is_404():
        group = selectors.alert_group(ref)
        form = AlertGroupForm(request.POST or None, group=group, as_list=wants_list(request))
        if form.is_valid():
            with _refusals_at(form, "name"):
                alert_groups.change_alert_group(
                    actor=actor_of(request), ref=ref, **form.cleaned_data
                )
                messages.success(request, gettext("The alert group was changed."))
                return redirect("alert_groups")
        return render(request, "schools/alert_group.html", {"form": form, "group": group})


@entrance(why_not_administer)
@require_POST
def retire_alert_group(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop offering an alert group."""
    with _absent_is_404():
        group = alert_groups.retire_alert_group(actor=actor_of(request), ref=ref)
    messages.success(request, gettext("‘%(name)s’ is retired.") % {"name": group.name})
    return redirect("alert_groups")


@entrance(why_not_administer)
@require_POST
def bring_back_alert_group(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Offer a retired alert group again."""
    with _absent_is_404():
        group = alert_groups.bring_back_alert_group(actor=actor_of(request), ref=ref)
    messages.success(request, gettext("‘%(name)s’ is back.") % {"name": group.name})
    return redirect("alert_groups")


# Staff


@entrance(why_not_administer)
def add_staff(request: HttpRequest) -> HttpResponse:
    """Add a member of staff, who sets a password through the first-time link (guide 1.1)."""
    form = StaffForm(request.POST or None)
    if form.is_valid():
        with _refusals_at(form, "email"):
            added = staff_services.add_staff(actor=actor_of(request), **form.cleaned_data)
            messages.success(request, _added(added.display_name))
            return redirect("staff")
    return render(request, "schools/add_staff.html", {"form": form})


@entrance(why_not_administer)
def staff_member(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a member of staff; change what they may do."""
    with _absent_is_404():
        person = selectors.staff_member(ref)
        form = AccessForm(request.POST or None, chosen=person.access_group)
        if form.is_valid():
            staff_services.change_access(actor=actor_of(request), ref=ref, **form.cleaned_data)
            messages.success(request, gettext("The access group was changed."))
            return redirect("staff_member", ref=ref)
    reader, facts = actor_of(request).reader, selectors.staff_facts(person)
    context = {
        "form": form,
        "person": person,
        "why_not_change_access": policies.why_not_change_access(reader, facts),
        "why_not_deactivate": policies.why_not_deactivate(reader, facts),
        "why_not_invite": policies.why_not_invite(
            is_active=person.is_active, has_password=person.user.has_usable_password()
        ),
        "left_behind": left_behind(person),
    }
    return render(request, "schools/staff_member.html", context)


@entrance(why_not_administer)
@require_POST
def deactivate_staff(request: HttpRequest, ref: UUID) -> HttpResponse:
    """End a colleague's access."""
    with _absent_is_404():
        person = staff_services.deactivate_staff(actor=actor_of(request), ref=ref)
    messages.success(
        request,
        gettext("%(name)s is deactivated and logged out everywhere.")
        % {"name": person.display_name},
    )
    return redirect("staff_member", ref=ref)


@entrance(why_not_administer)
@require_POST
def reactivate_staff(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Let somebody back in."""
    with _absent_is_404():
        person = staff_services.reactivate_staff(actor=actor_of(request), ref=ref)
    messages.success(request, _active_again(person.display_name))
    return redirect("staff_member", ref=ref)


def _added(name: str) -> str:
    return gettext(
        "%(name)s was added. They create their password through ‘Forgotten your password or using"
        " CPOMS for the first time?’ on the log-in page."
    ) % {"name": name}


def _active_again(name: str) -> str:
    return gettext(
        "%(name)s is active again. They create their password through ‘Forgotten your password or"
        " using CPOMS for the first time?’ on the log-in page."
    ) % {"name": name}


@contextmanager
def _absent_is_404() -> Iterator[None]:
    try:
        yield
    except ObjectDoesNotExist:
        raise Http404 from None


@contextmanager
def _refusals_at(form: forms.Form, field: str) -> Iterator[None]:
    """Show a service's refusal at the field that it is about."""
    try:
        yield
    except Refused as refused:
        form.add_error(field, refused.sentence)
