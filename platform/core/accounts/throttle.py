"""How often a password link may be asked for."""

from allauth.core import ratelimit
from django.http import HttpRequest


def may_ask_for_link(request: HttpRequest, email: str) -> bool:
    """Say whether another link may be asked for from this address and for this account."""
    return bool(ratelimit.consume(request, action="reset_password", key=email.strip().lower()))
