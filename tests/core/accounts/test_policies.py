"""Who may change which of their own keys: each condition by itself."""

from dataclasses import replace

import pytest

from core.accounts.policies import KeyFacts, why_not_change_keys, why_not_enrol, why_not_remove
from core.accounts.terms import KeyKind, KeyRefusal

NONE = KeyFacts(keys=0, has_app=False, was_reset=False, reset_is_open=False)
APP = replace(NONE, keys=1, has_app=True)
PASSKEY = replace(NONE, keys=1)
BOTH = replace(APP, keys=2)
RESET = replace(NONE, was_reset=True, reset_is_open=True)
TOO_LATE = replace(RESET, reset_is_open=False)


@pytest.mark.parametrize(
    ("facts", "kind", "confirmed", "expected"),
    [
        (NONE, KeyKind.APP, False, None),
        (NONE, KeyKind.PASSKEY, False, None),
        (RESET, KeyKind.APP, False, None),
        (TOO_LATE, KeyKind.APP, False, KeyRefusal.RESET_IS_OVER),
        (TOO_LATE, KeyKind.PASSKEY, False, KeyRefusal.RESET_IS_OVER),
        (APP, KeyKind.PASSKEY, False, KeyRefusal.CONFIRM_KEY),
        (APP, KeyKind.PASSKEY, True, None),
        (APP, KeyKind.APP, False, KeyRefusal.CONFIRM_KEY),
        (APP, KeyKind.APP, True, KeyRefusal.ONE_APP),
        (PASSKEY, KeyKind.APP, True, None),
        (replace(APP, was_reset=True), KeyKind.PASSKEY, True, None),
    ],
)
def test_t36_a_key_is_set_up_first_after_a_reset_or_with_a_key(facts, kind, confirmed, expected):
    assert why_not_enrol(facts, kind, has_confirmed_key=confirmed) is expected


@pytest.mark.parametrize(
    ("facts", "confirmed", "expected"),
    [
        (BOTH, True, None),
        (BOTH, False, KeyRefusal.CONFIRM_KEY),
        (APP, True, KeyRefusal.LAST_KEY),
        (NONE, True, KeyRefusal.LAST_KEY),
    ],
)
def test_t36_a_key_is_removed_while_another_stays(facts, confirmed, expected):
    assert why_not_remove(facts, has_confirmed_key=confirmed) is expected


def test_t36_recovery_codes_need_the_key():
    assert why_not_change_keys(has_confirmed_key=True) is None
    assert why_not_change_keys(has_confirmed_key=False) is KeyRefusal.CONFIRM_KEY


@pytest.mark.parametrize("refusal", list(KeyRefusal))
def test_each_refusal_has_a_sentence_for_people(refusal):
    assert refusal.sentence.endswith(".")
