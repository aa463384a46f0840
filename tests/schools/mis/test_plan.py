"""What an import would change."""

from collections.abc import Mapping
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from schools.mis.changes import Kind, KnownStaff, KnownStudent, Whose
from schools.mis.plan import ImportPlan, plan_import
from schools.mis.problems import Weight
from schools.mis.rows import BirthDate, ClassPlace, Roster, StaffRow, StudentRow
from tests.schools.mis.exports import TODAY, where

UPN, OTHER_UPN = "H801200001001", "K801200001002"
ids = count(1)


def row(sourced_id: str, **facts: Any) -> StudentRow:
    told = {"given_name": "Nia", "family_name": "Evans", "upn": "", "year_group": "4"}
    whole = {"line": 2, "upn_is_valid": True, **told, **facts}
    return StudentRow(sourced_id=sourced_id, **whole)


def student(sourced_id: str, **facts: Any) -> KnownStudent:
    number = next(ids)
    told = {"given_name": "Nia", "family_name": "Evans", "upn": "", "year_group": "4"}
    state = {"born_on": None, "class_name": "", "is_current": True, "left_on": None}
    whole = {"upn_is_valid": True, **told, **state, **facts}
    return KnownStudent(id=number, ref=UUID(int=number), sourced_id=sourced_id, **whole)


def left(sourced_id: str, **facts: Any) -> KnownStudent:
    return student(sourced_id, **{"is_current": False, "left_on": date(2026, 7, 20), **facts})


def staff_row(sourced_id: str, **facts: Any) -> StaffRow:
    told = {"given_name": "Tom", "family_name": "Okafor", "email": f"{sourced_id}@s.example"}
    return StaffRow(**{"line": 3, "sourced_id": sourced_id, "is_enabled": True, **told, **facts})


def staff(sourced_id: str, **facts: Any) -> KnownStaff:
    number = next(ids)
    told = {"given_name": "Tom", "family_name": "Okafor", "email": f"{sourced_id}@s.example"}
    state = {"is_active": True, "administers": False, "user_id": number, **told, **facts}
    return KnownStaff(id=number, ref=UUID(int=number), sourced_id=sourced_id, **state)


def roster(*rows: StudentRow | StaffRow, **said: Any) -> Roster:
    listed = frozenset(row.sourced_id for row in rows)
    return Roster(
        students=tuple(row for row in rows if isinstance(row, StudentRow)),
        staff=tuple(row for row in rows if isinstance(row, StaffRow)),
        **{"listed": listed, "mentioned": listed, "is_bulk": True, **said},
    )


def plan(said: Roster, *known: KnownStudent | KnownStaff, **options: Any) -> ImportPlan:
    return plan_import(
        said,
        students=[one for one in known if isinstance(one, KnownStudent)],
        staff=[one for one in known if isinstance(one, KnownStaff)],
        **{"today": TODAY, **options},
    )


def done(planned: ImportPlan) -> list[tuple[Kind, int | None, Mapping[str, object]]]:
    return [(one.kind, one.row_id, one.values) for one in planned.changes]


# Students ---------------------------------------------------------------------------------------


def test_a_new_pupil_is_created_with_everything_said():
    said = roster(
        row("p1", upn=UPN),
        birth_dates={"p1": BirthDate(line=2, born_on=date(2018, 1, 2))},
        classes={"p1": ClassPlace(line=2, title="4B")},
    )
    (change,) = plan(said).changes
    assert (change.whose, change.kind, change.file, change.line) == (
        Whose.STUDENT,
        Kind.CREATE,
        "users.csv",
        2,
    )
    assert change.values == {
        "sourced_id": "p1",
        "given_name": "Nia",
        "family_name": "Evans",
        "upn": UPN,
        "upn_is_valid": True,
        "year_group": "4",
        "born_on": date(2018, 1, 2),
        "class_name": "4B",
    }


def test_a_pupil_as_before_is_left_alone():
    planned = plan(roster(row("p1")), student("p1", born_on=date(2018, 1, 2), class_name="4B"))
    assert not planned.changes
    assert planned.unchanged[Whose.STUDENT] == 1


