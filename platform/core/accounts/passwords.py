"""Refuses passwords that are easily guessed, with the reason (NIST SP 800-63B, 5.1.1.2)."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop
from zxcvbn import zxcvbn

#: zxcvbn's scale: 3 is “safely unguessable: moderate protection from offline guessing”.
LEAST_SCORE = 3
# zxcvbn's time grows steeply with length, and what is longer than this is not guessed.
_LOOKED_AT = 72

#: What zxcvbn says, and the words where it says nothing.
_SAID = (
    gettext_noop("This is easy to guess"),
    gettext_noop("Add another word or two. Uncommon words are better."),
    gettext_noop("Use a few words, avoid common phrases."),
    gettext_noop("No need for symbols, digits, or uppercase letters."),
    gettext_noop("Straight rows of keys are easy to guess."),
    gettext_noop("Short keyboard patterns are easy to guess."),
    gettext_noop("Use a longer keyboard pattern with more turns."),
    gettext_noop('Repeats like "aaa" are easy to guess.'),
    gettext_noop('Repeats like "abcabcabc" are only slightly harder to guess than "abc".'),
    gettext_noop("Avoid repeated words and characters."),
    gettext_noop('Sequences like "abc" or "6543" are easy to guess.'),
    gettext_noop("Avoid sequences."),
    gettext_noop("Recent years are easy to guess."),
    gettext_noop("Avoid recent years."),
    gettext_noop("Avoid years that are associated with you."),
    gettext_noop("Dates are often easy to guess."),
    gettext_noop("Avoid dates and years that are associated with you."),
    gettext_noop("This is a top-10 common password."),
    gettext_noop("This is a top-100 common password."),
    gettext_noop("This is a very common password."),
    gettext_noop("This is similar to a commonly used password."),
    gettext_noop("A word by itself is easy to guess."),
    gettext_noop("Names and surnames by themselves are easy to guess."),
    gettext_noop("Common names and surnames are easy to guess."),
    gettext_noop("Capitalization doesn't help very much."),
    gettext_noop("All-uppercase is almost as easy to guess as all-lowercase."),
    gettext_noop("Reversed words aren't much harder to guess."),
    gettext_noop("Predictable substitutions like '@' instead of 'a' don't help very much."),
)


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
        warning: str = feedback["warning"] or _SAID[0]
        reason = gettext(warning)
        advice = " ".join(gettext(one) for one in feedback["suggestions"][:1])
        raise ValidationError(
            f"{reason.rstrip('.')}. {advice}".strip(), code="password_easy_to_guess"
        )

    def get_help_text(self) -> str:
        """Say what is asked for."""
        return gettext("Three or four unrelated words make a good password.")
