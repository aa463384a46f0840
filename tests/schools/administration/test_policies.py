"""Who may change whose access: every line of the policies, without a database."""

from datetime import UTC, datetime

import pytest

from schools.policies import (
    Reader,
    StaffFacts,
    why_not_change_access,
    why_not_deactivate,
    why_not_move,
    why_not_retire_category,
)
from schools.terms import Refusal

ME, COLLEAGUE = 1, 2


def reader(*, staff_id: int | None = ME, is_administrator: bool = True, key: bool = True) -> Reader:
    return Reader(
        staff_id=staff_id,
        has_key_access=False,
        is_administrator=is_administrator,
        has_shown_key=key,
        has_confirmed_key=False,
        history_starts_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def facts(staff_id: int = COLLEAGUE, *, last: bool = False) -> StaffFacts:
    return StaffFacts(staff_id=staff_id, is_last_administrator=last)


@pytest.mark.parametrize("policy", [why_not_change_access, why_not_deactivate])
@pytest.mark.parametrize(
    ("who", "whose", "expected"),
    [
        (reader(), facts(), None),
        (reader(staff_id=None), facts(), Refusal.LOG_IN),
        (reader(key=False), facts(), Refusal.SHOW_KEY),
        (reader(is_administrator=False), facts(), Refusal.ADMINISTRATORS_ONLY),
        (reader(), facts(ME), Refusal.OWN_ACCESS),
        (reader(), facts(ME, last=True), Refusal.OWN_ACCESS),
    ],
)
def test_t33_only_administrators_change_access_and_never_their_own(policy, who, whose, expected):
    assert policy(who, whose) is expected


def test_t33_last_administrator_stays_active():
    assert why_not_deactivate(reader(), facts(last=True)) is Refusal.LAST_ADMINISTRATOR


@pytest.mark.parametrize(
    ("last", "to_administrators", "expected"),
    [
        (False, False, None),
        (False, True, None),
        (True, True, None),
        (True, False, Refusal.LAST_ADMINISTRATOR),
    ],
)
def test_t33_last_administrator_stays_one(last, to_administrators, expected):
    assert why_not_move(facts(last=last), to_administrators=to_administrators) is expected


@pytest.mark.parametrize(("is_last", "expected"), [(False, None), (True, Refusal.LAST_CATEGORY)])
def test_g6_02_one_category_is_always_offered(is_last, expected):
    assert why_not_retire_category(is_last=is_last) is expected


def test_every_refusal_has_a_sentence():
    assert all(refusal.sentence.endswith(".") for refusal in Refusal)
