"""School administrators' pages about maps, and the image itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.attachments.errors import AttachmentDamaged, StorageUnavailable
from core.attachments.responses import file_response
from core.entrances import entrance
from core.images import ImageRefused
from core.refusals import Refused
from schools.forms_of_maps import MapForm, RenameMapForm
from schools.policies import why_not_administer, why_not_enter
from schools.requests import actor_of
from schools.selectors import maps as selectors
from schools.services import maps


@entrance(why_not_administer)
def map_list(request: HttpRequest) -> HttpResponse:
    """List the maps; add one (acceptance G6.4)."""
    form = MapForm(request.POST, request.FILES) if request.method == "POST" else MapForm()
    if form.is_valid():
        with _refusals_at(form):
            added = maps.add_map(actor=actor_of(request), **form.cleaned())
            messages.success(request, _("‘%(name)s’ was added.") % {"name": added.name})
            return redirect("school_map", ref=added.ref)
    context = {"form": form, "maps": selectors.school_maps()}
    return render(request, "schools/maps.html", context)


@entrance(why_not_administer)
def school_map(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show a map; rename it."""
    with _absent_is_404():
        found = selectors.school_map(ref)
        form = RenameMapForm(request.POST or None, initial={"name": found.name})
        if form.is_valid():
            with _refusals_at(form):
                maps.rename_map(actor=actor_of(request), ref=ref, **form.cleaned_data)
                messages.success(request, _("The map was renamed."))
                return redirect("school_map", ref=ref)
    context = {"form": form, "map": found, "sheet": selectors.sheet_of(found)}
    return render(request, "schools/map.html", context)


@entrance(why_not_administer)
@require_POST
def retire_map(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop offering a map."""
    with _absent_is_404():
        found = maps.retire_map(actor=actor_of(request), ref=ref)
    messages.success(request, _("‘%(name)s’ is retired.") % {"name": found.name})
    return redirect("school_map", ref=ref)


@entrance(why_not_administer)
@require_POST
def bring_back_map(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Offer a retired map again."""
    with _absent_is_404():
        try:
            found = maps.bring_back_map(actor=actor_of(request), ref=ref)
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, _("‘%(name)s’ is back.") % {"name": found.name})
    return redirect("school_map", ref=ref)


@entrance(why_not_enter)
@require_GET
def map_image(request: HttpRequest, ref: UUID) -> HttpResponseBase:
    """Hand out a map's image to the staff of its school, who mark incidents on it."""
    with _absent_is_404():
        image = selectors.map_image(ref)
    try:
        return file_response(image, shown=True)
    except StorageUnavailable:
        return HttpResponse(status=503)
    except AttachmentDamaged:
        return HttpResponse(status=410)


@contextmanager
def _absent_is_404() -> Iterator[None]:
    try:
        yield
    except ObjectDoesNotExist:
        raise Http404 from None


@contextmanager
def _refusals_at(form: MapForm | RenameMapForm) -> Iterator[None]:
    """Show a refusal at the field that it is about."""
    try:
        yield
    except Refused as refused:
        form.add_error("name", refused.sentence)
    except ImageRefused as refused:
        form.add_error("new_files", str(refused))
    except StorageUnavailable:
        form.add_error(
            "new_files", _("Files cannot be stored just now. Try again in a few minutes.")
        )
