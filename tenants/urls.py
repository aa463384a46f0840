"""Addresses of the ops face."""

from django.urls import path

from tenants import views

urlpatterns = [path("", views.school_list, name="dashboard")]
