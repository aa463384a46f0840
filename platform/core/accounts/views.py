"""Log-in, first password and key; the pages that people meet before any pupil data."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from typing_extensions import override

from core.accounts.forms import NewPasswordForm, PasswordLinkForm
from core.accounts.models import User
from core.accounts.services.password_links import request_password_link
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
        response = super().form_valid(form)
        audit.record(self.request.actor, "account.password_created", self.user)  # type: ignore[attr-defined]
        self.request.session["password_created"] = True
        return response


def show_key(request: HttpRequest) -> HttpResponse:
    """Lead to enrolling a key, or to showing the one that is there."""
    has_key = is_mfa_enabled(request.user)
    name = "mfa_reauthenticate" if has_key else "mfa_activate_totp"
    return redirect(f"{reverse(name)}?{urlencode({'next': request.GET.get('next', '/')})}")


class EnrolKey(ActivateTOTPView):  # type: ignore[misc] # allauth ships no types
    """Scan the code with an authenticator app and type what it shows."""

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # allauth would lead to its page for removing the key, which no school has.
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return redirect("account_show_key")
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
