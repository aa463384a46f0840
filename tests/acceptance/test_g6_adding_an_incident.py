"""Adding an incident (acceptance G6)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.accounts.models import User
from safeguarding.models import Alert, Incident, IncidentLink, Monitoring
from schools.models import AlertGroup, Category, Staff
from schools.terms import DEFAULT_CATEGORIES
from tests.acceptance.page import Page, in_order
from tests.factories import categories, make_incident, make_staff, make_student, staff_row

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


def form_of(client, query=""):
    return Page(client.get(f"/incidents/add/{query}")).form("Add Incident")


@pytest.fixture
def student(in_school_a):
    return make_student()


@pytest.fixture
def add(student):
    """Fill the form in with what it needs, and with what a test is about; press its button."""

    def fill(client, *, query="", **typed):
        typed.setdefault("student", str(student.ref))
        typed.setdefault("text", "She was not collected.")
        typed.setdefault("categories", str(categories("Medical")[0].ref))
        return form_of(client, query).submit(client, **typed)

    return fill


def refs(*rows):
    return [str(one.ref) for one in rows]


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
    answer = add(browse(teacher), **{missing: ""})
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
    assert "Monitored under: Medical (since" in record
    assert "Monitored under" not in see(browse(dsl), f"/students/{finn.ref}/").text


def test_g6_03_who_is_monitored_already_stays_so(browse, teacher, add):
    elsie = make_student("Elsie")
    for _ in range(2):
        add(browse(teacher), linked=str(elsie.ref), monitor=str(elsie.ref))
    assert Monitoring.objects.get().incident == Incident.objects.earliest("id")


def test_g6_03_documents_are_on_a_linked_record_only_where_that_was_ticked(
    browse, teacher, dsl, see, add, sealed_file
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
    about = Incident.objects.get().student
    assert "minutes.txt" in see(client, f"/students/{about.ref}/").text


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


# Date and time


def test_g6_05_now_in_the_schools_zone_is_the_time_unless_another_is_said(browse, teacher, add):
    with time_machine.travel(datetime(2026, 7, 6, 22, 45, tzinfo=UTC), tick=False):
        client = browse(teacher)
        fields = form_of(client).fields
        assert (fields["occurred_at_0"], fields["occurred_at_1"]) == (["2026-07-06"], ["23:45"])
        add(client, occurred_at_0="2026-07-06", occurred_at_1="08:30")
    incident = Incident.objects.get()
    assert incident.occurred_at == datetime(2026, 7, 6, 7, 30, tzinfo=UTC)
    assert incident.recorded_at == datetime(2026, 7, 6, 22, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "is_taken"),
    [
        ("2026-02-02", "10:00", True),
        ("2026-02-02", "10:01", True),
        ("2026-02-02", "10:02", False),
        ("2026-02-03", "09:00", False),
        ("2126-02-02", "10:00", False),
        ("1999-12-31", "23:59", True),
    ],
)
def test_g6_05_it_has_not_happened_in_the_future(browse, teacher, add, day, hour, is_taken):
    now = datetime(2026, 2, 2, 10, 0, 30, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        answer = add(browse(teacher), occurred_at_0=day, occurred_at_1=hour)
        assert Incident.objects.exists() is is_taken
        if is_taken:
            assert Incident.objects.get().occurred_at <= now
        else:
            assert "This is in the future. Enter when it happened." in Page(answer).text


@pytest.mark.parametrize(
    "now",
    [
        pytest.param(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), id="half past one, the first time"),
        pytest.param(
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC), id="half past one, the second time"
        ),
        pytest.param(datetime(2026, 3, 29, 0, 59, tzinfo=UTC), id="before the clocks go forward"),
        pytest.param(datetime(2026, 3, 29, 1, 0, tzinfo=UTC), id="after the clocks went forward"),
    ],
)
def test_g6_05_now_is_taken_on_the_nights_on_which_the_clocks_change(browse, teacher, add, now):
    with time_machine.travel(now, tick=False):
        assert add(browse(teacher)).status_code == 302
    assert Incident.objects.get().occurred_at == now


def test_g6_05_a_time_that_never_was_is_refused_with_the_reason(browse, teacher, add):
    with time_machine.travel(datetime(2026, 3, 30, 9, 0, tzinfo=UTC), tick=False):
        answer = add(browse(teacher), occurred_at_0="2026-03-29", occurred_at_1="01:30")
    assert "The clocks went forward then" in Page(answer).text
    assert not Incident.objects.exists()


def test_g6_05_times_are_those_of_another_school_zone(browse, school_a, teacher, add, monkeypatch):
    monkeypatch.setattr(school_a, "time_zone", "Pacific/Auckland")
    with (
        timezone.override(ZoneInfo("Pacific/Auckland")),
        time_machine.travel(datetime(2026, 7, 6, 22, 45, tzinfo=UTC), tick=False),
    ):
        from safeguarding.forms import IncidentForm

        first = IncidentForm(actor=teacher).initial["occurred_at"]
    assert first.isoformat() == "2026-07-07T10:45:00+12:00"


# Status and assignee


def test_g6_06_an_incident_is_active_unless_closed_is_chosen(browse, teacher, add):
    client = browse(teacher)
    form = form_of(client)
    assert form.fields["status"] == ["active"]
    assert in_order(form.captions, ["Active", "Closed"]) == ["Active", "Closed"]
    add(client)
    add(client, status="closed")
    active, closed = Incident.objects.order_by("id")
    assert (active.status, active.closed_at, active.closed_by) == ("active", None, None)
    assert (closed.status, closed.closed_by_id) == ("closed", teacher.staff_id)
    assert closed.closed_at == closed.recorded_at


def test_g6_06_assign_to_offers_key_holders_only(browse, teacher, dsl, administrator):
    client = browse(dsl)
    assert form_of(client, "?list=1").offered["assignee"] == ["", str(dsl.staff_ref)]
    found = client.post(
        "/staff/suggest-key-holders/", {"query": "Tom"}, content_type="application/json"
    ).json()["results"]
    assert [one["ref"] for one in found] == [str(dsl.staff_ref)]


def test_g6_06_only_key_holders_assign(browse, teacher, dsl, add):
    client = browse(teacher)
    form = form_of(client)
    assert "assignee" not in form.fields | form.offered
    assert "DSL level to complete" in Page(client.get("/incidents/add/")).text
    answer = add(client, assignee=str(dsl.staff_ref))
    assert answer.status_code == 200
    assert not Incident.objects.exists()
    assert add(browse(dsl), assignee=str(dsl.staff_ref)).status_code == 302
    assert Incident.objects.get().assignee_id == dsl.staff_id


@pytest.mark.parametrize("kind", ["staff", "administrator"])
def test_g6_06_an_incident_is_assigned_to_nobody_but_a_key_holder(browse, dsl, add, kind):
    answer = add(browse(dsl), assignee=str(make_staff(kind=kind).staff_ref))
    assert "Choose a key holder." in Page(answer).text
    assert not Incident.objects.exists()


def test_g6_06_a_key_holder_who_has_left_is_neither_offered_nor_taken(browse, dsl, add):
    leaver = make_staff(kind="key_holder")
    assert str(leaver.staff_ref) in form_of(browse(dsl), "?list=1").offered["assignee"]
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    assert str(leaver.staff_ref) not in form_of(browse(dsl), "?list=1").offered["assignee"]
    assert add(browse(dsl), assignee=str(leaver.staff_ref)).status_code == 200
    assert not Incident.objects.exists()


def address_of(actor):
    return [User.objects.get(pk=actor.user_id).email]


def test_g6_06_the_assignee_is_emailed_and_has_it_in_my_assigned_until_closed(
    browse, dsl, add, see, send_mails
):
    deputy = make_staff(kind="key_holder")
    add(browse(dsl), assignee=str(deputy.staff_ref))
    (letter,) = send_mails()
    assert letter.to == address_of(deputy)
    assert letter.subject == "An incident is assigned to you: Medical"
    assert "Maddy" in see(browse(deputy), "/").between("My Assigned", "My History")
    settle(browse(deputy), status="closed")
    assert "Maddy" not in see(browse(deputy), "/").between("My Assigned", "My History")
    assert send_mails() == []


def settle(client, **typed):
    """Fill in ‘Status and who deals with it’ on the one incident there is."""
    incident = Incident.objects.get()
    return Page(client.get(f"/incidents/{incident.ref}/")).form("Save").submit(client, **typed)


def test_g6_06_who_is_assigned_later_is_emailed_and_who_stays_is_not(browse, dsl, send_mails):
    deputy = make_staff(kind="key_holder")
    make_incident(dsl, assignee=staff_row(dsl))
    send_mails()
    settle(browse(dsl), status="closed")
    settle(browse(dsl), status="active")
    assert send_mails() == []
    settle(browse(dsl), assignee=str(deputy.staff_ref))
    assert [letter.to for letter in send_mails()] == [address_of(deputy)]
    settle(browse(dsl), assignee=None)
    assert send_mails() == []
    assert Incident.objects.get().assignee is None


def test_g6_06_a_user_without_key_settles_nothing(browse, teacher, dsl):
    incident = make_incident(teacher, recipients=[teacher])
    for person in (teacher, make_staff(kind="administrator")):
        answer = browse(person).post(f"/incidents/{incident.ref}/case/", {"status": "closed"})
        assert answer.status_code == 403
    assert Incident.objects.get().status == "active"
    assert settle(browse(dsl), status="closed").status_code == 302
    assert Incident.objects.get().closed_by_id == dsl.staff_id


@pytest.mark.parametrize("typed", [{"status": ""}, {"status": "x"}, {"assignee": "x"}])
def test_g6_06_what_cannot_be_is_refused_on_the_incidents_page(browse, dsl, typed):
    make_incident(dsl)
    answer = settle(browse(dsl), **typed)
    assert answer.status_code == 200
    assert "There is a problem" in Page(answer).text or "Error" in Page(answer).text
    assert Incident.objects.get().status == "active"


# Alerting


def test_g6_07_a_name_filters_registered_staff(browse, teacher):
    make_staff(given_name="Anaïs", family_name="Cohen")
    leaver = make_staff(given_name="Anaïs", family_name="Leaver")
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    answer = browse(teacher).post(
        "/staff/suggest/", {"query": "anais"}, content_type="application/json"
    )
    assert [one["label"] for one in answer.json()["results"]] == ["Anaïs Cohen"]


def test_g6_07_an_alert_groups_button_alerts_its_members_without_javascript(
    browse, teacher, dsl, add
):
    leaver, retired_member = make_staff(), make_staff()
    group = AlertGroup.objects.create(name="Safeguarding team")
    group.members.set([staff_row(one) for one in (dsl, leaver)])
    retired = AlertGroup.objects.create(name="Old team", is_active=False)
    retired.members.set([staff_row(retired_member)])
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    client = browse(teacher)
    form = form_of(client)
    assert form.offered["alert_groups"] == [str(group.ref)]
    assert any(one.startswith("Safeguarding team") for one in form.captions)
    other = make_staff()
    add(client, recipients=str(other.staff_ref), alert_groups=refs(group, retired))
    assert {one.recipient_id for one in Alert.objects.all()} == {dsl.staff_id, other.staff_id}


def test_g6_07_chosen_names_are_shown_and_removable(browse, teacher, dsl, add):
    form = Page(add(browse(teacher), text="", recipients=str(dsl.staff_ref))).form("Add Incident")
    assert form.fields["recipients"] == [str(dsl.staff_ref)]
    assert f"Remove {staff_row(dsl).display_name}" in form.captions


def test_g6_07_who_has_left_since_they_were_chosen_is_not_alerted(browse, teacher, dsl, add):
    leaver = make_staff()
    Staff.objects.filter(pk=leaver.staff_id).update(is_active=False)
    client = browse(teacher)
    answer = add(client, recipients=[str(leaver.staff_ref), str(dsl.staff_ref)])
    page = Page(answer)
    assert "Somebody you chose no longer works here" in page.text
    form = page.form("Add Incident")
    assert form.fields["recipients"] == [str(dsl.staff_ref)]
    form.submit(client)
    assert Alert.objects.get().recipient_id == dsl.staff_id


# Nothing typed is lost


def test_g6_09_an_invalid_field_leaves_everything_else_as_it_was_typed(
    browse, teacher, dsl, student, add, sealed_file
):
    elsie = make_student("Elsie")
    group = AlertGroup.objects.create(name="Safeguarding team")
    group.members.set([staff_row(dsl)])
    typed = {
        "student": refs(student),
        "text": ["One line.\nAnother."],
        "categories": [],
        "linked": refs(elsie),
        "monitor": refs(elsie),
        "share_documents": refs(elsie),
        "occurred_at_0": ["2026-02-02"],
        "occurred_at_1": ["08:30"],
        "status": ["closed"],
        "files": refs(sealed_file(teacher)),
        "recipients": [str(dsl.staff_ref)],
        "alert_groups": refs(group),
        "agencies": ["Police, Early Help"],
    }
    page = Page(add(browse(teacher), **typed))
    assert "Choose at least one category." in page.text
    kept = page.form("Add Incident").fields
    assert {name: kept.get(name, []) for name in typed} == typed


def test_g6_09_a_double_click_submits_once(browse, teacher, dsl, sealed_file, student, send_mails):
    client = browse(teacher)
    form = form_of(client)
    typed = {
        "student": str(student.ref),
        "text": "She was not collected.",
        "categories": str(categories()[0].ref),
        "recipients": str(dsl.staff_ref),
        "files": str(sealed_file(teacher).ref),
    }
    answers = [form.submit(client, **typed) for _ in range(3)]
    assert [(one.status_code, one.url) for one in answers] == [(302, "/")] * 3
    assert (Incident.objects.count(), Alert.objects.count()) == (1, 1)
    assert len(send_mails()) == 1


def test_g6_09_a_double_click_on_add_action_adds_once(browse, teacher, dsl, sealed_file):
    incident = make_incident(dsl, recipients=[teacher])
    client = browse(teacher)
    form = Page(client.get(f"/incidents/{incident.ref}/")).form("Add Action")
    typed = {
        "text": "Rang.",
        "files": str(sealed_file(teacher).ref),
        "recipients": str(dsl.staff_ref),
    }
    answers = [form.submit(client, **typed) for _ in range(2)]
    action = incident.actions.get()
    assert {one.url for one in answers} == {f"/incidents/{incident.ref}/#action-{action.ref}"}
    assert action.alerts.count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"text": "Something else happened."}, {"new_files": "b.txt"}, {"agencies": "Police"}],
)
def test_g6_09_a_form_sent_again_with_changes_is_another_incident(
    browse, teacher, student, changed
):
    client = browse(teacher)
    form = form_of(client)
    typed = {
        "student": str(student.ref),
        "text": "She was not collected.",
        "categories": str(categories()[0].ref),
    }
    form.submit(client, **typed, new_files=SimpleUploadedFile("a.txt", b"A\n"))
    if "new_files" in changed:
        changed = {"new_files": SimpleUploadedFile(changed["new_files"], b"A\n")}
    form.submit(client, **typed | changed)
    assert Incident.objects.count() == 2


def test_g6_09_one_persons_submission_does_not_stand_in_for_anothers(browse, teacher, student, add):
    other = make_staff()
    form = form_of(browse(teacher))
    typed = {
        "student": str(student.ref),
        "text": "She was not collected.",
        "categories": str(categories()[0].ref),
    }
    form.submit(browse(teacher), **typed)
    answer = form_of(browse(other)).submit(browse(other), **typed)
    assert answer.status_code == 302
    assert set(Incident.objects.values_list("author_id", flat=True)) == {
        teacher.staff_id,
        other.staff_id,
    }


def test_g6_09_each_form_that_is_opened_is_a_submission_of_its_own(browse, teacher, add):
    client = browse(teacher)
    assert form_of(client).fields["submission"] != form_of(client).fields["submission"]
    add(client)
    add(client)
    assert Incident.objects.count() == 2


def test_g6_09_files_of_the_form_are_not_dear_to_a_late_reader(browse, teacher, dsl, add):
    """Seven days later the author cannot open it any more; a key holder can."""
    with time_machine.travel(datetime(2026, 2, 2, tzinfo=UTC), tick=False) as clock:
        author = make_staff()
        add(browse(author))
        incident = Incident.objects.get()
        clock.shift(timedelta(days=8))
        assert browse(author).get(f"/incidents/{incident.ref}/").status_code == 404
        assert browse(dsl).get(f"/incidents/{incident.ref}/").status_code == 200
