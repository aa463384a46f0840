"""Whether the process lives, and whether it can serve."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse

from core.entrances import anyone, entrance


@entrance(anyone)
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"status": "ok"})


@entrance(anyone)
def readyz(_request: HttpRequest) -> JsonResponse:
    """Say whether the database answers; 503 if not.

    The broker and the object store are not asked: without them incidents are still taken.
    """
    checks = {"database": _database_answers(), "cache": _cache_answers()}
    ready = checks["database"]
    return JsonResponse(
        {"status": "ok" if ready else "unavailable", **checks}, status=200 if ready else 503
    )


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever is wrong, the answer is “no”
        return False
    return True


def _cache_answers() -> bool:
    try:
        cache.get("ready")
    except Exception:  # noqa: BLE001 - whatever is wrong, the answer is “no”
        return False
    return True
