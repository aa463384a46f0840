"""Who acts, worked out once a request from the session."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase

from core.accounts.acting import account_actor
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
    actor = account_actor(request)
    if not hasattr(request, "school"):
        return actor
    staff = staff_of_user(actor.user_id) if actor.user_id is not None else None
    if staff is None:
        return StaffActor(address=actor.address, request_id=actor.request_id)
    return StaffActor(
        **vars(actor),
        reader=reader_of(
            staff, has_shown_key=actor.has_key, has_confirmed_key=actor.has_confirmed_key
        ),
        staff_ref=staff.ref,
        name=staff.display_name,
    )
