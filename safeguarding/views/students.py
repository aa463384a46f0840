"""Students and their records, for key holders."""

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.audit import services as audit
from core.entrances import entrance
from safeguarding.forms import StudentSearchForm
from safeguarding.selectors.rows import refs_of
from safeguarding.selectors.students import student_record, students_page
from schools.policies import why_not_hold_key
from schools.requests import actor_of, page_asked


@entrance(why_not_hold_key)
def students(request: HttpRequest) -> HttpResponse:
    """List students on roll; a name is searched for by POST, to keep it out of addresses."""
    actor = actor_of(request)
    form = StudentSearchForm(request.POST if request.method == "POST" else None)
    typed = form.cleaned_data["name"] if form.is_valid() else ""
    page = students_page(actor.reader, page_asked(request), typed)
    # That somebody searched, and whom they were shown; never what they typed.
    verb = "students.searched" if typed else "students.listed"
    audit.record(actor, verb, students=refs_of(page), page=page.number)
    return render(
        request, "safeguarding/students.html", {"page": page, "typed": typed, "form": form}
    )


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
