"""People are found by any part of their names (acceptance G6.1, G6.7)."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schools.models import Staff, Student, StudentSearch
from schools.selectors import nobody, staff_named, students_named
from schools.services.bulk import update_rows
from tests.factories import make_staff, make_student


@pytest.fixture
def find(teacher):
    def names(typed):
        return [one.display_name for one in students_named(teacher.reader, typed)]

    return names


@pytest.fixture
def pupils(in_school_a):
    """Few enough to tell apart, none of them namesakes."""
    return [
        make_student("Madeleine", "Greenwood", preferred_given_name="Maddy"),
        make_student("Zoë", "Bailey-Smith"),
        make_student("Siobhán", "O’Neill"),
        make_student("Łukasz", "Kowalski"),
        make_student("Anna Maria", "Van Dyke"),
        make_student("Ann", "Thistlethwaite"),
        make_student("Hannah", "Quist"),
        make_student("Дмитрий", "Петров"),
    ]


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("mad", ["Maddy Greenwood"]),
        ("gre mad", ["Maddy Greenwood"]),
        ("Madeleine", ["Maddy Greenwood"]),
        ("enwoo", ["Maddy Greenwood"]),
        ("zoe", ["Zoë Bailey-Smith"]),
        ("ZOË", ["Zoë Bailey-Smith"]),
        ("Zoe\N{COMBINING DIAERESIS}", ["Zoë Bailey-Smith"]),
        ("bailey smith", ["Zoë Bailey-Smith"]),
        ("bailey-smith zoe", ["Zoë Bailey-Smith"]),
        ("oneill", ["Siobhán O’Neill"]),
        ("O'Neill", ["Siobhán O’Neill"]),
        ("neill", ["Siobhán O’Neill"]),
        ("lukasz", ["Łukasz Kowalski"]),
        ("дмит", ["Дмитрий Петров"]),
        ("dyke, maria", ["Anna Maria Van Dyke"]),
        ("maddy g", ["Maddy Greenwood"]),
        ("madddy", ["Maddy Greenwood"]),
        ("grenwood", ["Maddy Greenwood"]),
        ("geernwood mad", ["Maddy Greenwood"]),
        ("kowalsky", ["Łukasz Kowalski"]),
    ],
)
def test_g6_01_a_student_is_found_as_people_type(find, pupils, typed, who):
    assert find(typed) == who


def test_g6_01_the_very_word_comes_first_then_beginnings_then_any_part(find, pupils):
    assert find("ann") == ["Ann Thistlethwaite", "Anna Maria Van Dyke", "Hannah Quist"]


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "a b", "%", "_", "%%", "__", "'", "\\", "-", ",;", "\x00"]
)
def test_g6_01_what_is_no_part_of_a_name_finds_nobody_without_asking(
    teacher, pupils, typed, django_assert_num_queries
):
    expected = 0 if len(typed.strip()) < 2 or typed in ("a b", ",;") else None
    if expected is None:
        assert students_named(teacher.reader, typed) == []
        return
    with django_assert_num_queries(expected):
        assert students_named(teacher.reader, typed) == []


@pytest.mark.parametrize(
    "typed", ["x" * 100, "ma% gre", "m_ddy", '"; DROP', "a" * 30 + " " + "b" * 30]
)
def test_g6_01_odd_letters_are_letters(find, pupils, typed):
    assert find(typed) in ([], ["Maddy Greenwood"])
    if "%" in typed:
        assert find(typed) == []


def test_g6_01_who_has_left_is_not_offered_and_who_comes_back_is(find, pupils):
    maddy = Student.objects.filter(family_name="Greenwood")
    assert find("maddy")
    maddy.update(is_current=False, left_on="2026-01-05")
    assert find("maddy") == find("madddy") == []
    maddy.update(is_current=True, left_on=None)
    assert find("maddy") == ["Maddy Greenwood"]


def test_g6_01_nobody_is_told_nothing(pupils, teacher):
    assert students_named(teacher.reader, "maddy")
    assert students_named(nobody(), "maddy") == []


def test_g6_01_the_database_keeps_the_names_however_they_are_written(find, pupils):
    maddy = Student.objects.get(family_name="Greenwood")
    update_rows(Student, ["family_name"], [(maddy.pk, "Blackwood")])
    assert find("blackw") == ["Maddy Blackwood"]
    assert find("greenwood") == []
    Student.objects.bulk_create([Student(given_name="Ada", family_name="Bulk")])
    assert find("bulk") == ["Ada Bulk"]
    assert StudentSearch.objects.count() == Student.objects.count()


@pytest.mark.parametrize("typed", ["maddy", "madddy", "row", "zzzzz", "ann"])
def test_g6_01_a_search_asks_at_most_four_times_however_many_there_are(
    teacher, pupils, typed, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        students_named(teacher.reader, typed)
    Student.objects.bulk_create(
        Student(given_name="Maddy", family_name=f"Row{one}") for one in range(100)
    )
    with django_assert_max_num_queries(4):
        assert len(students_named(teacher.reader, "row")) == 12


def test_g6_07_staff_are_found_the_same_way_and_leavers_are_not(in_school_a):
    make_staff(given_name="Anaïs", family_name="Cohen")
    leaver = make_staff(given_name="Anaïs", family_name="Leaver")
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    for typed in ("anais", "coh ana", "anias"):
        assert [one.display_name for one in staff_named(typed)] == ["Anaïs Cohen"]


LETTERS = string.ascii_lowercase + "éüø"
NAME = st.text(LETTERS, min_size=5, max_size=12).map(str.title)
IN_SCHOOL = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@IN_SCHOOL
@given(names=st.tuples(NAME, NAME, NAME), data=st.data())
def test_g6_01_any_part_of_any_name_finds_the_student(teacher, names, data):
    student = make_student(names[0], names[1], preferred_given_name=names[2])
    name = data.draw(st.sampled_from(names))
    length = data.draw(st.integers(3, len(name)))
    start = data.draw(st.integers(0, len(name) - length))
    found = students_named(teacher.reader, name[start : start + length])
    assert student in found
    student.delete()


@IN_SCHOOL
@given(
    names=st.tuples(NAME, NAME),
    data=st.data(),
    kind=st.sampled_from(["too many", "too few", "wrong", "swapped"]),
)
def test_g6_01_one_wrong_letter_still_finds_the_student(teacher, names, data, kind):
    student = make_student(*names)
    name = data.draw(st.sampled_from(names))
    at = data.draw(st.integers(0, len(name) - 2))
    letter = data.draw(st.sampled_from(string.ascii_lowercase))
    typed = {
        "too many": name[:at] + letter + name[at:],
        "too few": name[:at] + name[at + 1 :],
        "wrong": name[:at] + letter + name[at + 1 :],
        "swapped": name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    }[kind]
    assert student in students_named(teacher.reader, typed)
    student.delete()
