"""The school's agencies (acceptance G6.1)."""

import re

import pytest

from core.audit.models import AuditEntry
from safeguarding.services.agencies import add_agency
from schools.models import Agency
from tests.factories import make_action, make_incident, make_student

LIST = "/administration/agencies/"


@pytest.fixture
def client(browse, administrator):
    return browse(administrator)


def path_of(name):
    return f"{LIST}{Agency.objects.get(name=name).ref}/"


def test_g6_01_agencies_are_listed_with_how_often_each_is_named(client, teacher, dsl):
    incident = make_incident(teacher, agencies=["Police"])
    make_action(dsl, incident, agencies=["Police"])
    make_incident(teacher, agencies=["Early Help"])
    page = client.get(LIST).text
    assert "named 2 times" in page
    assert "named once" in page


def test_g6_01_an_agency_is_added_renamed_retired_and_brought_back_on_record(client, teacher):
    client.post(LIST, {"name": "Polise"})
    incident = make_incident(teacher, agencies=["Polise"])
    client.post(path_of("Polise"), {"name": "Police"})
    assert [one.name for one in incident.agencies.all()] == ["Police"]
    assert '<option value="Police">' in client.get("/incidents/add/").text
    client.post(f"{path_of('Police')}retire/")
    assert '<option value="Police">' not in client.get("/incidents/add/").text
    assert not Agency.objects.get().is_active
    client.post(f"{path_of('Police')}bring-back/")
    assert Agency.objects.get().is_active
    verbs = AuditEntry.objects.filter(verb__startswith="agency.").order_by("id")
    assert [one.verb for one in verbs] == [
        "agency.added", "agency.renamed", "agency.retired", "agency.brought_back",
    ]  # fmt: skip


def test_g6_01_renaming_to_anothers_name_merges_after_a_question(client, teacher, dsl):
    both = make_incident(teacher, agencies=["Police", "The police"])
    one = make_incident(teacher, agencies=["The police"])
    action = make_action(dsl, one, agencies=["The police"])
    path = path_of("The police")
    page = client.post(path, {"name": "POLICE"}).text
    assert "There is an agency with this name already" in page
    assert one.agencies.get().name == "The police"
    client.post(path, {"merge": str(Agency.objects.get(name="Police").ref)})
    assert [a.name for row in (both, one, action) for a in row.agencies.all()] == ["Police"] * 3
    assert not Agency.objects.get(name="The police").is_active
    entry = AuditEntry.objects.get(verb="agency.merged")
    assert entry.facts["uses"] == 2


@pytest.mark.parametrize("into", ["1", "01a20fbe-e4dc-740a-89b6-55169f0be1af"])
def test_g6_01_merging_into_what_is_no_agency_changes_nothing(client, into):
    client.post(LIST, {"name": "Polise"})
    assert client.post(path_of("Polise"), {"merge": into}).status_code == 404
    assert Agency.objects.get().is_active


@pytest.mark.parametrize("name", ["Friends of Zoe Quirke", "ZoeQuirke Advocacy"])
def test_g7_01_with_names_hidden_an_agencys_name_holds_no_students(client, name):
    make_student("Zoë", "Quirke")
    client.post(LIST, {"name": name})
    page = path_of(name)
    assert f'<option value="{name}">' in client.get("/incidents/add/").text
    client.post("/names/", {"names": "hide", "next": "/"})
    for path in (LIST, "/incidents/add/"):
        assert "Quirke" not in client.get(path).text
    shown = client.get(page).text
    assert "Quirke" not in shown
    kept = re.search(r'name="kept_name" value="([^"]+)"', shown).group(1)
    assert name in client.post(page, {"kept_name": kept, "names": "show"}).text


def test_g6_01_a_name_that_is_taken_or_has_a_comma_is_refused(client):
    client.post(LIST, {"name": "Police"})
    assert "already" in client.post(LIST, {"name": "police"}).text
    assert "comma" in client.post(LIST, {"name": "Health, Education"}).text
    assert Agency.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 100])
def test_g2_05_the_list_asks_the_same_questions(
    rows, client, administrator, django_assert_num_queries
):
    for number in range(rows):
        add_agency(actor=administrator, name=f"Agency {number}")
    with django_assert_num_queries(9):
        assert client.get(LIST).text.count("ui-row__link") == rows
