"""Account pages, each with its policy.

allauth's own URLconf is not included: it has pages (sign-up, changing one's email) that no school
wants, and a page that is not listed here does not exist.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse

from core.accounts.views import keys, locks, own, passwords
from core.entrances import Policy, anyone, entrance


def account_urls(
    *, logged_in: Policy, with_key: Policy, with_confirmed_key: Policy
) -> list[URLPattern]:
    """Return the account pages of a face.

    Args:
        logged_in: The face's policy for “somebody is logged in, with or without their key”.
        with_key: The face's policy for “somebody is logged in and, if they need a key, has shown
            it”.
        with_confirmed_key: The face's policy for “somebody has shown their key in the last five
            minutes”; who has shown it longer ago is led to showing it again.
    """
    return [*_log_in_pages(), *_key_pages(logged_in), *_own_pages(with_key, with_confirmed_key)]


def _log_in_pages() -> list[URLPattern]:
    link = "login/link/<uuid:ref>/<str:token>/"
    return [
        _page("login/", passwords.log_in, "account_login", anyone),
        _page("logout/", account.logout, "account_logout", anyone),
        _page("login/link/", passwords.ask_for_link, "account_reset_password", anyone),
        _page(
            "login/link/sent/",
            passwords.link_is_on_its_way,
            "account_reset_password_done",
            anyone,
        ),
        _page(link, passwords.CreatePassword.as_view(), "create_password", anyone),
        _page("account/unlock/", locks.unlock, "account_unlock", anyone),
        _page("login/inactive/", account.account_inactive, "account_inactive", anyone),
        _page("login/key/", keys.ShowKeyAtLogIn.as_view(), "mfa_authenticate", anyone),
        _page("login/key/lost/", keys.key_lost, "account_key_lost", anyone),
    ]


def _key_pages(logged_in: Policy) -> list[URLPattern]:
    password, passkey = "account/password/show/", "account/key/enrol/passkey/"
    return [
        _page("account/lock/", locks.lock, "lock_session", logged_in),
        _page("account/key/", keys.show_key, "account_show_key", logged_in),
        _page("account/key/enrol/", keys.EnrolApp.as_view(), "mfa_activate_totp", logged_in),
        _page(passkey, keys.EnrolPasskey.as_view(), "mfa_add_webauthn", logged_in),
        _page("account/key/show/", keys.ShowKeyAgain.as_view(), "mfa_reauthenticate", logged_in),
        _page(password, account.reauthenticate, "account_reauthenticate", logged_in),
    ]


def _own_pages(with_key: Policy, confirmed: Policy) -> list[URLPattern]:
    others, codes = "account/sessions/end-others/", "account/key/recovery-codes/"
    return [
        _page("account/keys/", own.own_keys, "account_keys", with_key),
        _page("account/sessions/end/", own.end_session, "end_session", with_key),
        _page(others, own.end_other_sessions, "end_other_sessions", with_key),
        _page("account/keys/app/", keys.AddApp.as_view(), "add_app", confirmed),
        _page("account/keys/passkey/", keys.AddPasskey.as_view(), "add_passkey", confirmed),
        _page("account/keys/remove/", own.remove_key, "remove_key", confirmed),
        # Each code stands in for the key, so the password alone must not show them.
        _page(codes, own.recovery_codes, "mfa_view_recovery_codes", confirmed),
        _page(
            "account/keys/recovery-codes/",
            own.new_recovery_codes,
            "new_recovery_codes",
            confirmed,
        ),
    ]


def _page(route: str, view: Callable[..., Any], name: str, policy: Policy) -> URLPattern:
    # A form that comes too late leads back to the page that it stands on.
    return path(route, entrance(policy, rescue=_back_to_keys)(view), name=name)


def _back_to_keys(_request: HttpRequest, **_kwargs: Any) -> str:
    return reverse("account_keys")
