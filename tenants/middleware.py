"""From the host name to the face and, for a school's host, to the school."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.http.request import split_domain_port
from django.shortcuts import render

from core.faces import face_labelled
from core.tenancy import at_face, in_control_plane, in_school
from tenants.models import School
from tenants.selectors import school_at
from tenants.terms import Face, SchoolState

_LABEL = re.compile(r"[a-z0-9-]{1,63}")


class SchoolFromHost:
    """Chooses the face by the host name; an unknown host is a 404 that names no school."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer inside the school (or the control plane) that the host name belongs to."""
        host = _host_of(request)
        face = _face_of(host)
        if face is None:
            return _not_found(request)
        request.face = face  # type: ignore[attr-defined] # Django lets middleware add to a request
        request.urlconf = f"config.urls.{face.value}"  # type: ignore[attr-defined] # Django lets middleware add to a request
        if face is Face.WWW:
            with in_control_plane():
                return self.get_response(request)
        if face is not Face.SCHOOL:
            with at_face(face_labelled(face.value)):
                return self.get_response(request)
        school = school_at(host)
        if school is None or school.state == SchoolState.ONBOARDING:
            return _not_found(request)
        if not school.is_open:
            return render(request, "503.html", status=503)
        return self._at(school, request)

    def _at(self, school: School, request: HttpRequest) -> HttpResponseBase:
        request.school = school  # type: ignore[attr-defined] # Django lets middleware add to a request
        with in_school(school):
            return self.get_response(request)


def _host_of(request: HttpRequest) -> str:
    # As sent, not through get_host(): an unknown host is our 404, not Django's 400. The one dot
    # that may end a host name is gone after this.
    domain, _port = split_domain_port(request.META.get("HTTP_HOST", "").lower())
    return domain


def _face_of(host: str) -> Face | None:
    base = settings.BASE_DOMAIN
    if host == base:
        return Face.WWW
    label, dot, rest = host.partition(".")
    if not dot or rest != base or not _LABEL.fullmatch(label):
        return None
    if label in {Face.HELPDESK, Face.OPS, Face.WWW}:
        return Face(label)
    return Face.SCHOOL


def _not_found(request: HttpRequest) -> HttpResponseBase:
    request.urlconf = "config.urls.www"  # type: ignore[attr-defined] # Django lets middleware add to a request
    return render(request, "404.html", status=404)
