"""Who may export, change keys and reset colleagues' keys: every line, without a database."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schools.policies import (
    WHOLE_ACCESS,
    Access,
    Reader,
    StaffKeyFacts,
    why_not_change_keys,
    why_not_export,
    why_not_reset_key,
    why_not_reset_keys,
    why_not_see_keys,
    why_nothing_to_reset,
)
from schools.terms import Refusal

TEACHER = Reader(
    staff_id=1,
    has_key_access=False,
    is_administrator=False,
    has_shown_key=False,
    has_confirmed_key=False,
    history_starts_at=datetime(2026, 1, 1, tzinfo=UTC),
    access=WHOLE_ACCESS,
)
NOBODY = replace(TEACHER, staff_id=None)
HOLDER = replace(TEACHER, has_key_access=True, has_shown_key=True, has_confirmed_key=True)
ADMINISTRATOR = replace(HOLDER, has_key_access=False, is_administrator=True)
THEIRS = StaffKeyFacts(staff_id=2, has_key=True, was_reset=False)


def long_after(reader):
    return replace(reader, has_confirmed_key=False)


def keyless(reader):
    return replace(reader, has_shown_key=False, has_confirmed_key=False)


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        (HOLDER, None),
        (NOBODY, Refusal.LOG_IN),
        (keyless(HOLDER), Refusal.SHOW_KEY),
        (TEACHER, Refusal.KEY_HOLDERS_ONLY),
        (ADMINISTRATOR, Refusal.KEY_HOLDERS_ONLY),
        (long_after(HOLDER), Refusal.CONFIRM_KEY),
        (replace(HOLDER, access=Access(may_export=False)), Refusal.MAY_NOT_EXPORT),
    ],
)
def test_t32_an_export_needs_a_key_holder_with_the_key_in_hand(reader, expected):
    assert why_not_export(reader) is expected


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        (HOLDER, None),
        (ADMINISTRATOR, None),
        (NOBODY, Refusal.LOG_IN),
        (TEACHER, Refusal.SHOW_KEY),
        (keyless(HOLDER), Refusal.SHOW_KEY),
        (long_after(HOLDER), Refusal.CONFIRM_KEY),
    ],
)
def test_t36_a_change_of_ones_own_keys_needs_the_key_in_hand(reader, expected):
    assert why_not_change_keys(reader) is expected


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        (HOLDER, None),
        (ADMINISTRATOR, None),
        (long_after(HOLDER), None),
        (NOBODY, Refusal.LOG_IN),
        (keyless(ADMINISTRATOR), Refusal.SHOW_KEY),
        (TEACHER, Refusal.KEY_HELPERS_ONLY),
        (replace(TEACHER, has_shown_key=True), Refusal.KEY_HELPERS_ONLY),
    ],
)
def test_t32_who_can_help_sees_colleagues_keys(reader, expected):
    assert why_not_see_keys(reader) is expected


@pytest.mark.parametrize(
    ("reader", "facts", "expected"),
    [
        (HOLDER, THEIRS, None),
        (ADMINISTRATOR, THEIRS, None),
        (ADMINISTRATOR, replace(THEIRS, has_key=False, was_reset=True), None),
        (ADMINISTRATOR, replace(THEIRS, has_key=False), Refusal.NO_KEY_YET),
        (HOLDER, replace(THEIRS, staff_id=1), Refusal.OWN_KEY),
        (long_after(HOLDER), THEIRS, Refusal.CONFIRM_KEY),
        (keyless(HOLDER), THEIRS, Refusal.SHOW_KEY),
        (TEACHER, THEIRS, Refusal.KEY_HELPERS_ONLY),
        (NOBODY, THEIRS, Refusal.LOG_IN),
    ],
)
def test_t33_a_key_is_reset_by_another_key_holder_with_the_key_in_hand(reader, facts, expected):
    assert why_not_reset_key(reader, facts) is expected


def test_t33_resetting_at_all_needs_the_key_in_hand():
    assert why_not_reset_keys(HOLDER) is None
    assert why_not_reset_keys(long_after(HOLDER)) is Refusal.CONFIRM_KEY
    assert why_not_reset_keys(TEACHER) is Refusal.KEY_HELPERS_ONLY


def test_t33_ops_reset_only_where_there_is_something_to_reset():
    assert why_nothing_to_reset(THEIRS) is None
    assert why_nothing_to_reset(replace(THEIRS, has_key=False)) is Refusal.NO_KEY_YET
