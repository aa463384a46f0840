"""Names stay hidden in what comes back beside the texts: notes on maps, and amendments."""

import re
from html import unescape

import pytest

from core.identifiers import uuid7
from safeguarding.models import Amendment, Incident
from safeguarding.services.incidents import Link
from tests.factories import make_incident, make_student
from tests.safeguarding.test_hide_names import TEXT, categories, form, hide, kept_in


@pytest.fixture
def zoe(in_school_a):
    return make_student("Zoë", "Quirke")


@pytest.fixture
def maddy(in_school_a):
    return make_student("Maddy", "Brown")


def test_g7_01_g6_04_a_note_on_a_map_comes_back_with_stars_and_is_recorded_whole(
    browse, teacher, zoe, maddy
):
    client = browse(teacher)
    hide(client)
    marked = {"maps": "body_child", "maps_marker": "body_child|0.5|0.5"}
    page = client.post("/incidents/add/", form(zoe, maddy, **marked, maps_note="Zoë's arm"))
    assert "Zoë" not in unescape(page.text)
    sealed = re.search(r'name="maps_note" value="(kept_[^"]+)"', page.text)[1]
    sent = form(zoe, maddy, **marked, maps_note=sealed, categories=str(categories()[0].ref))
    assert client.post("/incidents/add/", sent).status_code == 302
    assert Incident.objects.get().markers.get().note == "Zoë's arm"


def test_g7_01_a_note_that_only_looks_kept_stays_as_it_was_typed(browse, teacher, zoe, maddy):
    marked = {"maps": "body_child", "maps_marker": "body_child|0.5|0.5"}
    sent = form(zoe, maddy, **marked, maps_note="kept_calm", categories=str(categories()[0].ref))
    assert browse(teacher).post("/incidents/add/", sent).status_code == 302
    assert Incident.objects.get().markers.get().note == "kept_calm"


def test_g7_01_an_amendment_is_written_with_names_hidden(browse, dsl, zoe, maddy):
    incident = make_incident(dsl, student=zoe, links=[Link(student=maddy)], text=TEXT)
    client = browse(dsl)
    path = f"/incidents/{incident.ref}/amend/"
    assert "Zoë" in client.get(path).text
    hide(client)
    page = client.get(path)
    assert "Zoë" not in unescape(page.text)
    day = re.search(r'name="occurred_at_0" value="([^"]+)"', page.text)[1]
    sent = {
        "submission": str(uuid7()),
        "version": "0",
        "kept_text": kept_in(page),
        "reason": "Zoë was not there.",
        "occurred_at_0": day,
        "occurred_at_1": "00:01",
    }
    switched = client.post(path, sent | {"names": "hide"})
    assert "Zoë" not in unescape(switched.text)
    assert Amendment.objects.count() == 0
    assert client.post(path, sent).status_code == 302
    incident.refresh_from_db()
    assert incident.text == TEXT
    assert Amendment.objects.get().reason == "Zoë was not there."
    assert "Zoë" not in unescape(client.get(f"/incidents/{incident.ref}/").text)
