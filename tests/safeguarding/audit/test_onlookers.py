"""A student's page shows who has looked."""

from datetime import timedelta

import pytest

from safeguarding.selectors.looks import MOST_PEOPLE, who_has_looked
from safeguarding.services.incidents import Link
from tests.factories import make_incident, make_staff, make_student
from tests.safeguarding.audit.entries import NOON, entries, entry


@pytest.fixture
def maddy(in_school_a):
    return make_student("Maddy", "Plover")


def looks(reader, student):
    found = who_has_looked(reader, student).people
    return {one.person.display_name: (dict(one.times), one.last_at) for one in found}


def test_each_person_is_there_with_what_how_often_and_when_last(dsl, maddy):
    anna = make_staff(given_name="Anna", family_name="Cohen")
    other = make_student("Elsie", "Sandpiper")
    day = timedelta(days=1)
    entry(anna, "students.suggested", students=[maddy.ref, other.ref], at=NOON)
    entry(anna, "students.suggested", students=[maddy.ref], at=NOON + day)
    entry(anna, "incident.viewed", students=[maddy.ref], at=NOON + day / 2)
    entry(dsl, "student.viewed", maddy, students=[maddy.ref], at=NOON + 2 * day)
    entry(dsl, "page.printed", maddy, students=[maddy.ref], at=NOON + day)
    entry(dsl, "attachment.opened", students=[other.ref], at=NOON + 9 * day)
    seen = looks(dsl.reader, maddy)
    assert list(seen) == [f"Tom {dsl.name.split()[1]}", "Anna Cohen"]
    assert seen["Anna Cohen"] == ({"search": 2, "incident": 1}, NOON + day)
    assert seen[dsl.name] == ({"record": 1, "print or export": 1}, NOON + 2 * day)


def test_a_change_is_no_look(dsl, teacher, maddy):
    make_incident(teacher, student=maddy)
    assert looks(dsl.reader, maddy) == {}


@pytest.mark.parametrize("kind", ["staff", "administrator"])
def test_only_key_holders_learn_it(kind, dsl, maddy):
    entry(dsl, "student.viewed", maddy, students=[maddy.ref])
    assert looks(dsl.reader, maddy)
    assert looks(make_staff(kind=kind).reader, maddy) == {}


def test_the_last_fifty_are_there_and_the_rest_in_the_audit(dsl, maddy):
    for one in range(MOST_PEOPLE):
        entries(1, verb="student.viewed", user_id=10_000 + one, students=[maddy.ref])
    assert not who_has_looked(dsl.reader, maddy).has_more
    entries(1, verb="student.viewed", user_id=dsl.user_id, students=[maddy.ref], at=NOON)
    found = who_has_looked(dsl.reader, maddy)
    assert len(found.people) == MOST_PEOPLE
    assert found.has_more


def test_the_page_says_so_with_a_way_to_every_entry(browse, dsl, maddy, see):
    client = browse(dsl)
    url = f"/students/{maddy.ref}/"
    first = see(client, url)
    assert "Nobody has looked at this student's data before you." in first.text
    page = see(client, url)
    assert "record 1" in page.between("Who has looked", "All entries")
    assert page.link(dsl.name) == f"/audit/?student={maddy.ref}&person={dsl.staff_ref}"
    whole = page.link("All entries about this student in the audit")
    assert whole == f"/audit/?student={maddy.ref}"
    assert "opened the student's record: Maddy Plover" in see(client, whole).text


def test_who_reads_an_incident_has_looked_at_every_student_of_it(browse, dsl, teacher, see):
    maddy, elsie = make_student("Maddy", "Plover"), make_student("Elsie", "Sandpiper")
    incident = make_incident(dsl, student=maddy, links=[Link(student=elsie)], recipients=[teacher])
    see(browse(teacher), f"/incidents/{incident.ref}/")
    see(browse(dsl), f"/students/{elsie.ref}/")
    for student in (maddy, elsie):
        seen = looks(dsl.reader, student)
        assert seen[teacher.name][0] == {"incident": 1}
        # On the linked student's record the other's incident is read too.
        assert seen[dsl.name][0] == {"record": 1}


def test_it_is_one_query_for_1_3_and_100_entries(dsl, maddy, statements):
    counted = {}
    for number, more in ((1, 1), (3, 2), (100, 97)):
        for one in range(more):
            user_id = 20_000 + number + one
            entries(1, verb="student.viewed", user_id=user_id, students=[maddy.ref])
        with statements() as heard:
            who_has_looked(dsl.reader, maddy)
        counted[number] = len(heard)
    assert counted == dict.fromkeys((1, 3, 100), 1)
