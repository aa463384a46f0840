"""Who may change which of their own keys: pure functions of frozen facts."""

from dataclasses import dataclass

from core.accounts.terms import KeyKind, KeyRefusal


@dataclass(frozen=True, kw_only=True)
class KeyFacts:
    """What the policies know of a person's keys.

    Attributes:
        keys: How many there are, recovery codes aside: those stand in for a key.
        has_app: One of them is an authenticator app.
        was_reset: A colleague has taken the person's keys away for a new one to be set up.
        reset_is_open: The time for that is not over.
    """

    keys: int
    has_app: bool
    was_reset: bool
    reset_is_open: bool


def why_not_enrol(facts: KeyFacts, kind: KeyKind, *, has_confirmed_key: bool) -> KeyRefusal | None:
    """May this person set up a key of this kind?

    The first one at the first log-in, and the next one after a colleague's reset, need no key. Any
    further one needs a key that was shown just now, so that a password alone is never enough for
    somebody who has a key or has lost it.

    Args:
        facts: Of the person's keys.
        kind: What is to be set up.
        has_confirmed_key: A key was shown in this session within the last five minutes.
    """
    if facts.keys and not has_confirmed_key:
        return KeyRefusal.CONFIRM_KEY
    if facts.has_app and kind is KeyKind.APP:
        return KeyRefusal.ONE_APP
    if facts.keys:
        return None
    if facts.was_reset and not facts.reset_is_open:
        return KeyRefusal.RESET_IS_OVER
    return None


def why_not_change_keys(*, has_confirmed_key: bool) -> KeyRefusal | None:
    """May this person see and make recovery codes?"""
    if not has_confirmed_key:
        return KeyRefusal.CONFIRM_KEY
    return None


def why_not_remove(facts: KeyFacts, *, has_confirmed_key: bool) -> KeyRefusal | None:
    """May this person remove one of their keys? Another must stay: the last one can only be lost."""
    if refusal := why_not_change_keys(has_confirmed_key=has_confirmed_key):
        return refusal
    if facts.keys < 2:
        return KeyRefusal.LAST_KEY
    return None
