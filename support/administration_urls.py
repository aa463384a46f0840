"""Addresses at which administrators let the helpdesk in."""

from django.urls import path

from support.views import access

urlpatterns = [
    path("", access.access_list, name="support_accesses"),
    path("<uuid:ref>/", access.one_access, name="support_access"),
    path("<uuid:ref>/grant/", access.grant, name="grant_support"),
    path("<uuid:ref>/refuse/", access.refuse, name="refuse_support"),
    path("<uuid:ref>/end/", access.end, name="end_support"),
]
