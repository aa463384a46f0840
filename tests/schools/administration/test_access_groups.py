"""Access groups: what an administrator decides, sees before it holds, and cannot do."""

from typing import Any

import pytest

from schools import policies
from schools.models import AccessGroup, Category, Staff
from schools.policies import AccessGroupFacts
from schools.terms import Refusal
from tests.factories import categories, entries_about, make_staff, staff_row

LIST = "/administration/access-groups/"


@pytest.fixture
def holders(in_school_a: Any) -> AccessGroup:
    return AccessGroup.objects.get(name="Key holders")


def said(**rights: Any) -> dict[str, Any]:
    return {"name": "Deputies", "sees_categories": "all", "sees_years": "all", **rights}


def whole(**rights: Any) -> dict[str, Any]:
    every = dict.fromkeys(("can_add", "holds_key", "can_assign", "can_export"), "on")
    return said(**{"name": "Key holders", **every, **rights})


def agreed(page: Any, posted: dict[str, Any]) -> dict[str, Any]:
    """Return the form that agrees to what the page shows."""
    return {**posted, "agreed": page.context["form"].shown}


def test_t33_every_right_is_explained_and_a_group_is_added_with_its_scope(browse, administrator):
    client = browse(administrator)
    page = client.get(f"{LIST}add/").content.decode()
    for words in ("Hold the key", "Assign incidents", "Export", "Administer the school"):
        assert words in page
    assert "It opens no incident by itself" in page
    medical = categories("Medical")[0]
    narrow = said(
        can_add="on",
        holds_key="on",
        can_assign="on",
        sees_categories="chosen",
        categories=[str(medical.ref)],
        sees_years="chosen",
        year_groups=["R", "1"],
    )
    assert client.post(f"{LIST}add/", narrow).status_code == 302
    group = AccessGroup.objects.get(name="Deputies")
    assert (group.holds_key, group.can_assign, group.can_export) == (True, True, False)
    assert (list(group.categories.all()), group.year_groups) == ([medical], ["1", "R"])
    entry = entries_about(group.ref).get()
    assert entry.verb == "access_group.added"
    assert entry.facts["categories"] == [str(medical.ref)]
    page = client.get(LIST).content.decode()
    assert "Deputies" in page
    assert "Reception, Year 1" in page


def test_t33_what_a_change_takes_away_is_shown_before_it_is_saved(
    browse, administrator, dsl, holders
):
    for _ in range(2):
        make_staff("deputy", kind="key_holder")
    client, path = browse(administrator), f"{LIST}{holders.ref}/"
    kept = [str(one.ref) for one in Category.objects.exclude(name="Child Protection")]
    posted = whole(sees_categories="chosen", categories=kept)
    del posted["can_export"]
    page = client.post(path, posted)
    text = page.content.decode()
    assert "3 people will no longer see Child Protection." in text
    assert "3 people may no longer export." in text
    holders.refresh_from_db()
    assert holders.sees_all_categories, "nothing is saved yet"
    assert client.post(path, agreed(page, posted)).status_code == 302
    holders.refresh_from_db()
    assert (holders.sees_all_categories, holders.can_export) == (False, False)
    assert entries_about(holders.ref).filter(verb="access_group.changed").count() == 1


def test_t33_whoever_agreed_to_one_change_has_not_agreed_to_another(
    browse, administrator, dsl, holders
):
    client, path = browse(administrator), f"{LIST}{holders.ref}/"
    first = whole(sees_years="chosen", year_groups=["1"])
    page = client.post(path, first)
    other = agreed(page, whole(sees_years="chosen", year_groups=["2"]))
    assert "Check what this changes" in client.post(path, other).content.decode()
    holders.refresh_from_db()
    assert holders.sees_all_years


def test_t33_nobody_changes_the_access_group_that_they_are_in(browse, administrator, in_school_a):
    own = staff_row(administrator).access_group
    path = f"{LIST}{own.ref}/"
    client = browse(administrator)
    assert "nobody changes their own access" in client.get(path).content.decode()
    raised = said(name=own.name, administers="on", holds_key="on", can_export="on")
    assert client.post(path, raised).status_code == 403
    own.refresh_from_db()
    assert not own.holds_key


def test_t33_a_group_without_which_nobody_administers_keeps_the_right(in_school_a):
    facts = AccessGroupFacts(is_own=False, is_last_with_administrators=True, is_default=False)
    keeps = policies.why_not_rights(facts, holds_key=True, administers=True, needs_key=True)
    loses = policies.why_not_rights(facts, holds_key=True, administers=False, needs_key=True)
    assert (keeps, loses) == (None, Refusal.LAST_ADMINISTRATOR)


@pytest.mark.parametrize(
    ("rights", "words"),
    [
        ({"can_export": "on"}, "Only key holders assign and export."),
        ({"name": "staff"}, "There is an access group with this name already."),
        ({"holds_key": "on", "sees_categories": "chosen"}, "Tick at least one category."),
        ({"holds_key": "on", "sees_years": "chosen"}, "Tick at least one year group."),
        ({"holds_key": "on", "sees_years": "chosen", "year_groups": ["14"]}, "is not one of"),
    ],
)
def test_t33_what_makes_no_sense_is_refused_at_its_field(browse, administrator, rights, words):
    client = browse(administrator)
    before = AccessGroup.objects.count()
    assert words in client.post(f"{LIST}add/", said(**rights)).content.decode()
    assert AccessGroup.objects.count() == before


def test_t33_the_group_of_new_staff_never_holds_the_key(browse, administrator, in_school_a):
    group = AccessGroup.objects.get(is_default=True)
    page = browse(administrator).post(f"{LIST}{group.ref}/", whole(name="Staff"))
    page = browse(administrator).post(f"{LIST}{group.ref}/", agreed(page, whole(name="Staff")))
    assert "New staff come into this group by themselves" in page.content.decode()
    group.refresh_from_db()
    assert not group.holds_key


def test_t33_key_holders_and_staff_do_not_come_near(browse, administrator, dsl, teacher, holders):
    for path in (LIST, f"{LIST}add/", f"{LIST}{holders.ref}/"):
        assert browse(administrator).get(path).status_code == 200
        for who in (dsl, teacher):
            assert browse(who).get(path).status_code == 403
            assert browse(who).post(path, whole()).status_code == 403


def test_t33_a_change_holds_from_the_next_request_of_an_open_session(
    browse, administrator, dsl, holders
):
    theirs = browse(dsl)
    assert theirs.get("/audit/export/").status_code == 200
    posted = whole()
    del posted["can_export"]
    client, path = browse(administrator), f"{LIST}{holders.ref}/"
    client.post(path, agreed(client.post(path, posted), posted))
    assert theirs.get("/audit/export/").status_code == 403


def test_t33_what_was_before_narrowing_came_stays_so(in_school_a, holders):
    assert Staff.objects.filter(access_group=holders).count() == 0
    assert (holders.can_add, holders.can_assign, holders.can_export) == (True, True, True)
    assert (holders.sees_all_categories, holders.sees_all_years) == (True, True)
    default = AccessGroup.objects.get(is_default=True)
    assert (default.can_add, default.can_assign, default.can_export) == (True, False, False)
