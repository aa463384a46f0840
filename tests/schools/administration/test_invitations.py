"""Inviting staff, correcting who they are, and finding them (acceptance G1.2, G1.4)."""

import pytest
from django.test import Client

from core.accounts.tokens import password_link_tokens
from core.audit.models import AuditEntry
from core.outbox import services as outbox
from schools.models import AccessGroup, Staff
from schools.services.alert_groups import add_alert_group
from schools.services.staff import deactivate_staff
from tests.factories import make_incident, make_staff, staff_row

LIST = "/administration/staff/"


@pytest.fixture
def client(browse, administrator):
    return browse(administrator)


def group(**which):
    return str(AccessGroup.objects.get(**which).ref)


def send_mails(mailoutbox):
    before = len(mailoutbox)
    outbox.act_on_all()
    return mailoutbox[before:]


def add(client, email="a.cohen@greenwood.example"):
    form = {"given_name": "Anna", "family_name": "Cohen", "email": email}
    return client.post(f"{LIST}add/", {**form, "access_group": group(is_default=True)})


def test_g1_02_an_added_colleague_is_invited_with_the_address_and_no_password_or_link(
    client, mailoutbox, school_a
):
    add(client)
    (letter,) = send_mails(mailoutbox)
    assert letter.to == ["a.cohen@greenwood.example"]
    assert f"{school_a.url}/login/" in letter.body
    assert "Forgotten your password or using CPOMS for the first time?" in letter.body
    assert "/login/link/" not in letter.body + str(letter.alternatives)


def test_g1_02_an_invitation_is_sent_again_until_there_is_a_password(client, mailoutbox):
    add(client)
    anna = Staff.objects.get(given_name="Anna")
    page = client.get(f"{LIST}{anna.ref}/").text
    assert "Send the invitation again" in page
    send_mails(mailoutbox)
    client.post(f"{LIST}{anna.ref}/invite/")
    assert len(send_mails(mailoutbox)) == 1
    anna.user.set_password("four unrelated words here")
    anna.user.save()
    assert "Send the invitation again" not in client.get(f"{LIST}{anna.ref}/").text
    client.post(f"{LIST}{anna.ref}/invite/")
    assert send_mails(mailoutbox) == []
    assert AuditEntry.objects.filter(verb="staff.invited").count() == 1


def test_g1_02_several_are_previewed_and_then_invited_together(client, mailoutbox):
    form = {
        "people": "Ada, Lovelace, ada@x.example\nGrace\tHopper\tGRACE@x.example\n",
        "access_group": group(is_default=True),
    }
    page = client.post(f"{LIST}several/", form).text
    assert "Are these right?" in page
    assert not Staff.objects.filter(given_name="Ada").exists()
    client.post(f"{LIST}several/", {**form, "confirmed": "1"})
    assert Staff.objects.get(given_name="Grace").user.email == "grace@x.example"
    assert {one.to[0] for one in send_mails(mailoutbox)} == {"ada@x.example", "grace@x.example"}


def test_g1_02_each_wrong_line_is_named_and_nobody_is_invited(client, teacher):
    taken = staff_row(teacher).user.email
    lines = ["Ada, Lovelace, ada@x.example", "Only, Two", "A, B, nowhere", f"C, D, {taken}",
             "E, F, ada@x.example"]  # fmt: skip
    form = {"people": "\n".join(lines), "access_group": group(is_default=True), "confirmed": "1"}
    before = Staff.objects.count()
    page = client.post(f"{LIST}several/", form).text
    for words in ("Line 2: needs", "Line 3: the last part", "Line 4: somebody", "Line 5: this"):
        assert words in page
    assert Staff.objects.count() == before


def details(staff, **facts):
    said = {"given_name": staff.given_name, "family_name": staff.family_name}
    return {**said, "email": staff.user.email, **facts}


def test_g1_04_a_changed_address_ends_sessions_and_links_and_the_old_one_is_told(
    browse, client, teacher, administrator, mailoutbox
):
    theirs, staff = browse(teacher), staff_row(teacher)
    was, token = staff.user.email, password_link_tokens.make_token(staff.user)
    assert theirs.get("/").status_code == 200
    client.post(f"{LIST}{staff.ref}/details/", details(staff, email="New@x.example"))
    staff = staff_row(teacher)
    assert staff.user.email == "new@x.example"
    assert theirs.get("/").status_code == 302
    assert not password_link_tokens.check_token(staff.user, token)
    (letter,) = send_mails(mailoutbox)
    assert letter.to == [was]
    assert administrator.name in letter.body
    assert "new@x.example" not in letter.body
    assert AuditEntry.objects.filter(verb="staff.email_changed", subject_ref=staff.ref).exists()


def test_g1_02_a_corrected_name_keeps_the_session_and_tells_nobody(
    browse, client, teacher, mailoutbox
):
    theirs, staff = browse(teacher), staff_row(teacher)
    client.post(f"{LIST}{staff.ref}/details/", details(staff, family_name="O’Neill"))
    assert staff_row(teacher).family_name == "O’Neill"
    assert theirs.get("/").status_code == 200
    assert send_mails(mailoutbox) == []


def test_t33_nobody_changes_their_own_details_nor_those_from_the_mis(
    client, administrator, teacher
):
    Staff.objects.filter(pk=teacher.staff_id).update(sourced_id="t1")
    for actor, words in ((administrator, "your own name"), (teacher, "come from your MIS")):
        staff = staff_row(actor)
        path = f"{LIST}{staff.ref}/details/"
        assert words in client.get(path).text
        client.post(path, details(staff, given_name="Changed"))
        assert staff_row(actor).given_name != "Changed"


def test_g1_02_the_list_is_searched_by_name_and_narrowed(client, teacher, dsl, administrator):
    gone = make_staff("gone", family_name="Zzgone")
    deactivate_staff(actor=administrator, ref=gone.staff_ref)
    page = client.post(LIST, {"name": teacher.name}).text
    assert (teacher.name in page, f"{dsl.name}</a>" in page) == (True, False)
    for query, inside, outside in (
        (f"group={group(holds_key=True)}", dsl, teacher),
        ("key=missing", dsl, teacher),
        ("key=not_needed", teacher, dsl),
        ("who=left", gone, teacher),
        ("who=new", teacher, gone),
    ):
        rows = client.get(f"{LIST}?{query}").text.split('class="ui-list-rows"')[1]
        assert inside.name in rows, query
        assert outside.name not in rows, query
    assert "Nobody is like that" in client.get(f"{LIST}?key=reset").text
    assert client.get(f"{LIST}?group=x&key=y").status_code == 200


def test_t34_deactivating_says_what_stays_behind(client, administrator, dsl, teacher):
    make_incident(dsl, assignee=staff_row(dsl), recipients=[dsl])
    page = client.get(f"{LIST}{dsl.staff_ref}/").text
    assert "1 alert to them stays unread" in page
    assert "1 open incident is assigned to them" in page


def test_g6_07_the_alert_groups_page_says_who_is_in_none(client, administrator, teacher, dsl):
    add_alert_group(actor=administrator, name="Team", members=[staff_row(dsl)])
    rest = client.get("/administration/alert-groups/").text.split("Who is in no group")[1]
    assert teacher.name in rest
    assert dsl.name not in rest


def test_t33_only_administrators_invite(browse, client, dsl):
    assert client.get(f"{LIST}several/").status_code == 200
    assert isinstance(browse(dsl), Client)
    assert browse(dsl).get(f"{LIST}several/").status_code == 403
