"""Showing one's key, setting it up, and saying that it is lost."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import AuthenticateView, ReauthenticateView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from typing_extensions import override

from core.accounts import policies, selectors
from core.accounts.acting import account_actor, logged_in_user
from core.accounts.half_way import person_half_way
from core.accounts.key_forms import CodeAgainForm, CodeForm, PasskeyAgainForm, PasskeyForm
from core.accounts.services import keys
from core.accounts.services.sessions import move_session
from core.accounts.terms import KeyKind, KeyRefusal


def show_key(request: HttpRequest) -> HttpResponse:
    """Lead to setting a key up, or to showing the one that is there."""
    facts = selectors.key_facts(logged_in_user(request))
    name = "mfa_reauthenticate" if facts.keys else "mfa_activate_totp"
    return redirect(f"{reverse(name)}?{urlencode({'next': request.GET.get('next', '/')})}")


class ShowKeyAtLogIn(AuthenticateView):  # type: ignore[misc] # allauth ships no types
    """The second step of log-in: whichever key the person has."""

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and person_half_way(request) is None:
            return redirect("account_login")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @override
    def get_form_class(self) -> type[CodeForm]:
        return CodeForm

    @override
    def get_webauthn_form_class(self) -> type[PasskeyForm]:
        return PasskeyForm

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.stage.login.user
        shown = {"form": self.auth_form, "passkey_form": self.webauthn_form}
        return {**super().get_context_data(**kwargs), **shown, **_ways(user)}


class ShowKeyAgain(ReauthenticateView):  # type: ignore[misc] # allauth ships no types
    """The key once more, before something that the log-in of this morning is not enough for."""

    template_name = "mfa/authenticate.html"

    @override
    def get_form_class(self) -> type[CodeForm | PasskeyForm]:
        return PasskeyAgainForm if "credential" in self.request.POST else CodeAgainForm

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user, posted = self.request.user, context["form"]
        is_passkey = isinstance(posted, PasskeyForm)
        context["form"] = CodeAgainForm(user=user) if is_passkey else posted
        context["passkey_form"] = posted if is_passkey else PasskeyAgainForm(user=user)
        return {**context, **_ways(user), "next": next_of(self.request)}


def _ways(user: Any) -> dict[str, Any]:
    """Return which ways of showing a key this person has; asks for a passkey's answer anew."""
    owned = selectors.own_keys(user)
    has_passkey = any(key.kind is KeyKind.PASSKEY for key in owned.keys)
    return {
        "has_app": owned.has_app,
        "has_codes": owned.has_app or bool(owned.codes_left),
        "passkey_options": begin_authentication(user) if has_passkey else None,
    }


class _Enrol:
    """What setting up an app and setting up a passkey have in common.

    Attributes:
        kind: What is set up.
        is_first: This is the page for somebody without a key, rather than for one more.
    """

    kind: KeyKind
    is_first = True
    request: Any
    template_name = "mfa/enrol.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor, facts = account_actor(request), selectors.key_facts(logged_in_user(request))
        if self.is_first and facts.keys:
            return redirect(next_of(request))
        why = policies.why_not_enrol(facts, self.kind, has_confirmed_key=actor.has_confirmed_key)
        if why is KeyRefusal.RESET_IS_OVER:
            return redirect("account_key_lost")
        if why:
            return redirect("account_keys")
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc] # of the view that it is mixed into
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        to = urlencode({"next": next_of(self.request)})
        about = {"is_first": self.is_first, "is_app": self.kind is KeyKind.APP, "to": to}
        return {**super().get_context_data(**kwargs), **about}  # type: ignore[misc] # likewise

    def form_valid(self, form: Any) -> HttpResponse:
        key = self.enrol(form)
        # What was just set up was just shown: without this the person would be asked at once.
        post_authentication(self.request, key)
        go_on(self.request)
        to = next_of(self.request) if self.is_first else reverse("account_keys")
        return redirect(f"{reverse('mfa_view_recovery_codes')}?{urlencode({'next': to})}")

    def enrol(self, form: Any) -> Any:
        raise NotImplementedError

    def _whose(self) -> dict[str, Any]:
        return {
            "actor": account_actor(self.request),
            "user": self.request.user,
            "session_key": self.request.session.session_key or "",
        }


class EnrolApp(_Enrol, ActivateTOTPView):  # type: ignore[misc] # allauth ships no types
    """Scan the code with an authenticator app and type what it shows."""

    kind = KeyKind.APP

    @override
    def enrol(self, form: Any) -> Any:
        key = keys.enrol_app(secret=form.secret, **self._whose())
        form.forget_secret()
        return key


class EnrolPasskey(_Enrol, AddWebAuthnView):  # type: ignore[misc] # allauth ships no types
    """Let the browser make a passkey, or a security key take this school in."""

    kind = KeyKind.PASSKEY

    @override
    def enrol(self, form: Any) -> Any:
        made = form.cleaned_data
        return keys.enrol_passkey(name=made["name"], credential=made["credential"], **self._whose())


class AddApp(EnrolApp):
    """One more key: an authenticator app."""

    is_first = False


class AddPasskey(EnrolPasskey):
    """One more key: a passkey or security key."""

    is_first = False


def key_lost(request: HttpRequest) -> HttpResponse:
    """Say that the key is lost, and read what happens next; after the password alone."""
    user = request.user if request.user.is_authenticated else person_half_way(request)
    if user is None:
        return redirect("account_login")
    facts = selectors.key_facts(user)
    if request.method == "POST" and (facts.keys or facts.was_reset):
        keys.report_lost_key(actor=account_actor(request, user), user=user)
        user.refresh_from_db()
    context = {"reported_at": user.key_reported_lost_at, "facts": facts}
    return render(request, "account/key_lost.html", context)


def go_on(request: HttpRequest) -> None:
    """Let this session go on, under a new name, after a change that ended the person's others."""
    was = request.session.session_key or ""
    update_session_auth_hash(request, logged_in_user(request))
    request.session.save()
    move_session(was=was, to=request.session.session_key or "")


def next_of(request: HttpRequest) -> str:
    """Return where the person wanted to go; only paths of this host."""
    return str(get_next_redirect_url(request) or "/")
