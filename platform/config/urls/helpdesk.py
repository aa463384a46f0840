"""Addresses of the helpdesk face."""

from config.urls import shared
from config.urls.shared import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*shared.urlpatterns]
