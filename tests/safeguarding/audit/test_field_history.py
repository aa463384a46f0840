"""An incident's page shows what was changed of it, from what to what, by whom and when."""

from datetime import UTC, datetime

import pytest

from safeguarding.selectors.history import MOST_CHANGES, changes_of
from safeguarding.services.incidents import settle_case
from safeguarding.terms import Status
from tests.factories import make_incident, make_staff, make_student, staff_row
from tests.safeguarding.audit.entries import bend, entry, row_changed


@pytest.fixture
def incident(dsl):
    return make_incident(dsl, text="As it was written down.")


def url(incident):
    return f"/incidents/{incident.ref}/"


def settled(actor, incident, transaction):
    """Write the entry of a change, of which the trigger's has the same transaction."""
    written = entry(actor, "incident.settled", incident)
    bend(written, transaction=transaction)


def test_each_field_is_shown_with_what_it_was_and_who_changed_it(browse, dsl, incident, see):
    anna = make_staff(given_name="Anna", family_name="Cohen", kind="key_holder")
    settled(anna, incident, 7)
    row_changed(
        incident,
        7,
        status=["active", "closed"],
        assignee_id=[None, anna.staff_id],
        closed_at=[None, "2026-07-01T13:03:05.123456+00:00"],
    )
    text = see(browse(dsl), url(incident)).between("What was changed", "Status and who")
    assert "Anna Cohen" in text
    assert "Status from ‘Active’ to ‘Closed’" in text
    assert "Assigned to from nothing to Anna Cohen" in text
    assert "Closed from nothing to 1 Jul 2026, 14:03:05" in text


def test_another_student_is_named_through_the_one_component(browse, dsl, incident, see):
    other = make_student("Elsie", "Sandpiper")
    settled(dsl, incident, 7)
    row_changed(incident, 7, student_id=[incident.student_id, other.pk])
    page = browse(dsl).get(url(incident))
    assert '<span class="ui-student">Elsie Sandpiper</span>' in page.text
    assert "Student from Maddy Greenwood to Elsie Sandpiper" in see(page).text


def test_a_long_text_is_folded_and_a_short_one_is_not(browse, dsl, incident):
    settled(dsl, incident, 7)
    row_changed(incident, 7, text=["Short.", "<b>Long</b> " + "words " * 100])
    page = browse(dsl).get(url(incident)).text
    assert "‘Short.’" in page
    folded = page.partition("a long text")[2]
    assert "&lt;b&gt;Long&lt;/b&gt; words" in folded.partition("</details>")[0]


def test_what_was_changed_past_the_platform_is_said_to_be(browse, dsl, incident, see):
    settled(dsl, incident, 7)
    row_changed(incident, 7, status=["active", "closed"])
    row_changed(incident, 8, text=["As it was.", "Bent."])
    newest, oldest = changes_of(dsl.reader, incident)
    assert (newest.by, oldest.by) == (None, staff_row(dsl))
    text = see(browse(dsl), url(incident)).between("What was changed", "Status and who")
    assert "Not through the platform Incident from ‘As it was.’ to ‘Bent.’" in text


def test_a_deleted_row_is_shown_and_the_first_writing_is_not(dsl, incident):
    first = row_changed(incident, 1, text=[None, "As it was written down."])
    bend(first, verb="row.inserted")
    assert changes_of(dsl.reader, incident) == []
    gone = row_changed(incident, 2, text=["As it was written down.", None])
    bend(gone, verb="row.deleted")
    (change,) = changes_of(dsl.reader, incident)
    assert change.is_deletion
    assert change.fields[0].new.words == ""


def test_only_key_holders_see_it(browse, dsl, teacher, see):
    incident = make_incident(teacher, recipients=[teacher])
    row_changed(incident, 7, text=["As it was.", "Bent."])
    assert "As it was." in see(browse(dsl), url(incident)).text
    page = see(browse(teacher), url(incident))
    assert "As it was." not in page.text
    assert "What was changed" not in page.text
    assert changes_of(teacher.reader, incident) == []


def test_an_incident_that_nobody_changed_says_so(browse, dsl, incident, see):
    assert "Nothing was changed since it was recorded." in see(browse(dsl), url(incident)).text
    settle_case(actor=dsl, ref=incident.ref, status=Status.CLOSED, assignee=None)
    assert see(browse(dsl), url(incident)).headings.count("What was changed") == 1


def test_values_that_are_not_what_they_should_be_are_shown_as_they_are(dsl, incident):
    row_changed(
        incident,
        7,
        assignee_id=[None, 999_999],
        occurred_at=["not a time", datetime(2026, 7, 1, tzinfo=UTC).isoformat()],
        is_whole_school=[False, True],
        added_later=["a", 1],
    )
    (change,) = changes_of(dsl.reader, incident)
    shown = {field.label: (field.old, field.new) for field in change.fields}
    assert shown["Assigned to"][1].words == "999999"
    assert shown["Date/Time"][0].words == "not a time"
    assert shown["Date/Time"][1].instant == datetime(2026, 7, 1, tzinfo=UTC)
    assert [one.words for one in shown["Whole School Incident"]] == ["No", "Yes"]
    assert [one.words for one in shown["Added later"]] == ["a", "1"]


def test_it_takes_the_same_queries_for_1_3_and_100_changes(dsl, incident, statements):
    other, counted = make_student(), {}
    for number, more in ((1, 1), (3, 2), (100, 97)):
        for one in range(more):
            settled(dsl, incident, number + one)
            row_changed(
                incident, number + one,
                student_id=[incident.student_id, other.pk], assignee_id=[None, dsl.staff_id],
            )  # fmt: skip
        with statements() as heard:
            assert len(changes_of(dsl.reader, incident)) == number
        counted[number] = len(heard)
    assert counted == dict.fromkeys((1, 3, 100), 3)
    assert MOST_CHANGES >= 100
