"""The baseline of the dashboard: a Django view with one query and nothing around it."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def one_query(_request: HttpRequest) -> HttpResponse:
    """Answer with what PostgreSQL says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(str(cursor.fetchone()))


def bare_urls(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Be the only middleware: lead to the one view."""

    def respond(request: HttpRequest) -> HttpResponse:
        request.urlconf = __name__  # type: ignore[attr-defined] # as Django documents it
        return get_response(request)

    return respond


urlpatterns = [path("", one_query)]
