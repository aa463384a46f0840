"""Account pages, each with its policy.

allauth's own URLconf is not included: it has pages (sign-up, changing one's email) that no school
wants, and a page that is not listed here does not exist.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as key
from django.urls import URLPattern, path

from core.accounts import views
from core.entrances import Policy, anyone, entrance


def account_urls(*, logged_in: Policy, with_key: Policy) -> list[URLPattern]:
    """Return the account pages of a face.

    Args:
        logged_in: The face's policy for “somebody is logged in, with or without their key”.
        with_key: The face's policy for “somebody is logged in and has shown their key”.
    """

    def page(route: str, view: Callable[..., Any], name: str, policy: Policy) -> URLPattern:
        return path(route, entrance(policy)(view), name=name)

    return [
        page("login/", account.login, "account_login", anyone),
        page("logout/", account.logout, "account_logout", anyone),
        page("login/link/", views.ask_for_link, "account_reset_password", anyone),
        page("login/link/sent/", views.link_is_on_its_way, "account_reset_password_done", anyone),
        page(
            "login/link/<uuid:ref>/<str:token>/",
            views.CreatePassword.as_view(),
            "create_password",
            anyone,
        ),
        page("login/inactive/", account.account_inactive, "account_inactive", anyone),
        page("login/key/", key.authenticate, "mfa_authenticate", anyone),
        page("account/key/", views.show_key, "account_show_key", logged_in),
        page("account/key/enrol/", views.EnrolKey.as_view(), "mfa_activate_totp", logged_in),
        page("account/key/show/", key.reauthenticate, "mfa_reauthenticate", logged_in),
        page("account/password/show/", account.reauthenticate, "account_reauthenticate", logged_in),
        page(
            "account/key/recovery-codes/",
            views.RecoveryCodes.as_view(),
            "mfa_view_recovery_codes",
            # Each code stands in for the key, so the password alone must not show them.
            with_key,
        ),
    ]
