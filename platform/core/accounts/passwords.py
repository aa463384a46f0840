"""Refuses passwords that are easily guessed, with the reason (NIST SP 800-63B, 5.1.1.2)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

#: zxcvbn's scale: 3 is “safely unguessable: moderate protection from offline guessing”.
LEAST_SCORE = 3
# zxcvbn's time grows steeply with length, and what is longer than this is not guessed.
_LOOKED_AT = 72


class GuessabilityValidator:
    """Asks zxcvbn, which knows the passwords of past breaches, names, dates and key patterns."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Refuse a weak password.

        Raises:
            ValidationError: Says what makes it weak.
        """
        email = getattr(user, "email", "") or ""
        verdict = zxcvbn(password[:_LOOKED_AT], user_inputs=[email, *email.split("@")])
        if verdict["score"] >= LEAST_SCORE:
            return
        feedback = verdict["feedback"]
        reason = feedback["warning"] or "This is easy to guess"
        advice = " ".join(feedback["suggestions"][:1])
        raise ValidationError(
            f"{reason.rstrip('.')}. {advice}".strip(), code="password_easy_to_guess"
        )

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return "Three or four unrelated words make a good password."
