"""The privacy guard: what tells of a student is found, and masked."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.giveaways import days_in
from support.guard import Letters, Pupil, give_letters, hits_in, hits_in_file_name, masked
from support.terms import HitKind
from tests.isolation.test_hidden_names import (
    _student,
    filename_of,
    names_within,
    text_about,
    ways,
)
from ui.names_in_text import StudentNames, may_be_named, words_in


def pupil(ref="1", given_name="Zoë", family_name="Bailey", preferred="", **facts):
    names = StudentNames(
        ref=ref, given_name=given_name, family_name=family_name, preferred_given_name=preferred
    )
    return Pupil(names=names, **facts)


def known(students):
    return [
        Pupil(names=StudentNames(ref=str(number), **one)) for number, one in enumerate(students)
    ]


def mask(text, *pupils):
    hits, letters = hits_in(text, pupils), Letters()
    give_letters(hits, letters)
    return masked(text, hits, letters)


@given(_student, st.lists(_student, max_size=2))
@settings(max_examples=60, deadline=None)
def test_g8_02_however_a_student_is_named_the_masked_text_holds_no_name(student, others):
    students = [student, *others]
    text = text_about(students)
    assert names_within(mask(text, *known(students)), students) == []
    for way in ways(student):
        assert names_within(mask(f"about {way} today", *known(students)), [student]) == []


@given(_student)
@settings(max_examples=60, deadline=None)
def test_g8_02_no_file_name_keeps_a_name(student):
    name, pupils = filename_of(student), known([student])
    told = masked(name, hits_in_file_name(name, pupils), Letters())
    assert names_within(told, [student]) == []
    assert told.endswith(".txt")


@given(_student, st.lists(_student, max_size=2))
@settings(max_examples=60, deadline=None)
def test_g8_02_whoever_is_named_in_a_text_is_among_those_who_may_be(student, others):
    pupils = known([student, *others])
    for way in [*ways(student), filename_of(student)]:
        found = {ref for hit in hits_in_file_name(way, pupils) for ref in hit.refs}
        may = {one.ref for one in pupils if may_be_named(words_in(way), one.names)}
        assert found <= may, way


def test_g8_02_the_same_letter_stands_for_the_same_student():
    tom = pupil("2", "Tom", "Ng")
    text = "Zoe Bailey hit Tom Ng. ZOË cried; Ng ran. Bailey, Zoë was sent home."
    expected = "Pupil A hit Pupil B. Pupil A cried; Pupil B ran. Pupil A was sent home."
    assert mask(text, pupil(), tom) == expected


def test_g8_02_a_name_that_several_have_is_whoever_is_named_wholly():
    brother = pupil("2", "Max", "Bailey")
    assert (
        mask("Bailey fell. Max Bailey cried.", pupil(), brother) == "Pupil A fell. Pupil A cried."
    )
    assert mask("Bailey fell. Zoë cried.", pupil(), brother) == "Pupil A fell. Pupil A cried."


def test_g8_02_letters_go_on_after_z():
    letters = Letters()
    given_out = [letters.letter_for((str(number),)) for number in range(28)]
    assert (given_out[0], given_out[25], given_out[26], given_out[27]) == ("A", "Z", "AA", "AB")


@pytest.mark.parametrize(
    "written", ["H801200001001", "h801200001001", "H 8012 0000 1001", "Z999999999999"]
)
def test_g8_02_what_has_the_shape_of_a_upn_is_masked(written):
    assert mask(f"UPN: {written}.") == "UPN: [UPN]."


def test_g8_02_a_upn_of_a_wrong_shape_is_masked_where_it_is_a_students():
    assert mask("Number tmp-x A12345.", pupil(upn="A12345")) == "Number tmp-x [UPN]."
    assert mask("Room A12345.", pupil(upn="B12345")) == "Room A12345."


@pytest.mark.parametrize(
    "written",
    [
        "07/02/2012", "7/2/2012", "7.2.12", "07-02-2012", "2012-02-07", "20120207", "07022012",
        "7 / 2 / 2012", "7 February 2012", "7th of Feb 2012", "7th Feb ’12", "February 7, 2012",
        "Feb 7th, 2012", "7feb2012", "7 Chwefror 2012", "7FEBRUARY2012", "2012/2/7",
    ],
)  # fmt: skip
def test_g8_02_a_students_date_of_birth_is_masked_however_it_is_written(written):
    text = f"Born {written}, it says."
    assert mask(text, pupil(born_on=date(2012, 2, 7))) == "Born [date of birth], it says."
    assert mask(text, pupil(born_on=date(2013, 2, 7))) == text


def test_g8_02_no_date_is_read_into_what_is_none():
    assert days_in("99/99/2012, 31 February 2012, room 7, 12345678901") == []


def test_g8_02_what_is_found_says_what_it_is():
    hits = hits_in("Zoë Bailey, H801200001001, 7/2/2012", [pupil(born_on=date(2012, 2, 7))])
    assert [hit.kind for hit in hits] == [HitKind.NAME, HitKind.UPN, HitKind.BORN_ON]


def test_g8_02_a_text_of_nobody_stays_as_it_is():
    text = "The import stops half-way. Will you help?"
    assert mask(text, pupil(), pupil("2", "Will", "Grace")) == text.replace("Will", "Pupil A")
    assert mask(text, pupil()) == text
