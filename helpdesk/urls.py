"""Addresses of the helpdesk."""

from django.urls import path

from helpdesk import views

urlpatterns = [path("", views.home, name="dashboard")]
