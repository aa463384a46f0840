"""Somebody between the password and the key: not logged in, and known to us all the same."""

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from core.accounts.models import User

_PROVED = "proved_at_log_in"


def begin(request: HttpRequest, user: User) -> None:
    """Keep what was right when the password was: the password, and which keys there are."""
    request.session[_PROVED] = user.get_session_auth_hash()


def end(request: HttpRequest) -> None:
    """Forget it: the person is logged in."""
    request.session.pop(_PROVED, None)


def person_half_way(request: HttpRequest) -> User | None:
    """Return who has entered their password here and not yet shown their key.

    A password changed, a key changed or reset, or an account ended in between ends this too.
    """
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None:
        return None
    user: User = stage.login.user
    proved = request.session.get(_PROVED, "")
    if user.is_active and constant_time_compare(proved, user.get_session_auth_hash()):
        return user
    clear_login(request)
    return None
