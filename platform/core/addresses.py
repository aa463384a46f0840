"""Where a request comes from: one answer for the record, the throttles and the list of sessions."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Return the client's IP address, or None where nothing tells it.

    Anybody can send an ``X-Forwarded-For``, and each proxy appends whom it heard from: only what
    our own proxies wrote counts, from the right (MDN, “X-Forwarded-For”, trusted proxy count).
    With no proxy of ours in front, or fewer entries than it must have, the connection's own
    address counts.
    """
    own = _cleaned(request.META.get("REMOTE_ADDR", ""))
    proxies: int = settings.TRUSTED_PROXY_COUNT
    heard = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies < 1 or len(heard) < proxies:
        return own
    return _cleaned(heard[-proxies]) or own


def _cleaned(written: str) -> str | None:
    written = written.strip()
    if written.startswith("["):  # [2001:db8::1]:443
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:  # 192.0.2.1:443
        written = written.partition(":")[0]
    try:
        return str(ip_address(written))
    except ValueError:
        return None
