"""How allauth's second factors behave here: secrets sealed, passkeys bound to the school's host."""

import base64
import binascii
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from tink import TinkError
from typing_extensions import override

from core import keyring
from core.accounts.models import User
from core.keyring import KeysetRefused
from core.tenancy import NoSchool, current_school, place

#: Begins what is sealed: anything else is refused, never taken for a secret in the clear.
_SEALED = "sealed:"


class KeyAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """The key: a second factor."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That is not right. Try again with what your key shows now."),
        "rate_limited": _("Too many attempts. Wait five minutes, then try again."),
    }

    @override
    @sensitive_variables()
    def encrypt(self, text: str) -> str:
        """Seal an app's secret, or what recovery codes are made from, for this school alone."""
        sealed = _aead().encrypt(text.encode(), _bound_to())
        return _SEALED + base64.b64encode(sealed).decode()

    @override
    @sensitive_variables()
    def decrypt(self, encrypted_text: str) -> str:
        """Open what was sealed.

        Raises:
            KeysetRefused: It is another school's, damaged, or was never sealed.
            KeysUnavailable: KMS cannot be asked.
        """
        marked, _, sealed = encrypted_text.rpartition(_SEALED)
        try:
            if marked or not encrypted_text.startswith(_SEALED):
                raise ValueError
            opened = _aead().decrypt(base64.b64decode(sealed, validate=True), _bound_to())
        except (TinkError, ValueError, binascii.Error):
            raise KeysetRefused("This second factor does not open here.") from None
        return opened.decode()

    @override
    def get_totp_label(self, user: AbstractBaseUser) -> str:
        """Name the account in the authenticator app by its email address."""
        return cast(User, user).email

    @override
    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Name a passkey for somebody who gives it no name."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey") if number == 1 else gettext("Passkey %d") % number

    @override
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the school's registered host (WebAuthn Level 2, “RP ID”)."""
        try:
            school = current_school()
        except NoSchool:
            host = context.request.get_host().lower().partition(":")[0].rstrip(".")
            return {"id": host, "name": self.get_totp_issuer()}
        return {"id": urlsplit(school.url).hostname or "", "name": school.name}

    @override
    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """Tell the authenticator whose key it makes; the handle says nothing of the person."""
        account = cast(User, user)
        return {
            "id": account.ref.bytes,
            "display_name": account.email,
            "name": account.email,
        }


def _aead() -> keyring.ControlPlaneAead:
    # Both have the same two methods.
    try:
        return cast(keyring.ControlPlaneAead, keyring.text_aead(current_school()))
    except NoSchool:
        return keyring.control_plane_aead()


def _bound_to() -> bytes:
    return f"{place()}/second-factor".encode()
