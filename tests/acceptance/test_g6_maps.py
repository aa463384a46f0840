"""Maps with numbered markers on an incident (acceptance G6.4, G4.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.models import Draft, Incident, Marker
from tests.acceptance.page import Page, in_order
from tests.acceptance.steps import form_of, url
from tests.factories import make_incident, make_student
from ui.figures import HEIGHT, PLACES, WIDTH, place_at
from ui.maps import MapsValue, body_maps, marked_maps, read
from ui.maps import Marker as Posted

FOREARM = "body_child|0.3800|0.4100"
BESIDE = "body_child|0.0100|0.0100"


def rows():
    return list(Marker.objects.order_by("id").values_list("figure", "number", "note"))


def test_g6_01_maps_stand_after_the_linked_students_and_before_the_date(browse, teacher):
    wanted = ["Linked student(s)", "Maps", "Date/Time"]
    captions = form_of(browse(teacher)).captions
    assert list(dict.fromkeys(in_order(captions, wanted))) == wanted


def test_g6_04_the_body_map_is_offered_and_none_is_open(browse, teacher):
    form = form_of(browse(teacher))
    assert "Add a map: Body Map: child" in form.captions
    assert "maps" not in form.fields


def test_g6_04_markers_are_recorded_with_the_incident_and_numbered_on_each_map(
    browse, teacher, add
):
    answer = add(
        browse(teacher),
        maps=["body_child", "body_adult"],
        maps_marker=[FOREARM, "body_adult|0.5|1", BESIDE],
        maps_note=["A bruise,\n a coin’s size", "", "On the coat"],
    )
    assert answer.status_code == 302
    assert rows() == [
        ("body_child", 1, "A bruise, a coin’s size"),
        ("body_child", 2, "On the coat"),
        ("body_adult", 1, ""),
    ]
    first = Marker.objects.get(note__startswith="A bruise")
    assert (float(first.x), float(first.y)) == (0.38, 0.41)
    assert first.incident == Incident.objects.get()


def test_g6_04_a_map_without_a_marker_is_not_recorded(browse, teacher, add):
    assert add(browse(teacher), maps=["body_child"]).status_code == 302
    assert Incident.objects.count() == 1
    assert rows() == []


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        (
            {"maps_marker": [FOREARM], "maps_note": ["x" * 301]},
            "The note of marker 1 on ‘Body Map: child’ has 301 characters. Keep it to 300.",
        ),
        (
            {"maps_marker": [FOREARM] * 51, "maps_note": [""] * 51},
            "‘Body Map: child’ has 51 markers. Keep it to 50.",
        ),
        ({"maps_marker": ["body_child|1.2|0.1"]}, "A marker could not be read. Place it again."),
        ({"maps_marker": ["body_child|nan|0.1"]}, "A marker could not be read. Place it again."),
        ({"maps_marker": ["moon|0.2|0.1"]}, "That map is no longer there. Choose another."),
    ],
)
def test_g6_04_what_is_wrong_with_markers_is_said_at_the_field(browse, teacher, add, posted, said):
    page = Page(add(browse(teacher), **posted))
    assert said in page.text
    assert "#id_maps" in [to for _, to in page.links]
    assert not Incident.objects.exists()


def test_g6_04_a_form_with_an_error_brings_markers_and_notes_back(browse, teacher, add):
    answer = add(
        browse(teacher),
        text="",
        maps=["body_child"],
        maps_marker=[FOREARM],
        maps_note=["A scratch"],
    )
    form = Page(answer).form("Add Incident")
    assert form.fields["maps"] == ["body_child"]
    assert form.fields["maps_marker"] == [FOREARM]
    assert form.fields["maps_note"] == ["A scratch"]
    assert add(browse(teacher), **{k: form.fields[k] for k in ("maps_marker", "maps_note")})
    assert rows() == [("body_child", 1, "A scratch")]


def test_g6_04_without_javascript_a_map_is_opened_pointed_at_and_cleared(browse, teacher, add):
    client = browse(teacher)
    form = Page(add(client, maps_step="open:body_child", text="Half a sen")).form("Add Incident")
    assert form.fields["maps"] == ["body_child"]
    assert form.fields["text"] == ["Half a sen"]
    high = 280 * HEIGHT / WIDTH
    at = {"maps_at_body_child.x": "140", "maps_at_body_child.y": str(round(high / 2))}
    form = Page(form.submit(client, **at)).form("Add Incident")
    assert form.fields["maps_marker"] == ["body_child|0.5000|0.5000"]
    place = {"maps_step": "place:body_child", "maps_place_body_child": "front-left-forearm"}
    page = Page(form.submit(client, maps_note=["Red"], **place))
    form = page.form("Add Incident")
    assert form.fields["maps_note"] == ["Red", ""]
    assert "front, left forearm" in page.text
    assert "Enter" not in page.between("There is a problem", "Add Incident")
    form = Page(form.submit(client, maps_step="remove:0")).form("Add Incident")
    assert len(form.fields["maps_marker"]) == 1
    form = Page(form.submit(client, maps_step="close:body_child")).form("Add Incident")
    assert "maps_marker" not in form.fields
    assert "maps" not in form.fields
    assert not Incident.objects.exists()
    assert form.submit(client).status_code == 302
    assert Incident.objects.get().text == "Half a sen"


@pytest.mark.parametrize(
    "step",
    [
        {"maps_step": "open:moon"},
        {"maps_step": "place:body_child"},
        {"maps_step": ""},
        {"maps_at_moon.x": "1", "maps_at_moon.y": "1"},
        {"maps_at_body_child.x": "0", "maps_at_body_child.y": "0"},
    ],
)
def test_g6_04_a_step_that_makes_no_sense_changes_nothing(browse, teacher, add, step):
    form = Page(add(browse(teacher), maps_marker=[FOREARM], maps_note=["Red"], **step)).form(
        "Add Incident"
    )
    assert form.fields["maps_marker"] == [FOREARM]
    assert not Incident.objects.exists()


def test_g6_04_markers_come_back_after_the_session_ended(browse, teacher, add):
    client = browse(teacher)
    form = form_of(client)
    client.logout()
    form.submit(browse(), text="Kept.", maps_marker=[FOREARM], maps_note=["A mark"])
    draft = Draft.objects.get().submission
    page = Page(browse(teacher).get(f"/incidents/add/?draft={draft}"))
    form = page.form("Add Incident")
    assert form.fields["maps_marker"] == [FOREARM]
    assert form.fields["maps_note"] == ["A mark"]


def marked(author, **facts):
    markers = [Posted("body_child", 0.38, 0.41, "A bruise"), Posted("body_child", 0.25, 0.1)]
    return make_incident(author, maps=marked_maps(body_maps(), markers), **facts)


def test_g4_01_the_incident_shows_its_map_its_markers_and_where_they_are(browse, dsl):
    page = Page(browse(dsl).get(url(marked(dsl))))
    assert "Maps Body Map: child" in page.text
    said = page.between("Body Map: child", "Left and right are the student's own.")
    assert "1 front, left forearm A bruise 2 front, forehead" in said


def test_g4_01_a_linked_students_record_shows_the_markers_too(browse, dsl):
    elsie = make_student("Elsie", "Davies")
    from safeguarding.services.incidents import Link

    marked(dsl, links=[Link(student=elsie)])
    page = Page(browse(dsl).get(f"/students/{elsie.ref}/"))
    assert "front, left forearm A bruise" in page.text


def test_g4_01_an_incident_without_markers_says_nothing_of_maps(browse, dsl):
    assert "Body Map" not in Page(browse(dsl).get(url(make_incident(dsl)))).text


def test_g4_01_markers_cost_a_record_one_query_however_many(browse, dsl, statements):
    student, client = make_student(), browse(dsl)
    marked(dsl, student=student)
    path = f"/students/{student.ref}/"
    client.get(path)
    with statements() as one:
        client.get(path)
    for _ in range(20):
        marked(dsl, student=student)
    with statements() as many:
        assert client.get(path).content.count(b"A bruise") == 21
    assert len(many) == len(one)


# Coordinates


@given(st.floats(0, 1), st.floats(0, 1))
def test_g6_04_a_place_survives_being_posted_and_read(x, y):
    posted = Posted("body_adult", x, y, "note")
    held = read({"m_marker": [posted.posted], "m_note": ["note"]}, "m")
    (marker,) = held.markers
    assert abs(marker.x - x) <= 0.00005
    assert abs(marker.y - y) <= 0.00005
    assert marker.posted == posted.posted


@given(st.text(max_size=30))
def test_g6_04_what_is_no_marker_is_never_one(typed):
    held = read({"m_marker": [f"body_adult|{typed}|0.5"], "m_note": []}, "m")
    assert isinstance(held, MapsValue)
    assert all(0 <= marker.x <= 1 for marker in held.markers)


@given(st.sampled_from(sorted(PLACES)), st.floats(0, 1), st.floats(0, 1))
def test_g6_04_left_and_right_change_sides_when_the_point_does(figure, x, y):
    """The figures are symmetrical: what is left of one point is right of its mirror image."""
    places, at_y = PLACES[figure], y * HEIGHT
    half = 0 if x < 0.5 else 200
    there, mirrored = x * WIDTH, 2 * half + 200 - x * WIDTH
    swap = {"left": "right", "right": "left"}
    said = str(place_at(places, there, at_y)).split()
    other = str(place_at(places, mirrored, at_y)).split()
    on_an_edge = (
        any(
            abs(there - px) < 0.11 or abs(mirrored - px) < 0.11 or abs(at_y - py) < 0.11
            for one in places
            for px, py in one.points
        )
        or abs(there % 200 - 100) < 0.2
        or there % 200 < 0.2
    )
    assert on_an_edge or [swap.get(word, word) for word in said] == other


@pytest.mark.parametrize("figure", sorted(PLACES))
def test_g6_04_a_marker_placed_by_name_lies_where_the_name_says(figure):
    for place in PLACES[figure]:
        if not place.code.endswith("beside"):
            assert str(place_at(PLACES[figure], *place.middle)) == str(place.words), place.code
