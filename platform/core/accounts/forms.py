"""The forms of log-in and first password."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class LoginForm(AllauthLoginForm):  # type: ignore[misc] # allauth ships no types
    """Email address and password (guide 1.1)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Email address")
        self.fields["login"].widget.attrs = {"autocomplete": "username"}
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}


class LanguageForm(forms.Form):
    """Which language to speak."""

    language = forms.ChoiceField(choices=settings.LANGUAGES)


class PasswordLinkForm(forms.Form):
    """Where to send the link that sets a password."""

    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("The one that your school gave us."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Enter your email address.")},
    )


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg] # not generic at run time
    """The password that a person creates for themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password1"].help_text = _(
            "At least 10 characters. Three or four unrelated words make a good password."
        )
        self.fields["new_password2"].label = _("The same password again")
        self.fields["new_password2"].help_text = ""


class UnlockForm(forms.Form):
    """The password of the person whose session is locked."""

    password = forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )

    def __init__(self, *args: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request, self._user = request, user

    def clean_password(self) -> str:
        """Refuse a wrong password; attempts are counted and held up as at log-in."""
        password: str = self.cleaned_data["password"]
        if not get_adapter(self._request).reauthenticate(self._user, password):
            raise ValidationError(_("The password is not right."))
        return password
