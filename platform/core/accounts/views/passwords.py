"""Log-in and first password; the pages that people meet before any pupil data."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.account import views as allauth_views
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from typing_extensions import override

from core.accounts.acting import account_actor
from core.accounts.forms import NewPasswordForm, PasswordLinkForm
from core.accounts.models import User
from core.accounts.services import attempts
from core.accounts.services.password_links import create_password, request_password_link
from core.accounts.throttle import may_ask_for_link
from core.accounts.tokens import password_link_tokens


def log_in(request: HttpRequest) -> HttpResponseBase:
    """Log in by email address and password (guide 1.1)."""
    response: HttpResponseBase = allauth_views.login(request)
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        attempts.note_throttled(actor=account_actor(request), user=None, step="password")
    return response


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