def test_only_what_differs_is_changed():
    one = student("p1", class_name="3A")
    said = roster(row("p1", year_group="5"), classes={"p1": ClassPlace(line=0, title="")})
    assert done(plan(said, one)) == [(Kind.UPDATE, one.id, {"year_group": "5", "class_name": ""})]


def test_a_pupil_missing_from_a_bulk_file_leaves():
    gone, stays = student("p1"), student("p2")
    planned = plan(roster(row("p2")), gone, stays)
    assert done(planned) == [(Kind.LEAVE, gone.id, {"is_current": False, "left_on": TODAY})]
    assert planned.changes[0].line == 0


@pytest.mark.parametrize(
    "said",
    [
        {"is_bulk": False},
        {"hides_somebody": True},
        {"listed": frozenset({"p1", "p2"})},
    ],
)
def test_nobody_leaves_because_of_a_delta_an_unreadable_row_or_a_bad_row(said):
    assert not plan(roster(row("p2"), **said), student("p1"), student("p2")).changes


def test_who_was_added_by_hand_never_leaves():
    assert not plan(roster(row("p2")), student(""), student("p2")).changes


def test_who_left_before_does_not_leave_again():
    assert not plan(roster(row("p2")), left("p1"), student("p2")).changes


def test_a_delta_row_says_who_has_gone():
    one = student("p1")
    planned = plan(roster(is_bulk=False, gone={"p1": 7, "p9": 8}), one)
    assert done(planned) == [(Kind.LEAVE, one.id, {"is_current": False, "left_on": TODAY})]
    assert planned.changes[0].line == 7


def test_a_returner_becomes_current_again():
    one = left("p1", year_group="3")
    expected = {"year_group": "4", "is_current": True, "left_on": None}
    assert done(plan(roster(row("p1")), one)) == [(Kind.RETURN, one.id, expected)]


def test_after_a_change_of_mis_pupils_are_known_by_their_upn():
    one = student("old", upn=UPN)
    assert done(plan(roster(row("new", upn=UPN)), one)) == [
        (Kind.UPDATE, one.id, {"sourced_id": "new"})
    ]


def test_of_two_with_that_upn_it_is_the_one_who_left_last():
    early, late = left("a", upn=UPN, left_on=date(2020, 7, 20)), left("b", upn=UPN)
    ((kind, row_id, _),) = done(plan(roster(row("new", upn=UPN)), late, early))
    assert (kind, row_id) == (Kind.RETURN, late.id)


@pytest.mark.parametrize(
    "known",
    [
        left("old", upn=UPN, upn_is_valid=False),
        left("old", upn=UPN, born_on=date(2017, 1, 2)),
    ],
)
def test_a_wrong_upn_or_another_birth_date_is_another_pupil(known):
    said = roster(
        row("new", upn=UPN), birth_dates={"new": BirthDate(line=2, born_on=date(2018, 1, 2))}
    )
    assert [kind for kind, _, _ in done(plan(said, known))] == [Kind.CREATE]


def test_a_upn_that_another_current_pupil_keeps_is_a_bad_row():
    said = roster(row("p2", upn=UPN, line=5), listed=frozenset({"p1", "p2"}), mentioned=frozenset())
    planned = plan(said, student("p1", upn=UPN))
    assert not planned.changes
    assert [where(problem) for problem in planned.problems] == [("users.csv", 5, "userIds")]


def test_a_row_left_out_for_its_upn_keeps_its_own_upn_from_others():
    said = roster(
        row("p1", upn=OTHER_UPN, line=2),
        row("p2", upn=UPN, line=3),
        listed=frozenset({"p1", "p2", "p3"}),
    )
    planned = plan(said, student("p1", upn=UPN), student("p2"), student("p3", upn=OTHER_UPN))
    assert not planned.changes
    assert [problem.line for problem in planned.problems] == [2, 3]


