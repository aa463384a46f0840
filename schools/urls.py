"""Addresses of a school's people and words."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
