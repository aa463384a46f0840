"""Addresses of the bare domain."""

from django.urls import path

from config.urls import shared
from config.urls.shared import handler400, handler403, handler404, handler500
from core.accounts.views.languages import language
from core.entrances import anyone, entrance
from tenants.views import welcome

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *shared.urlpatterns,
    path("language/", entrance(anyone)(language), name="choose_language"),
    path("", welcome, name="welcome"),
]
