"""Words of accounts."""

from enum import StrEnum

from django.utils.translation import gettext_noop

from core.refusals import CONFIRM_KEY


class KeyKind(StrEnum):
    """What can be shown as a key; the stored codes are allauth's."""

    APP = "totp"
    PASSKEY = "webauthn"
    RECOVERY_CODES = "recovery_codes"

    @property
    def label(self) -> str:
        """What people call it."""
        return _LABELS[self]


_LABELS = {
    KeyKind.APP: gettext_noop("Authenticator app"),
    KeyKind.PASSKEY: gettext_noop("Passkey or security key"),
    KeyKind.RECOVERY_CODES: gettext_noop("Recovery codes"),
}


class KeyRefusal(StrEnum):
    """Why a person may not change their keys; ``sentence`` is what they read."""

    CONFIRM_KEY = CONFIRM_KEY
    RESET_IS_OVER = "reset_is_over"
    ONE_APP = "one_app"
    LAST_KEY = "last_key"

    @property
    def sentence(self) -> str:
        """The reason in plain English, in the second person."""
        return _SENTENCES[self]


_SENTENCES = {
    KeyRefusal.CONFIRM_KEY: gettext_noop(
        "Show your key again first: it was not shown in the last five minutes."
    ),
    KeyRefusal.RESET_IS_OVER: gettext_noop(
        "The time to set up a new key is over. Ask a colleague to reset your key once more."
    ),
    KeyRefusal.ONE_APP: gettext_noop(
        "You have an authenticator app already. To move to another one, add a passkey, then remove"
        " the app and add it again."
    ),
    KeyRefusal.LAST_KEY: gettext_noop(
        "This is your only key. Add another one before you remove it. If you have lost it, say so"
        " where you are asked to show it."
    ),
}
