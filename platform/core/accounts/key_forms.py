"""The forms in which a key is shown or set up."""

import struct
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from core.accounts.acting import account_actor
from core.accounts.services import attempts, keys
from core.keyring import KeysUnavailable

_SETUP = "key_setup"
_CANNOT_CHECK = _(
    "Your key cannot be checked at the moment. Nothing is wrong with it. Try again in a minute."
)
_NOT_SHOWN = _("Your passkey was not shown. Press the button and do what your browser asks.")
#: What the parts of a WebAuthn answer raise where somebody wrote it by hand.
_MALFORMED = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


class _KeyForm(forms.Form):
    """What forms in which a key is shown have in common: each attempt is put on record."""

    user: Any
    is_shown_again = False

    def _on_record(self, error: ValidationError) -> None:
        actor = account_actor(context.request)
        if error.code == "too_many_login_attempts":
            attempts.note_throttled(actor=actor, user=self.user, step="key")
        else:
            attempts.note_failure(actor=actor, user=self.user, step="key")

    def _shown(self, key: Authenticator) -> None:
        post_authentication(context.request, key, reauthenticated=self.is_shown_again)
        actor = account_actor(context.request, self.user)
        keys.note_key_shown(actor=actor, user=self.user)


class CodeForm(_KeyForm, BaseAuthenticateForm):  # type: ignore[misc] # allauth ships no types
    """A code of an authenticator app, or a recovery code, at log-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget = forms.TextInput()

    @override
    def clean_code(self) -> str:
        """Check the code.

        Raises:
            ValidationError: It is wrong, there were too many, or no key can be opened now.
        """
        try:
            return str(super().clean_code())
        except ValidationError as error:
            self._on_record(error)
            raise
        except KeysUnavailable:
            raise ValidationError(_CANNOT_CHECK) from None

    @override
    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        """Tell nobody but the record."""

    def save(self) -> None:
        """Take the key for shown."""
        self._shown(self.authenticator)


class CodeAgainForm(CodeForm):
    """The same for somebody who is logged in."""

    is_shown_again = True


class _CredentialForm(forms.Form):
    """What a browser answered for a passkey comes in a field that nobody types into."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"].error_messages = {"required": _NOT_SHOWN, "invalid": _NOT_SHOWN}

    @override
    def full_clean(self) -> None:
        """Say above the form what is wrong with that answer: its field cannot be gone to."""
        super().full_clean()
        if wrong := self.errors.pop("credential", None):
            self.add_error(None, wrong.as_data())


class PasskeyForm(_KeyForm, _CredentialForm, AuthenticateWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """A passkey or security key, at log-in."""

    @override
    def clean_credential(self) -> Authenticator:
        """Check what the browser answered.

        Raises:
            ValidationError: It is not this person's passkey, or not for this moment.
        """
        try:
            return super().clean_credential()
        except ValidationError as error:
            self._on_record(error)
            raise
        except _MALFORMED:
            wrong: ValidationError = get_adapter().validation_error("incorrect_code")
            self._on_record(wrong)
            raise wrong from None

    @override
    def save(self) -> None:
        """Take the key for shown."""
        self._shown(self.cleaned_data["credential"])


class PasskeyAgainForm(PasskeyForm):
    """The same for somebody who is logged in."""

    is_shown_again = True


class AppForm(ActivateTOTPForm):  # type: ignore[misc] # allauth ships no types
    """The first code of an authenticator app that is being set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        # Past allauth's own, which keeps the secret in the session as it is.
        forms.Form.__init__(self, *args, **kwargs)
        self.fields["code"].widget = forms.TextInput()
        session, adapter = context.request.session, get_adapter()
        if self.is_bound and _SETUP in session:
            self.secret = adapter.decrypt(session[_SETUP])
        else:
            self.secret = generate_totp_secret()
            session[_SETUP] = adapter.encrypt(self.secret)

    def forget_secret(self) -> None:
        """Take the secret out of the session: the key is set up."""
        context.request.session.pop(_SETUP, None)


class NewPasskeyForm(_CredentialForm, AddWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """A passkey or security key that is being set up."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=60,
        help_text=_("So that you know it again, such as ‘My laptop’ or ‘Key ring’."),
        error_messages={"max_length": _("Keep this to 60 characters.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": ""}
        super().__init__(*args, **kwargs)

    @override
    def clean(self) -> dict[str, Any]:
        """Check what the browser answered.

        Raises:
            ValidationError: It is no answer to what this session asked.
        """
        try:
            return super().clean() or {}
        except _MALFORMED:
            raise get_adapter().validation_error("incorrect_code") from None
