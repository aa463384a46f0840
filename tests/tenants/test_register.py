"""The DfE's register: read as it is published, loaded whole, refused with the line."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from core.tenancy import in_control_plane
from tenants.models import Establishment
from tenants.slugs import LONGEST, likeness, suggestions
from tests.tenants.registers import line, write


def load(path):
    told = StringIO()
    call_command("load_gias", str(path), stdout=told)
    return told.getvalue().strip()


def known(urn):
    with in_control_plane():
        return Establishment.objects.get(urn=urn)


@pytest.mark.django_db
def test_an_extract_is_loaded_in_its_own_encoding_with_columns_in_any_order(tmp_path):
    one = line("100001", "St Zoë’s “Little” Primary School", CloseDate="31-08-2031")
    backwards = dict(reversed(one.items()))
    assert load(write(tmp_path / "a.csv", backwards)) == "1 establishments, 1 of them new."
    row = known("100001")
    assert row.name == "St Zoë’s “Little” Primary School"
    assert row.address == "1 High Street, Oakham, LE15 6AA"
    assert (row.phase, row.local_authority, row.trust) == ("Primary", "Rutland", "Elm Trust")
    assert (row.pupils, row.low_age) == (210, None)
    assert (row.opened_on, row.closed_on) == (date(2012, 9, 1), date(2031, 8, 31))


@pytest.mark.django_db
def test_loading_again_changes_what_changed_and_keeps_what_is_gone(tmp_path):
    load(write(tmp_path / "a.csv", line("100001", "Ash"), line("100002", "Birch")))
    first = known("100002").loaded_at
    told = load(write(tmp_path / "b.csv", line("100001", "Ash Academy"), line("100003", "Cedar")))
    assert told == "2 establishments, 1 of them new."
    assert known("100001").name == "Ash Academy"
    assert known("100002").loaded_at == first < known("100001").loaded_at


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"URN": "12345"}, "Line 3: a URN of six digits"),
        ({"EstablishmentName": " "}, "Line 3: a URN of six digits and a name"),
        ({"NumberOfPupils": "many"}, "Line 3, NumberOfPupils: give a whole number"),
        ({"OpenDate": "2012-09-01"}, "Line 3, OpenDate: give a day as dd-mm-yyyy"),
        ({"Town": "x" * 201}, "Line 3: a word is longer than 200"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_loaded(tmp_path, wrong, said):
    path = write(tmp_path / "a.csv", line("100001", "Ash"), line("100002", "Birch", **wrong))
    with pytest.raises(CommandError, match=said):
        load(path)
    with in_control_plane():
        assert not Establishment.objects.exists()


@pytest.mark.django_db
def test_what_is_no_extract_is_refused_with_what_to_do(tmp_path):
    short = line("100001", "Ash")
    del short["Trusts (code)"]
    with pytest.raises(CommandError, match=r"Columns are missing: Trusts \(code\)"):
        load(write(tmp_path / "a.csv", short))
    (tmp_path / "b.csv").write_bytes(
        write(tmp_path / "c.csv", line("100001", "Ash")).read_bytes() + b"\x81\r\n"
    )
    with pytest.raises(CommandError, match="not Windows-1252"):
        load(tmp_path / "b.csv")
    with pytest.raises(CommandError, match="cannot be read"):
        load(tmp_path / "none.csv")


def test_slugs_are_suggested_from_name_town_and_urn():
    assert list(suggestions("St Mary's CofE Primary School", "Oakham", "100001")) == [
        "st-marys-cofe-primary",
        "st-marys-cofe-primary-oakham",
        "st-marys-cofe-primary-100001",
        "school-100001",
    ]
    assert next(suggestions("The School", "Oakham", "100001")) == "the"
    assert next(suggestions("6th Form", "Leeds", "100001")) == "school-100001"


@given(st.text(max_size=120), st.text(max_size=40))
def test_every_suggestion_is_an_address(name, town):
    from tenants.models.schools import SLUG_RULE

    for slug in suggestions(name, town, "100001"):
        SLUG_RULE(slug)
        assert 3 <= len(slug) <= LONGEST


def test_what_looks_alike_is_alike():
    for one, other in (("hillside", "hi11side"), ("barn-end", "bamend"), ("oak", "0ak")):
        assert likeness(one) == likeness(other)
    assert likeness("oak") != likeness("elm")
