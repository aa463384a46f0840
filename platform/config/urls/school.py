"""Addresses of a school's face."""

from django.urls import include, path

from config.urls import shared
from config.urls.shared import handler400, handler403, handler404, handler500
from core.accounts.urls import account_urls
from core.accounts.views.languages import language
from core.entrances import anyone, entrance
from schools.policies import why_not_change_keys, why_not_enter, why_not_identify

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *shared.urlpatterns,
    path("language/", entrance(anyone)(language), name="choose_language"),
    *account_urls(
        logged_in=why_not_identify,
        with_key=why_not_enter,
        with_confirmed_key=why_not_change_keys,
    ),
    path("", include("schools.urls")),
    path("", include("safeguarding.urls")),
    path("support/", include("support.urls")),
    path("administration/helpdesk/", include("support.administration_urls")),
]
