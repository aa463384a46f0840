"""Addresses of the record."""

from django.urls import path

from safeguarding.views import (
    agencies,
    audit,
    corrections,
    dashboard,
    drafts,
    files,
    incidents,
    students,
)

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("incidents/", incidents.incident_list, name="incidents"),
    path("incidents/add/", incidents.add_incident, name="add_incident"),
    path("incidents/<uuid:ref>/", incidents.incident, name="incident"),
    path("incidents/<uuid:ref>/amend/", corrections.amend_incident, name="amend_incident"),
    path("incidents/<uuid:ref>/student/", corrections.correct_student, name="correct_student"),
    path(
        "incidents/<uuid:ref>/categories/",
        corrections.change_categories,
        name="change_categories",
    ),
    path("actions/<uuid:ref>/amend/", corrections.amend_action, name="amend_action"),
    path("incidents/<uuid:ref>/actions/", incidents.add_action, name="add_action"),
    path("incidents/<uuid:ref>/read/", incidents.mark_as_read, name="mark_as_read"),
    path("incidents/<uuid:ref>/case/", incidents.settle, name="settle"),
    path("actions/<uuid:ref>/", incidents.action, name="action"),
    path("drafts/", drafts.draft_list, name="drafts"),
    path("drafts/save/", drafts.save_draft, name="save_draft"),
    path("drafts/discard/", drafts.discard_draft, name="discard_draft"),
    path("files/", files.upload_file, name="upload_file"),
    path("files/<uuid:ref>/", files.file, name="file"),
    path("audit/", audit.audit_list, name="audit"),
    path("audit/export/", audit.export, name="audit_export"),
    path("printed/", audit.printed, name="page_printed"),
    path("students/", students.students, name="students"),
    path("monitoring/<uuid:ref>/stop/", students.stop_monitoring, name="stop_monitoring"),
    path("students/<uuid:ref>/", students.student, name="student"),
    path("administration/agencies/", agencies.agency_list, name="agencies"),
    path("administration/agencies/<uuid:ref>/", agencies.agency, name="agency"),
    path(
        "administration/agencies/<uuid:ref>/retire/", agencies.retire_agency, name="retire_agency"
    ),
    path(
        "administration/agencies/<uuid:ref>/bring-back/",
        agencies.bring_back_agency,
        name="bring_back_agency",
    ),
]
