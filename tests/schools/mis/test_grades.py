"""OneRoster grades to year groups."""

import pytest

from schools.mis.grades import is_code, year_group_of
from schools.terms import YearGroup


@pytest.mark.parametrize(
    ("grade", "year_group"),
    [
        ("N1", YearGroup.N1),
        ("N2", YearGroup.N2),
        ("Nursery", YearGroup.N2),
        ("PK", YearGroup.N2),
        ("R", YearGroup.R),
        ("Reception", YearGroup.R),
        ("KG", YearGroup.R),
        ("1", YearGroup.Y1),
        ("01", YearGroup.Y1),
        ("07", YearGroup.Y7),
        ("Year 7", YearGroup.Y7),
        ("year  7", YearGroup.Y7),
        ("Year 07", YearGroup.Y7),
        ("Yr 7", YearGroup.Y7),
        ("Y7", YearGroup.Y7),
        ("13", YearGroup.Y13),
        ("Year 13", YearGroup.Y13),
    ],
)
def test_spellings_of_english_exports(grade, year_group):
    assert year_group_of(grade) is year_group


@pytest.mark.parametrize("grade", ["", "0", "00", "14", "Year 14", "Y", "UG", "PS", "X", "007"])
def test_what_is_not_known_is_none(grade):
    assert year_group_of(grade) is None


def test_every_year_group_is_reached_by_its_own_code():
    assert [year_group_of(year.value) for year in YearGroup] == list(YearGroup)


@pytest.mark.parametrize("grade", ["Elsie", "Bo", "Elsie Davies", "elsie@school.example"])
def test_what_may_be_a_name_is_never_repeated(grade):
    assert not is_code(grade)


@pytest.mark.parametrize("grade", ["14", "Year 14", "UG", "E1"])
def test_a_code_may_be_repeated(grade):
    assert is_code(grade)
