"""Log-in, first password and key; the pages that people meet before any pupil data."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from typing_extensions import override

from core.accounts.forms import NewPasswordForm, PasswordLinkForm
from core.accounts.models import User
from core.accounts.services.password_links import create_password, request_password_link
from core.accounts.throttle import may_ask_for_link
from core.accounts.tokens import password_link_tokens
from core.audit import services as audit


def ask_for_link(request: HttpRequest) -> HttpResponse:
    """Ask for the link that sets a password; the answer never tells whether an account exists."""
    form = PasswordLinkForm(request.POST or None)
    if form.is_valid():
        email = form.cleaned_data["email"]
        if may_ask_for_link(request, email):
            request_password_link(email=email)
        return redirect("account_reset_password_done")
    return render(request, "account/ask_for_link.html", {"form": form})


def link_is_on_its_way(request: HttpRequest) -> HttpResponse:
    """Say that a link was sent, if the address is known."""
    return render(request, "account/link_is_on_its_way.html")


class CreatePassword(PasswordResetConfirmView):
    """The page behind the link; an expired or used one says so and offers a new one."""

    form_class = NewPasswordForm
    token_generator = password_link_tokens
    template_name = "account/create_password.html"
    success_url = reverse_lazy("account_login")

    @override
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(*args, uidb64=str(kwargs.pop("ref")), **kwargs)

    @override
    def get_user(self, uidb64: str) -> User | None:
        return User.objects.filter(ref=UUID(uidb64), is_active=True).first()

    @override
    def form_valid(self, form: Any) -> HttpResponse:
        self.validlink = create_password(
            actor=self.request.actor,  # type: ignore[attr-defined] # set by the middleware
            user=self.user,
            token=self.request.session.pop(INTERNAL_RESET_SESSION_TOKEN),
            password=form.cleaned_data["new_password1"],
        )
        if not self.validlink:
            return self.render_to_response(self.get_context_data())
        self.request.session["password_created"] = True
        return redirect(self.success_url)


def show_key(request: HttpRequest) -> HttpResponse:
    """Lead to enrolling a key, or to showing the one that is there."""
    has_key = is_mfa_enabled(request.user)
    name = "mfa_reauthenticate" if has_key else "mfa_activate_totp"
    return redirect(f"{reverse(name)}?{urlencode({'next': request.GET.get('next', '/')})}")


class EnrolKey(ActivateTOTPView):  # type: ignore[misc] # allauth ships no types
    """Scan the code with an authenticator app and type what it shows."""

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_mfa_enabled(request.user):
            return redirect(_next(request))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    @override
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        # The code just typed is the proof: without this the person would be asked again at once.
        authenticator = Authenticator.objects.get(
            user=self.request.user, type=Authenticator.Type.TOTP
        )
        post_authentication(self.request, authenticator)
        audit.record(self.request.actor, "key.enrolled", self.request.user)
        return response

    @override
    def get_success_url(self) -> str:
        to = urlencode({"next": _next(self.request)})
        return f"{reverse('mfa_view_recovery_codes')}?{to}"


class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc] # allauth ships no types
    """The codes for the day when the phone is lost, then on to where the person wanted to go."""

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "next": _next(self.request)}


def _next(request: HttpRequest) -> str:
    # Only paths of this host: see ``AccountAdapter.is_safe_url``.
    return str(get_next_redirect_url(request) or "/")
