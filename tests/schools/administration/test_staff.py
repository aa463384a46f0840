"""Who works here, and the three kinds of staff."""

import pytest

from core.accounts.models import User
from core.audit.models import AuditEntry
from core.refusals import Refused
from schools.models import AccessGroup, Staff
from schools.services import staff as services
from schools.terms import DEFAULT_GROUPS, GroupKind, Refusal
from tests.factories import make_staff, staff_row

LIST = "/administration/staff/"
ADD = f"{LIST}add/"


@pytest.fixture
def client(browse, administrator):
    """An administrator's browser."""
    return browse(administrator)


def group(kind):
    return AccessGroup.objects.get(name=DEFAULT_GROUPS[GroupKind(kind)])


def page_of(actor):
    return f"{LIST}{actor.staff_ref}/"


def new_person(**facts):
    return {
        "given_name": "Anna",
        "family_name": "Cohen",
        "email": "a.cohen@greenwood.example",
        "access_group": str(group("staff").ref),
    } | facts


def the_only_administrator(administrator):
    """Leave the school with one administrator."""
    for staff in Staff.objects.administrators().exclude(pk=administrator.staff_id):
        services.deactivate_staff(actor=administrator, ref=staff.ref)
    return administrator


# The list


def test_g1_02_list_shows_name_email_group_and_last_log_in(browse, client, teacher, dsl):
    browse(dsl)
    page = client.get(LIST).content.decode()
    rows = {row.split("</li>")[0] for row in page.split('<li class="ui-row">')[1:]}
    of_teacher = next(row for row in rows if teacher.name in row)
    assert f'href="{page_of(teacher)}"' in of_teacher
    assert staff_row(teacher).user.email in of_teacher
    assert "Staff" in of_teacher
    assert "not logged in yet" in of_teacher
    of_dsl = next(row for row in rows if dsl.name in row)
    assert "Key holders" in of_dsl
    assert "last log-in" in of_dsl


def test_t34_list_keeps_deactivated_staff_last_and_says_so(client, teacher, administrator):
    make_staff("zebra", family_name="zz")
    services.deactivate_staff(actor=administrator, ref=teacher.staff_ref)
    page = client.get(LIST).content.decode()
    assert page.index("zz<") < page.index(teacher.name)
    assert page.count("Deactivated</") == 2  # the tag, and the choice of the filter


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_g2_05_list_of_any_length_asks_the_same_questions(
    rows, client, administrator, django_assert_num_queries
):
    Staff.objects.exclude(pk=administrator.staff_id).delete()
    for number in range(rows - 1):
        make_staff("colleague", kind=("staff", "key_holder")[number % 2])
    with django_assert_num_queries(QUERIES):
        page = client.get(LIST).content.decode()
    assert page.count("ui-row__link") == rows


#: Two search paths, school, session, account, who acts, the access groups, the list, and the
#: unread alerts (the bell of every page).
QUERIES = 10


def test_g2_05_long_list_is_paged_and_nothing_is_cut(client, administrator, monkeypatch):
    monkeypatch.setattr("schools.selectors.staff.STAFF_PER_PAGE", 2)
    for number in range(3):
        make_staff("colleague", family_name=f"Colleague {number}")
    pages = [client.get(f"{LIST}?page={number}").content.decode() for number in (1, 2, 3)]
    links = [page.count("ui-row__link") for page in pages]
    assert sum(links) == Staff.objects.count()
    assert 'rel="next"' in pages[0]


# Adding


def test_g1_02_added_person_has_an_account_without_a_password(client, administrator):
    answer = client.post(ADD, new_person(email=" A.Cohen@Greenwood.example "), follow=True)
    assert "Anna Cohen was added. They create their password" in answer.content.decode()
    staff = Staff.objects.get(user__email="a.cohen@greenwood.example")
    assert (staff.given_name, staff.family_name) == ("Anna", "Cohen")
    assert staff.access_group == group("staff")
    assert staff.is_active
    assert staff.user.is_active
    assert not staff.user.has_usable_password()
    entry = AuditEntry.objects.get(verb="staff.added", user_id=administrator.user_id)
    assert (entry.user_id, entry.subject_ref) == (administrator.user_id, staff.ref)
    assert entry.facts == {"access_group": str(group("staff").ref)}


def test_g1_02_new_person_has_the_least_access_unless_another_is_chosen(client):
    form = client.get(ADD).context["form"]
    assert form["access_group"].value() == str(group("staff").ref)
    client.post(ADD, new_person(access_group=str(group("key_holder").ref)))
    assert Staff.objects.get(given_name="Anna").access_group == group("key_holder")


@pytest.mark.parametrize("spelling", ["{}", " {} ", "CAPITALS"])
def test_g1_02_address_in_use_is_refused_at_the_field_and_nothing_is_cleared(
    client, teacher, spelling
):
    email = staff_row(teacher).user.email
    typed = email.upper() if spelling == "CAPITALS" else spelling.format(email)
    answer = client.post(ADD, new_person(email=typed))
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"email": [Refusal.EMAIL_TAKEN.sentence]}
    assert 'value="Cohen"' in answer.content.decode()
    assert User.objects.filter(email=email).count() == 1


