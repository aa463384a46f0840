"""Unique Pupil Numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schools.upn import LETTERS, UpnFault, check_letter, fault_of, is_temporary, tidied

digits = st.text("0123456789", min_size=11, max_size=11)
permanent = st.builds(lambda head, last: head + last, digits, st.sampled_from("0123456789"))
temporary = st.builds(lambda head, last: head + last, digits, st.sampled_from(LETTERS))


def test_the_published_example_is_valid():
    assert fault_of("H801200001001") is None


@pytest.mark.parametrize(
    ("upn", "fault"),
    [
        ("", UpnFault.SHAPE),
        ("H80120000100", UpnFault.SHAPE),
        ("H8012000010011", UpnFault.SHAPE),
        ("I801200001001", UpnFault.SHAPE),
        ("H80120000100O", UpnFault.SHAPE),
        ("H801200001\u0660\u0660\u0661", UpnFault.SHAPE),
        ("h801200001001", UpnFault.SHAPE),
        ("J801200001001", UpnFault.CHECK_LETTER),
        ("H801200001002", UpnFault.CHECK_LETTER),
    ],
)
def test_a_wrong_upn_is_told_apart(upn, fault):
    assert fault_of(upn) is fault
    assert upn not in fault.sentence or not upn


@given(rest=permanent | temporary)
def test_exactly_one_check_letter_fits(rest):
    assert [letter for letter in LETTERS if fault_of(letter + rest) is None] == [check_letter(rest)]


@given(rest=permanent, place=st.integers(0, 11), other=st.sampled_from("0123456789"))
def test_every_mistyped_digit_is_noticed(rest, place, other):
    mistyped = rest[:place] + other + rest[place + 1 :]
    assert (fault_of(check_letter(rest) + mistyped) is None) is (mistyped == rest)


@given(rest=permanent | temporary)
def test_only_a_letter_at_the_end_makes_it_temporary(rest):
    assert is_temporary(check_letter(rest) + rest) is rest[-1].isalpha()


@given(rest=permanent | temporary)
def test_spaces_and_small_letters_are_put_right(rest):
    upn = check_letter(rest) + rest
    assert tidied(f" {upn[:4].lower()} {upn[4:].lower()} ") == upn


@given(text=st.text())
def test_a_wrong_one_is_kept_as_given(text):
    kept = tidied(text)
    assert fault_of(kept) is None or kept == text.strip()
    assert tidied(kept) == kept
