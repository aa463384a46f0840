"""‘Import from your MIS’: upload, preview, import, report (acceptance G1.2, G6.8; decision 0017)."""

import io
import zipfile
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from core.attachments.uploadhandler import takes_exports
from core.entrances import entrance
from core.refusals import Refused
from schools.mis.example import example_files
from schools.mis_forms import ConsentForm, ExportFilesForm
from schools.policies import why_not_import
from schools.requests import actor_of, page_asked
from schools.selectors import imports as selectors
from schools.services import mis_uploads


def _to_list(_request: HttpRequest, **_where: Any) -> str:
    return reverse("mis_imports")


def _to_import(_request: HttpRequest, *, ref: UUID) -> str:
    return reverse("mis_import", kwargs={"ref": ref})


@takes_exports
@entrance(why_not_import, rescue=_to_list)
def mis_imports(request: HttpRequest) -> HttpResponse:
    """List the imports; take an upload, check it, lead to its preview."""
    form = ExportFilesForm(request.POST, request.FILES) if request.method == "POST" else None
    if form and form.is_valid():
        upload = mis_uploads.take_upload(actor=actor_of(request), files=form.refs)
        return redirect("mis_import", ref=upload.ref)
    context = {
        "form": form or ExportFilesForm(),
        "page": selectors.import_page(page_asked(request)),
    }
    return render(request, "schools/mis_imports.html", context)


@entrance(why_not_import, rescue=_to_import)
def mis_import(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show how far an import has come: being checked, the preview, the report."""
    return _shown(request, ref, ConsentForm())


@entrance(why_not_import, rescue=_to_import)
@require_POST
def confirm_mis_import(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Import what the preview shows."""
    form = ConsentForm(request.POST)
    form.full_clean()
    try:
        consents = bool(form.cleaned_data.get("consents"))
        mis_uploads.confirm(actor=actor_of(request), ref=ref, consents=consents)
    except ObjectDoesNotExist:
        raise Http404 from None
    except Refused as refused:
        form.add_error("consents", refused.sentence)
        return _shown(request, ref, form)
    return redirect("mis_import", ref=ref)


@entrance(why_not_import, rescue=_to_import)
@require_POST
def cancel_mis_import(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Destroy what was uploaded."""
    try:
        mis_uploads.cancel(actor=actor_of(request), ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect("mis_import", ref=ref)


@entrance(why_not_import)
def mis_example(request: HttpRequest) -> HttpResponseBase:
    """Hand out an example of an export, with invented people."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in example_files().items():
            package.writestr(name, text)
    packed.seek(0)
    return FileResponse(packed, as_attachment=True, filename="oneroster-example.zip")


def _shown(request: HttpRequest, ref: UUID, form: ConsentForm) -> HttpResponse:
    try:
        upload = selectors.mis_import(ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    shown = mis_uploads.show_preview(actor=actor_of(request), upload=upload)
    context = {"upload": upload, "shown": shown, "form": form, "counts": selectors.counted(upload)}
    return render(request, "schools/mis_import.html", context)
