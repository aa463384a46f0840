"""The form says when a student's name occurs in the text who is not linked (acceptance G6.8)."""

import json

import pytest

from core.audit.models import AuditEntry
from schools.models import Student
from schools.selectors import nobody
from schools.selectors.named_in_text import FEW, named_in
from tests.acceptance.page import Page
from tests.factories import make_incident, make_student

pytestmark = pytest.mark.usefixtures("maddy")


@pytest.fixture
def maddy(in_school_a):
    return make_student("Madeleine", "Greenwood", preferred_given_name="Maddy", class_name="1B")


@pytest.fixture
def check(browse, teacher):
    client = browse(teacher)

    def ask(text, *chosen):
        sent = json.dumps({"text": text, "chosen": [str(one.ref) for one in chosen]})
        answer = client.post("/students/named/", sent, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    return ask


def names(answer, kind="students"):
    return [one["label"] for one in answer[kind]]


@pytest.mark.parametrize(
    "text",
    [
        "Then Maddy Greenwood cried.",
        "then madeleine GREENWOOD cried",
        "Greenwood, Maddy was there",
        "It was Maddy Greenwood's bag.",
        "Maddy\nGreenwood",
        "Maddy cried.",
        "Greenwood’s brother",
    ],
)
def test_g6_08_who_is_named_and_not_linked_is_said_with_year_and_class(check, maddy, text):
    assert check(text)["students"] == [
        {"ref": str(maddy.ref), "label": "Maddy Greenwood", "detail": "Year 1 · 1B"}
    ]
    assert check(text, maddy) == {"students": [], "misspelt": [], "shared": []}


@pytest.mark.parametrize(
    "text", ["", "   ", "Nobody is named here.", "Greenwoods", "!?", "\x00"[:0]]
)
def test_g6_08_a_text_without_names_answers_nothing_and_leaves_nothing_on_record(check, text):
    before = AuditEntry.objects.count()
    assert check(text) == {"students": [], "misspelt": [], "shared": []}
    assert AuditEntry.objects.count() == before


def test_g6_08_namesakes_are_all_offered_and_told_apart(check, maddy):
    make_student("Maddy", "Greenwood", year_group="4", class_name="4A")
    assert {one["detail"] for one in check("Maddy Greenwood fell.")["students"]} == {
        "Year 1 · 1B",
        "Year 4 · 4A",
    }


def test_g6_08_classmates_of_one_name_are_told_apart_by_their_birthdays(check, maddy):
    Student.objects.filter(pk=maddy.pk).update(born_on="2019-03-12")
    make_student("Maddy", "Greenwood", class_name="1B", born_on="2019-07-01")
    details = {one["detail"] for one in check("Maddy Greenwood fell.")["students"]}
    assert details == {"Year 1 · 1B · born 12 March", "Year 1 · 1B · born 1 July"}


def test_g6_08_a_name_of_many_offers_nobody_and_says_how_many(check):
    for number in range(FEW):
        make_student("Oscar", f"Quist{number}")
    assert len(check("Oscar fell.")["students"]) == FEW
    make_student("Oscar", "Rowntree")
    answer = check("Oscar fell.")
    assert answer["students"] == []
    assert answer["shared"] == [{"word": "Oscar", "count": str(FEW + 1)}]


def test_g6_08_who_is_chosen_or_wholly_named_explains_the_name_alone(check, maddy):
    other = make_student("Maddy", "Quist")
    assert names(check("Maddy fell.", maddy)) == []
    assert names(check("Maddy Greenwood fell. Then Maddy cried.")) == ["Maddy Greenwood"]
    assert sorted(names(check("Maddy fell."))) == ["Maddy Greenwood", other.display_name]


def test_g6_08_everyday_words_are_names_only_in_the_mis_spelling(check):
    make_student("Will", "Rose")
    assert names(check("she will tell us, and a rose was there")) == []
    assert names(check("Then Will came.")) == ["Will Rose"]
    assert names(check("then will rose came")) == ["Will Rose"]


def test_g6_08_a_misspelt_whole_name_is_asked_about(check):
    make_student("Zoë", "Bailey")
    for text in (
        "Madddy Greenwood",
        "Maddy Grenwood",
        "Greenwood, Maddey",
        "Then Madyd Greenwood.",
    ):
        answer = check(text)
        assert (names(answer, "misspelt"), names(answer)) == (["Maddy Greenwood"], []), text
    answer = check("Zoe Bailey")
    assert (names(answer), names(answer, "misspelt")) == (["Zoë Bailey"], [])
    assert check("Mrs Greenwoods and Miss Baileys")["misspelt"] == []


def test_g6_08_who_has_left_is_not_offered(check, maddy):
    assert names(check("Maddy Greenwood"))
    Student.objects.filter(pk=maddy.pk).update(is_current=False, left_on="2026-01-05")
    assert names(check("Maddy Greenwood")) == []


def test_g6_08_nobody_is_told_nothing(teacher):
    assert named_in(teacher.reader, "Maddy Greenwood", chosen=[]).students
    assert named_in(nobody(), "Maddy Greenwood", chosen=[]).students == []


def test_g6_08_whom_the_answer_names_is_on_record_and_not_the_text(check, maddy):
    check("Maddy Greenwood has a secret.")
    entry = AuditEntry.objects.latest("id")
    assert (entry.verb, entry.students) == ("students.named", [maddy.ref])
    assert "secret" not in str(entry.facts)


@pytest.mark.parametrize(
    "sent",
    [
        "{}",
        "[]",
        "x",
        '{"text": "a"}',
        '{"text": "a", "chosen": ["x"]}',
        '{"text": 1e9, "chosen": 1}',
    ],
)
def test_g6_08_what_cannot_be_is_refused(browse, teacher, sent):
    client = browse(teacher)
    answer = client.post("/students/named/", sent, content_type="application/json")
    assert answer.status_code == 400
    assert client.get("/students/named/").status_code == 405


@pytest.mark.parametrize("number", [1, 100])
def test_g6_08_a_check_asks_five_times_whatever_is_written(
    teacher, number, django_assert_max_num_queries
):
    rows = [
        Student(given_name="Ada", family_name=f"Row{chr(97 + one % 26)}") for one in range(number)
    ]
    Student.objects.bulk_create(rows)
    with django_assert_max_num_queries(5):
        named_in(teacher.reader, "Ada met Maddy Greenwood and Ada Rowb. " * 200, chosen=[])


def test_g6_08_the_text_hints_at_the_mis_spelling_and_both_forms_check_the_names(
    browse, teacher, maddy, see
):
    incident = make_incident(teacher, student=maddy, recipients=[teacher])
    page = browse(teacher).get("/incidents/add/").text
    assert "Spell the names of linked students as your MIS does" in page
    assert 'data-source="/students/named/"' in page
    page = browse(teacher).get(f"/incidents/{incident.ref}/").text
    assert f'data-chosen="{maddy.ref}"' in page
    assert Page
