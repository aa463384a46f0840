"""Addresses of the bare domain."""

from django.urls import path

from config.urls import shared
from config.urls.shared import handler400, handler403, handler404, handler500
from tenants.views import welcome

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*shared.urlpatterns, path("", welcome, name="welcome")]
