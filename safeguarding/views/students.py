"""Students and their records, for key holders."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.audit import services as audit
from core.entrances import entrance
from safeguarding.forms import StudentSearchForm
from safeguarding.selectors.rows import refs_of
from safeguarding.selectors.students import student_record, students_page
from safeguarding.services import monitoring
from schools.policies import why_not_hold_key
from schools.requests import actor_of, page_asked


@entrance(why_not_hold_key)
def students(request: HttpRequest) -> HttpResponse:
    """List students on roll; a name is searched for by POST, to keep it out of addresses."""
    actor = actor_of(request)
    first = {"is_monitored": "monitored" in request.GET}
    form = StudentSearchForm(request.POST if request.method == "POST" else None, initial=first)
    typed = form.cleaned_data["name"] if form.is_valid() else ""
    # Narrowing to the monitored names nobody: it may be in an address, so that pages lead on.
    is_monitored = (
        form.cleaned_data["is_monitored"]
        if form.is_bound and form.is_valid()
        else first["is_monitored"]
    )
    page = students_page(actor.reader, page_asked(request), typed, is_monitored=is_monitored)
    # That somebody searched, and whom they were shown; never what they typed.
    verb = "students.searched" if typed else "students.listed"
    audit.record(actor, verb, students=refs_of(page), page=page.number)
    context = {"page": page, "typed": typed, "form": form, "is_monitored": is_monitored}
    return render(request, "safeguarding/students.html", context)


@entrance(why_not_hold_key)
def student(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Show everything on a student's record."""
    actor = actor_of(request)
    try:
        record = student_record(actor.reader, ref, page_asked(request))
    except ObjectDoesNotExist:
        raise Http404 from None
    audit.record(
        actor, "student.viewed", record.student, students=record.students, page=page_asked(request)
    )
    return render(request, "safeguarding/student.html", {"record": record})


@entrance(why_not_hold_key)
@require_POST
def stop_monitoring(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Stop monitoring a student under a category."""
    try:
        stopped = monitoring.stop_monitoring(actor=actor_of(request), ref=ref)
    except ObjectDoesNotExist:
        raise Http404 from None
    said = _("The student is no longer monitored under %(category)s.")
    messages.success(request, said % {"category": stopped.category.name})
    return redirect("student", ref=stopped.student.ref)
