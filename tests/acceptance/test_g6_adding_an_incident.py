"""Adding an incident: the form, categories, linked students (acceptance G6.1–G6.3)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from safeguarding.models import Incident, IncidentLink, Monitoring
from schools.models import Category
from schools.terms import DEFAULT_CATEGORIES
from tests.acceptance.page import Page, in_order
from tests.acceptance.steps import form_of, refs
from tests.factories import categories, make_staff, make_student

IN_ORDER = [
    "Student",
    "Incident",
    "Categories",
    "Linked student(s)",
    "Date/Time",
    "Status",
    "Assign to",
    "Files",
    "Alert Staff Members",
    "Agency involved",
    "Add Incident",
]


# The form


@pytest.mark.parametrize("kind", ["staff", "key_holder"])
def test_g6_01_the_fields_stand_in_the_guides_order(browse, in_school_a, kind):
    captions = form_of(browse(make_staff(kind=kind))).captions
    assert list(dict.fromkeys(in_order(captions, IN_ORDER))) == IN_ORDER


def test_g6_01_an_incident_is_recorded_as_it_was_typed(browse, teacher, dsl, student, add):
    elsie = make_student("Elsie", "Davies")
    answer = add(
        browse(teacher),
        text="  She was not collected.\r\nI rang home. ",
        categories=refs(*categories("Medical", "SEND")),
        linked=str(elsie.ref),
        agencies="Police, Early Help , police",
        recipients=str(dsl.staff_ref),
    )
    assert (answer.status_code, answer.url) == (302, "/")
    incident = Incident.objects.get()
    assert incident.student == student
    assert incident.text == "She was not collected.\r\nI rang home."
    assert {one.name for one in incident.categories.all()} == {"Medical", "SEND"}
    assert [link.student for link in incident.links.all()] == [elsie]
    assert {one.name for one in incident.agencies.all()} == {"Police", "Early Help"}
    assert [alert.recipient_id for alert in incident.alerts.all()] == [dsl.staff_id]
    assert incident.author_id == teacher.staff_id
    assert not incident.is_whole_school


def test_g6_01_a_name_filters_all_students_on_roll(browse, teacher):
    make_student("Zoë", "O’Hara", year_group="4", class_name="4B")
    make_student("Zoe", "Left", is_current=False, left_on=timezone.localdate())
    answer = browse(teacher).post(
        "/students/suggest/", {"query": "hara zoe"}, content_type="application/json"
    )
    (found,) = answer.json()["results"]
    assert (found["label"], found["detail"]) == ("Zoë O’Hara", "Year 4 · 4B")
    answer = browse(teacher).post(
        "/students/suggest/", {"query": "zoe"}, content_type="application/json"
    )
    assert [one["label"] for one in answer.json()["results"]] == ["Zoë O’Hara"]


def test_g6_01_what_is_typed_to_find_a_name_is_never_part_of_an_address(browse, teacher):
    assert browse(teacher).get("/students/suggest/?query=Maddy").status_code == 405


def test_g6_01_the_chosen_student_has_a_button_that_removes_the_choice(
    browse, teacher, student, add
):
    page = Page(add(browse(teacher), text=""))
    form = page.form("Add Incident")
    assert form.fields["student"] == [str(student.ref)]
    assert "Remove Maddy Greenwood" in form.captions


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("student", "Choose a student, or say that this is a Whole School Incident."),
        ("text", "Write down what happened."),
        ("categories", "Choose at least one category."),
        ("occurred_at_0", "Enter the date and the time."),
    ],
)
def test_g6_01_what_is_missing_is_said_and_nothing_is_recorded(browse, teacher, add, missing, said):
    answer = add(browse(teacher), **{missing: None})
    assert answer.status_code == 200
    assert said in Page(answer).text
    assert not Incident.objects.exists()


def test_g6_01_a_whole_school_incident_needs_its_tick_and_no_student(browse, teacher, student, add):
    client = browse(teacher)
    both = add(client, is_whole_school="on")
    assert "Either choose a student or tick this, not both." in Page(both).text
    assert add(client, student="", is_whole_school="on").status_code == 302
    incident = Incident.objects.get()
    assert (incident.student, incident.is_whole_school) == (None, True)


def test_g6_01_a_student_who_has_left_meanwhile_is_refused(browse, teacher, add):
    leaver = make_student("Lea", "Ver", is_current=False, left_on=timezone.localdate())
    for name in ("student", "linked"):
        answer = add(browse(teacher), **{name: str(leaver.ref)})
        assert "This student is not on roll any more." in Page(answer).text
    assert not Incident.objects.exists()


@pytest.mark.parametrize(
    "forged",
    [
        {"student": "x"},
        {"student": "01890a5d-ac96-774b-bcce-b302099a8057"},
        {"categories": "01890a5d-ac96-774b-bcce-b302099a8057"},
        {"recipients": "1 OR 1=1"},
        {"recipients": "01890a5d-ac96-774b-bcce-b302099a8057"},
        {"linked": "x"},
        {"files": "01890a5d-ac96-774b-bcce-b302099a8057"},
        {"status": "deleted"},
        {"submission": "x"},
        {"occurred_at_0": "2026-02-30"},
        {"agencies": "x" * 121},
    ],
)
def test_g6_01_what_no_page_of_ours_posts_is_refused(browse, teacher, add, forged):
    assert add(browse(teacher), **forged).status_code == 200
    assert not Incident.objects.exists()


def test_g6_01_a_file_that_comes_with_the_form_is_on_the_incident(browse, teacher, dsl, see, add):
    letter = SimpleUploadedFile("Brief für Zoë.txt", b"Dear all\n")
    add(browse(teacher), new_files=letter)
    incident = Incident.objects.get()
    page = see(browse(dsl), f"/incidents/{incident.ref}/")
    opened = browse(dsl).get(page.link("Brief für Zoë.txt"))
    assert b"".join(opened.streaming_content) == b"Dear all\n"


def test_g6_01_a_file_that_may_not_come_in_says_so_and_the_others_stay(browse, teacher, add):
    good, bad = (
        SimpleUploadedFile("letter.txt", b"Dear all\n"),
        SimpleUploadedFile("page.html", b"<html><script>alert(1)</script></html>"),
    )
    answer = add(browse(teacher), new_files=[good, bad])
    page = Page(answer)
    assert "page.html" in page.text
    form = page.form("Add Incident")
    assert len(form.fields["files"]) == 1
    assert "Remove letter.txt" in form.captions
    client = browse(teacher)
    form.submit(client)
    (file,) = Incident.objects.get().files.all()
    assert file.attachment.filename == "letter.txt"


# Categories


def test_g6_02_a_new_school_starts_with_the_guides_categories(browse, teacher, see):
    offered = see(browse(teacher), "/incidents/add/").form("Add Incident")
    assert sorted(in_order(offered.captions, list(DEFAULT_CATEGORIES))) == sorted(
        [
            "Attendance",
            "Behaviour",
            "Cause for Concern",
            "Child on Child",
            "Child Protection",
            "Contact with Parents",
            "Contact with Safeguarding Partners",
            "Friendship Issues",
            "Home Issues",
            "Legacy",
            "Medical",
            "Mental Health and Wellbeing",
            "Safeguarding Concern",
            "SEND",
        ]
    )


def test_g6_02_a_school_has_categories_and_sub_categories_of_its_own(browse, teacher, add):
    home = Category.objects.get(name="Home Issues")
    own = Category.objects.create(name="Online safety")
    sub = Category.objects.create(name="Housing", parent=home)
    captions = form_of(browse(teacher)).captions
    assert captions.index("Housing") == captions.index("Home Issues") + 1
    add(browse(teacher), categories=refs(own, sub))
    assert {one.name for one in Incident.objects.get().categories.all()} == {
        "Online safety",
        "Housing",
    }


def test_g6_02_a_retired_category_is_neither_offered_nor_taken(browse, teacher, add):
    legacy = Category.objects.get(name="Legacy")
    client = browse(teacher)
    assert str(legacy.ref) in form_of(client).offered["categories"]
    Category.objects.filter(pk=legacy.pk).update(is_active=False)
    assert str(legacy.ref) not in form_of(client).offered["categories"]
    answer = add(client, categories=str(legacy.ref))
    assert "That category is not offered. Choose again." in Page(answer).text


# Linked students


def test_g6_03_the_incident_is_on_every_linked_students_record(browse, teacher, dsl, see, add):
    elsie, finn, other = (make_student(name) for name in ("Elsie", "Finn", "Other"))
    add(browse(teacher), text="They fell out.", linked=refs(elsie, finn))
    for one, is_there in ((elsie, True), (finn, True), (other, False)):
        page = see(browse(dsl), f"/students/{one.ref}/")
        assert ("They fell out." in page.text) is is_there
        assert ("Linked" in page.text) is is_there


def test_g6_03_ticked_students_are_monitored_under_the_incidents_categories(
    browse, teacher, dsl, see, add
):
    elsie, finn = make_student("Elsie"), make_student("Finn")
    add(
        browse(teacher),
        linked=refs(elsie, finn),
        monitor=str(elsie.ref),
        categories=refs(*categories("Medical", "SEND")),
    )
    assert set(Monitoring.objects.values_list("student_id", "category__name")) == {
        (elsie.pk, "Medical"),
        (elsie.pk, "SEND"),
    }
    record = see(browse(dsl), f"/students/{elsie.ref}/").text
    assert "Monitoring Medical since" in record
    assert "Stop monitoring" not in see(browse(dsl), f"/students/{finn.ref}/").text


def test_g6_03_who_is_monitored_already_stays_so(browse, teacher, add):
    elsie = make_student("Elsie")
    for _ in range(2):
        add(browse(teacher), linked=str(elsie.ref), monitor=str(elsie.ref))
    assert Monitoring.objects.get().incident == Incident.objects.earliest("id")


def test_g6_03_documents_are_on_a_linked_record_only_where_that_was_ticked(
    browse, teacher, dsl, see, add, student, sealed_file
):
    elsie, finn = make_student("Elsie"), make_student("Finn")
    add(
        browse(teacher),
        linked=refs(elsie, finn),
        share_documents=str(elsie.ref),
        files=str(sealed_file(teacher, "minutes.txt").ref),
    )
    client = browse(dsl)
    shown = {
        one: "minutes.txt" in see(client, f"/students/{one.ref}/").text for one in (elsie, finn)
    }
    assert shown == {elsie: True, finn: False}
    assert "minutes.txt" in see(client, f"/students/{student.ref}/").text


def test_g6_03_without_javascript_a_tick_holds_for_every_linked_student(browse, teacher, add):
    elsie, finn = make_student("Elsie"), make_student("Finn")
    client = browse(teacher)
    ticked = {"linked": refs(elsie, finn), "monitor": "*", "share_documents": "*"}
    answer = add(client, query="?list=1", text="", **ticked)
    again = Page(answer).form("Add Incident")
    assert sorted(again.fields["linked"]) == sorted(ticked["linked"])
    assert (again.fields["monitor"], again.fields["share_documents"]) == (["*"], ["*"])
    again.submit(client, text="They fell out.")
    assert Monitoring.objects.count() == 2
    assert set(IncidentLink.objects.values_list("shares_documents", flat=True)) == {True}


def test_g6_03_the_student_it_is_about_is_not_linked_to_it_as_well(browse, teacher, student, add):
    add(browse(teacher), linked=refs(student, student))
    assert not IncidentLink.objects.exists()