def test_g1_02_address_of_a_deactivated_person_stays_theirs(client, teacher, administrator):
    services.deactivate_staff(actor=administrator, ref=teacher.staff_ref)
    answer = client.post(ADD, new_person(email=staff_row(teacher).user.email))
    assert "reactivate them there" in answer.context["form"].errors["email"][0]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("given_name", "", "Enter their first name."),
        ("family_name", " ", "Enter their family name."),
        ("family_name", "x" * 101, "Keep this to 100 characters; it has 101."),
        ("given_name", "An\r\nna", "cannot be seen"),
        ("given_name", "An\x1bna", "cannot be seen"),
        ("family_name", "\u202enehoC", "cannot be seen"),
        ("email", "", "Enter their email address."),
        ("email", "a.cohen", "Enter an email address"),
        ("email", "a@b.example\nBcc: x@y.example", "Enter an email address"),
        ("email", "a" * 250 + "@b.example", "254"),
        ("access_group", "", "Choose an access group."),
        ("access_group", "01930000-0000-7000-8000-000000000000", "one of these"),
        ("access_group", "administrators", "one of these"),
    ],
)
def test_t41_unfit_value_is_refused_at_its_field(client, field, value, said):
    before = Staff.objects.count()
    answer = client.post(ADD, new_person(**{field: value}))
    assert answer.status_code == 200
    assert said in " ".join(answer.context["form"].errors[field])
    assert Staff.objects.count() == before


def test_t41_script_in_a_name_is_shown_as_text(client):
    name = "<script>alert(1)</script>"
    client.post(ADD, new_person(given_name=name))
    staff = Staff.objects.get(given_name=name)
    for address in (LIST, f"{LIST}{staff.ref}/"):
        page = client.get(address).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt; Cohen" in page
        assert "<script>alert" not in page


# Access groups


def test_t33_changed_access_holds_from_the_next_request(browse, client, teacher, administrator):
    theirs = browse(teacher, has_key=True)
    assert theirs.get("/incidents/").status_code == 403
    answer = client.post(page_of(teacher), {"access_group": str(group("key_holder").ref)})
    assert answer.url == page_of(teacher)
    assert theirs.get("/incidents/").status_code == 200
    client.post(page_of(teacher), {"access_group": str(group("staff").ref)})
    assert theirs.get("/incidents/").status_code == 403
    entries = AuditEntry.objects.filter(verb="staff.access_changed").order_by("id")
    assert [entry.facts for entry in entries] == [
        {"access_group": str(group("key_holder").ref), "was": str(group("staff").ref)},
        {"access_group": str(group("staff").ref), "was": str(group("key_holder").ref)},
    ]
    assert {entry.user_id for entry in entries} == {administrator.user_id}


def test_t33_new_key_holder_is_asked_for_the_key(browse, client, teacher):
    theirs = browse(teacher)
    assert theirs.get("/").status_code == 200
    client.post(page_of(teacher), {"access_group": str(group("key_holder").ref)})
    assert theirs.get("/").url.startswith("/account/key/")


def test_t33_group_that_stays_is_not_on_the_record_as_a_change(client, teacher):
    client.post(page_of(teacher), {"access_group": str(group("staff").ref)})
    assert not AuditEntry.objects.filter(verb="staff.access_changed").exists()


@pytest.mark.parametrize("kind", ["staff", "key_holder", "administrator"])
def test_t33_nobody_changes_their_own_access(client, administrator, teacher, kind):
    assert Staff.objects.administrators().count() > 1
    page = client.get(page_of(administrator)).content.decode()
    assert Refusal.OWN_ACCESS.sentence in page
    for words in ("Change access", 'name="access_group"', "/deactivate/"):
        assert words not in page
        assert words in client.get(page_of(teacher)).text
    refused = client.post(page_of(administrator), {"access_group": str(group(kind).ref)})
    assert refused.status_code == 403
    assert Refusal.OWN_ACCESS.sentence in refused.content.decode()
    assert staff_row(administrator).access_group == group("administrator")


def test_t33_teacher_raises_nobody(browse, teacher):
    forged = browse(teacher).post(
        page_of(teacher), {"access_group": str(group("administrator").ref)}
    )
    assert forged.status_code == 403
    with pytest.raises(Refused) as refused:
        services.change_access(
            actor=teacher, ref=staff_row(teacher).ref, access_group=group("administrator").ref
        )
    assert refused.value.why is Refusal.ADMINISTRATORS_ONLY
    assert staff_row(teacher).access_group == group("staff")


def test_t33_two_administrators_who_demote_each_other_leave_one(administrator):
    the_only_administrator(administrator)
    other = make_staff("other", kind="administrator")
    mine, theirs = staff_row(administrator).ref, staff_row(other).ref
    staff_group = group("staff").ref
    services.change_access(actor=administrator, ref=theirs, access_group=staff_group)
    # Judged by what the other knew when they pressed the button.
    with pytest.raises(Refused) as refused:
        services.change_access(actor=other, ref=mine, access_group=staff_group)
    assert refused.value.why is Refusal.LAST_ADMINISTRATOR
    with pytest.raises(Refused) as refused:
        services.deactivate_staff(actor=other, ref=mine)
    assert refused.value.why is Refusal.LAST_ADMINISTRATOR
    assert staff_row(administrator).access_group.administers


def test_t33_only_administrator_is_told_to_make_a_second_one(client, administrator):
    assert "only administrator" not in client.get("/administration/").content.decode()
    the_only_administrator(administrator)
    assert "only administrator" in client.get("/administration/").content.decode()