def test_two_pupils_may_swap_their_upns():
    said = roster(row("p1", upn=OTHER_UPN), row("p2", upn=UPN))
    planned = plan(said, student("p1", upn=UPN), student("p2", upn=OTHER_UPN))
    assert [change.values for change in planned.changes] == [{"upn": OTHER_UPN}, {"upn": UPN}]


def test_other_files_alone_may_change_a_pupil():
    one = student("p1")
    said = roster(is_bulk=False, birth_dates={"p1": BirthDate(line=4, born_on=date(2018, 1, 2))})
    planned = plan(said, one)
    assert done(planned) == [(Kind.UPDATE, one.id, {"born_on": date(2018, 1, 2)})]
    assert (planned.changes[0].file, planned.changes[0].line) == ("demographics.csv", 4)


def test_other_files_about_nobody_are_noticed():
    said = roster(is_bulk=False, birth_dates={"p9": BirthDate(line=4, born_on=None)})
    (problem,) = plan(said, student("p1")).problems
    assert where(problem) == ("demographics.csv", 4, "sourcedId")
    assert problem.weight is Weight.NOTICE


@pytest.mark.parametrize(("now", "then"), [("4B", ""), ("4C", "4C")])
def test_leaving_a_class_empties_it_only_if_it_was_that_class(now, then):
    place = ClassPlace(line=2, title="", left=frozenset({"4B"}))
    planned = plan(roster(row("p1"), classes={"p1": place}), student("p1", class_name=now))
    assert [change.values for change in planned.changes] == (
        [] if now == then else [{"class_name": then}]
    )


@pytest.mark.parametrize(
    ("number", "leaving", "is_refused"),
    [(20, 5, False), (20, 6, True), (16, 4, False), (4, 4, False), (5, 5, True)],
)
def test_more_than_a_quarter_leaving_is_refused(number, leaving, is_refused):
    known = [student(f"p{place}") for place in range(number)]
    said = roster(*(row(one.sourced_id) for one in known[leaving:]))
    planned = plan(said, *known)
    assert planned.is_refused(keep_good_rows=True) is is_refused
    assert not plan(said, *known, allow_leavers=True).is_refused(keep_good_rows=False)
    assert planned.counts()[Whose.STUDENT, Kind.LEAVE] == leaving


# Staff ------------------------------------------------------------------------------------------


def test_a_new_member_of_staff_is_created():
    (change,) = plan(roster(staff_row("t1"))).changes
    assert (change.whose, change.kind) == (Whose.STAFF, Kind.CREATE)
    assert change.values == {
        "sourced_id": "t1",
        "given_name": "Tom",
        "family_name": "Okafor",
        "email": "t1@s.example",
    }


def test_who_may_not_log_in_is_not_created():
    assert not plan(roster(staff_row("t1", is_enabled=False))).changes


def test_a_member_of_staff_as_before_is_left_alone():
    planned = plan(roster(staff_row("t1")), staff("t1"))
    assert not planned.changes
    assert planned.unchanged[Whose.STAFF] == 1


def test_name_and_address_follow_the_file():
    one = staff("t1")
    said = roster(staff_row("t1", family_name="Nair", email="new@s.example"))
    expected = {"family_name": "Nair", "email": "new@s.example"}
    assert done(plan(said, one)) == [(Kind.UPDATE, one.id, expected)]


def test_who_was_added_by_hand_is_known_by_their_address():
    one = staff("", email="t1@s.example", given_name="", administers=True)
    expected = {"sourced_id": "t1", "given_name": "Tom"}
    assert done(plan(roster(staff_row("t1")), one)) == [(Kind.UPDATE, one.id, expected)]


def test_an_address_of_another_person_is_a_bad_row():
    other = staff("old", email="t1@s.example", given_name="Ann")
    said = roster(staff_row("t1"), listed=frozenset({"t1", "old"}))
    planned = plan(said, other)
    assert not planned.changes
    assert [where(problem) for problem in planned.problems] == [("users.csv", 3, "email")]


