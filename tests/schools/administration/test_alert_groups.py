"""Alert groups: names, members, buttons (acceptance G6.7)."""

import pytest
from django.urls import reverse

from core.audit.models import AuditEntry
from core.identifiers import uuid7
from schools import selectors
from schools.models import AlertGroup, Staff
from schools.services import alert_groups as services
from schools.services import staff as staff_services
from schools.terms import Refusal
from tests.factories import entries_about, make_staff, staff_row

LIST = "/administration/alert-groups/"
ADD = f"{LIST}add/"


@pytest.fixture
def client(browse, administrator):
    """An administrator's browser."""
    return browse(administrator)


@pytest.fixture
def team(administrator, teacher, dsl):
    """A group of two."""
    members = [staff_row(teacher), staff_row(dsl)]
    return services.add_alert_group(actor=administrator, name="Safeguarding team", members=members)


def page_of(group):
    return f"{LIST}{group.ref}/"


def members_of(group):
    return {member.ref for member in group.members.all()}


def test_g6_07_school_without_groups_is_told_what_they_are_for(client):
    assert "No alert groups yet." in client.get(LIST).content.decode()


def test_g6_07_administrator_adds_a_group_whose_button_then_alerts_its_members(
    client, browse, teacher, dsl, administrator
):
    refs = [str(teacher.staff_ref), str(dsl.staff_ref)]
    answer = client.post(ADD, {"name": "Safeguarding team", "members": refs}, follow=True)
    page = answer.content.decode()
    assert "‘Safeguarding team’ was added." in page
    assert f"2 people: {dsl.name}, {teacher.name}" in _words(page)
    group = AlertGroup.objects.get()
    assert members_of(group) == {teacher.staff_ref, dsl.staff_ref}
    entry = AuditEntry.objects.get(verb="alert_group.added")
    assert (entry.user_id, entry.subject_ref) == (administrator.user_id, group.ref)
    assert set(entry.facts["members"]) == set(refs)
    form = browse(teacher).get("/incidents/add/").content.decode()
    assert f'value="{group.ref}"' in form
    assert "Safeguarding team" in form


def _words(page):
    return " ".join(page.replace('<span class="ui-staff">', "").replace("</span>", "").split())


def test_g6_07_typing_a_name_offers_registered_staff(client, teacher):
    address = reverse("suggest_staff", urlconf="config.urls.school")
    assert address in client.get(ADD).content.decode()
    typed = {"query": teacher.name.split()[1][:5]}
    found = client.post(address, typed, content_type="application/json").json()["results"]
    assert str(teacher.staff_ref) in [one["ref"] for one in found]


def test_g6_07_without_scripts_members_are_chosen_from_a_list(client, teacher):
    assert f'<option value="{teacher.staff_ref}">' in client.get(f"{ADD}?list=1").content.decode()


def test_g6_07_administrator_changes_name_and_members(client, team, teacher, administrator):
    page = client.get(page_of(team)).content.decode()
    assert str(teacher.staff_ref) in page
    new = {"name": "Safeguarding leads", "members": [str(administrator.staff_ref)]}
    assert client.post(page_of(team), new).url == LIST
    team.refresh_from_db()
    assert team.name == "Safeguarding leads"
    assert members_of(team) == {administrator.staff_ref}
    assert AuditEntry.objects.filter(verb="alert_group.changed", subject_ref=team.ref).exists()


def test_g6_07_retired_group_is_kept_but_not_offered_and_comes_back(client, team):
    assert selectors.offered_alert_groups() == [team]
    client.post(page_of(team) + "retire/")
    assert selectors.offered_alert_groups() == []
    assert "Retired" in client.get(LIST).content.decode()
    client.post(page_of(team) + "bring-back/")
    assert selectors.offered_alert_groups() == [team]
    verbs = entries_about(team.ref)
    assert list(verbs.values_list("verb", flat=True)) == [
        "alert_group.added",
        "alert_group.retired",
        "alert_group.brought_back",
    ]


@pytest.mark.parametrize("name", ["safeguarding TEAM", " Safeguarding  team "])
def test_g6_07_taken_name_is_refused_at_the_field_and_nothing_is_cleared(
    client, team, teacher, name
):
    answer = client.post(ADD, {"name": name, "members": [str(teacher.staff_ref)]})
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"name": [Refusal.ALERT_GROUP_NAME_TAKEN.sentence]}
    assert str(teacher.staff_ref) in answer.content.decode()
    assert AlertGroup.objects.get() == team


def test_g6_07_taken_name_is_refused_when_renaming(client, team, teacher, administrator):
    other = services.add_alert_group(
        actor=administrator, name="Pastoral", members=[*Staff.objects.all()]
    )
    new = {"name": "safeguarding team", "members": [str(teacher.staff_ref)]}
    answer = client.post(page_of(other), new)
    assert answer.context["form"].errors == {"name": [Refusal.ALERT_GROUP_NAME_TAKEN.sentence]}
    assert other.members.count() == Staff.objects.count()


def test_g6_07_group_without_members_is_refused(client):
    answer = client.post(ADD, {"name": "Nobody"})
    assert answer.context["form"].errors == {"members": ["Choose at least one member."]}
    assert not AlertGroup.objects.exists()


@pytest.mark.parametrize("ref", ["not-a-reference", str(uuid7())])
def test_t31_forged_member_is_refused_at_the_field(client, teacher, ref):
    answer = client.post(ADD, {"name": "Team", "members": [str(teacher.staff_ref), ref]})
    assert list(answer.context["form"].errors) == ["members"]
    assert not AlertGroup.objects.exists()


def test_t34_deactivated_member_is_shown_nowhere_and_cannot_be_chosen(
    client, team, teacher, dsl, administrator
):
    assert teacher.name in _words(client.get(LIST).content.decode())
    staff_services.deactivate_staff(actor=administrator, ref=teacher.staff_ref)
    for address in (LIST, page_of(team), f"{page_of(team)}?list=1"):
        page = client.get(address).content.decode()
        assert teacher.name not in _words(page)
        assert str(teacher.staff_ref) not in page
    refs = [str(dsl.staff_ref), str(teacher.staff_ref)]
    answer = client.post(page_of(team), {"name": team.name, "members": refs})
    assert "no longer works here" in answer.context["form"].errors["members"][0]
    staff_services.deactivate_staff(actor=administrator, ref=dsl.staff_ref)
    assert "Nobody left in it" in client.get(LIST).content.decode()


def test_t41_script_in_a_name_is_shown_as_text(client, teacher):
    client.post(ADD, {"name": "<b>Team</b>", "members": [str(teacher.staff_ref)]})
    for address in (LIST, page_of(AlertGroup.objects.get())):
        page = client.get(address).content.decode()
        assert "&lt;b&gt;Team&lt;/b&gt;" in page
        assert "<b>Team" not in page


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_g2_05_list_of_any_length_asks_the_same_questions(
    rows, client, administrator, django_assert_num_queries
):
    member = staff_row(make_staff("member"))
    for number in range(rows):
        AlertGroup.objects.create(name=f"Group {number}").members.set([member])
    with django_assert_num_queries(QUERIES):
        page = client.get(LIST).content.decode()
    assert page.count("ui-row__link") == rows


#: Two search paths, school, session, account, who acts, alert groups, their members, and the
#: unread alerts (the bell of every page).
QUERIES = 11
