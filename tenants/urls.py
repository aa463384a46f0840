"""Addresses of the ops face."""

from django.urls import path

from tenants import onboarding_views, views

urlpatterns = [
    path("", views.school_list, name="dashboard"),
    path("onboarding/", onboarding_views.find, name="onboarding"),
    path("onboarding/new/", onboarding_views.bring_on, name="bring_on"),
    path("onboarding/list/", onboarding_views.bring_on_list, name="bring_on_list"),
    path("onboarding/trust/", onboarding_views.trust_list, name="trust_list"),
    path("onboarding/<uuid:ref>/", onboarding_views.progress, name="onboarding_progress"),
]
