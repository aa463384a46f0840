"""Who acts, worked out once a request from the session."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase

from core import clock
from core.accounts.models import User
from core.actors import Actor
from schools.actors import StaffActor
from schools.selectors import reader_of, staff_of_user

#: For how long a key that was shown opens what asks for it again.
_JUST_SECONDS = 5 * 60


class WhoActs:
    """Puts the actor on the request: at a school with what the policies know of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on with its actor."""
        request.actor = actor = actor_of(request)  # type: ignore[attr-defined] # Django lets middleware add to a request
        if actor.user_id is None:
            # Whose post has ended is nobody to the log-in page too, which would send them back.
            request.user = AnonymousUser()
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts; somebody whose account or post has ended is nobody."""
    user = request.user if isinstance(request.user, User) else None
    records = get_authentication_records(request, user) if user else []
    shown = [record.get("at", 0) for record in records if record.get("method") == "mfa"]
    has_key = bool(shown)
    has_just_shown = has_key and clock.now().timestamp() - max(shown) < _JUST_SECONDS
    address = request.META.get("REMOTE_ADDR") or None
    request_id: str = getattr(request, "request_id", "")
    if not hasattr(request, "school"):
        return Actor(
            user_id=user.pk if user else None,
            has_key=has_key,
            address=address,
            request_id=request_id,
        )
    staff = staff_of_user(user.pk) if user else None
    if user is None or staff is None:
        return StaffActor(address=address, request_id=request_id)
    return StaffActor(
        user_id=user.pk,
        has_key=has_key,
        address=address,
        request_id=request_id,
        reader=reader_of(staff, has_shown_key=has_key, has_just_shown_key=has_just_shown),
        staff_ref=staff.ref,
        name=staff.display_name,
    )