def test_an_address_that_somebody_else_still_has_may_not_be_taken():
    said = roster(
        staff_row("t1", email="t2@s.example", line=2), staff_row("t2", email="x@s.example", line=3)
    )
    planned = plan(said, staff("t1"), staff("t2"))
    assert [where(problem) for problem in planned.problems] == [("users.csv", 2, "email")]


def test_an_account_without_staff_keeps_its_address():
    planned = plan(roster(staff_row("t1")), other_emails={"t1@s.example"})
    assert [where(problem) for problem in planned.problems] == [("users.csv", 3, "email")]


def test_after_a_change_of_mis_staff_are_known_by_address_and_name():
    one = staff("old", email="t1@s.example", given_name="TOM")
    planned = plan(roster(staff_row("t1")), one)
    assert done(planned) == [(Kind.UPDATE, one.id, {"sourced_id": "t1", "given_name": "Tom"})]


def test_the_next_person_with_a_leavers_address_does_not_get_the_leavers_account():
    leaver = staff("old", email="t1@s.example", given_name="Tessa", is_active=False)
    planned = plan(roster(staff_row("t1")), leaver)
    assert not planned.changes
    assert planned.is_refused(keep_good_rows=False)


def test_t34_staff_missing_from_a_bulk_file_are_switched_off():
    gone, by_hand = staff("t1"), staff("")
    planned = plan(roster(staff_row("t2")), gone, by_hand, staff("t2"))
    assert done(planned) == [(Kind.LEAVE, gone.id, {"is_active": False})]


@pytest.mark.parametrize(
    "said",
    [
        {"is_bulk": False, "gone": {"t1": 4}, "listed": frozenset({"t1"})},
        {"staff": (staff_row("t1", is_enabled=False, line=4),)},
    ],
)
def test_t34_staff_whom_the_file_lets_go_are_switched_off(said):
    one = staff("t1")
    base = roster(staff_row("t2"))
    rows = said.get("staff", ())
    planned = plan(
        Roster(
            staff=(*base.staff, *rows),
            listed=frozenset({"t1", "t2"}),
            is_bulk=said.get("is_bulk", True),
            gone=said.get("gone", {}),
        ),
        one,
        staff("t2"),
    )
    assert done(planned) == [(Kind.LEAVE, one.id, {"is_active": False})]
    assert planned.changes[0].line == 4


def test_who_was_switched_off_by_hand_stays_so_and_it_is_said():
    planned = plan(roster(staff_row("t1", family_name="Nair")), staff("t1", is_active=False))
    assert not planned.changes
    assert [problem.weight for problem in planned.problems] == [Weight.NOTICE]


def test_t33_the_last_administrators_stay():
    head, deputy = staff("t1", administers=True), staff("t2", administers=True)
    assert not plan(roster(staff_row("t3")), head, deputy, staff("t3")).changes


def test_an_administrator_may_leave_while_another_stays():
    head, deputy = staff("t1", administers=True), staff("t2", administers=True)
    planned = plan(roster(staff_row("t2")), head, deputy)
    assert done(planned) == [(Kind.LEAVE, head.id, {"is_active": False})]


def test_more_than_a_quarter_of_the_staff_leaving_is_refused():
    known = [staff(f"t{place}") for place in range(10)]
    planned = plan(roster(staff_row("t0"), row("p1")), *known)
    assert planned.is_refused(keep_good_rows=True)


# Options ----------------------------------------------------------------------------------------


def test_a_bad_row_refuses_everything_unless_the_good_ones_are_kept():
    planned = plan(roster(staff_row("t1"), row("p1")), other_emails={"t1@s.example"})
    assert planned.is_refused(keep_good_rows=False)
    assert not planned.is_refused(keep_good_rows=True)
    assert [change.whose for change in planned.changes] == [Whose.STUDENT]


def test_an_unreadable_row_is_said_to_have_kept_everybody():
    planned = plan(roster(row("p2"), hides_somebody=True), student("p1"), student("p2"))
    assert [problem.weight for problem in planned.problems] == [Weight.NOTICE]
