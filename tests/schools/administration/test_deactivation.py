"""A person who is deactivated is out at once, and comes back as they first came (t34)."""

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from core.accounts.models import PasswordLinkRequest, User
from core.accounts.services.password_links import new_password_link
from core.accounts.tokens import password_link_tokens
from schools import selectors
from schools.services import staff as services
from schools.terms import Refusal
from tests.factories import entries_about, staff_row

PASSWORD = "correct horse battery staple 7"


@pytest.fixture
def client(browse, administrator):
    """An administrator's browser."""
    return browse(administrator)


@pytest.fixture
def user(teacher):
    """The teacher's account, with a password."""
    user = User.objects.get(pk=teacher.user_id)
    user.set_password(PASSWORD)
    user.save()
    return user


def switch(client, actor, verb):
    address = f"/administration/staff/{actor.staff_ref}/{verb}/"
    answer = client.post(address)
    assert answer.url == f"/administration/staff/{actor.staff_ref}/"
    return client.get(answer.url).content.decode()


def link_of(user):
    user.refresh_from_db()
    return f"/login/link/{user.ref}/{password_link_tokens.make_token(user)}/"


def may_log_in(user):
    request = RequestFactory().get("/")
    return authenticate(request, email=user.email, password=PASSWORD) is not None


def test_t34_open_session_of_a_deactivated_person_is_nobodys(browse, client, user, teacher):
    theirs = browse(teacher)
    assert theirs.get("/").status_code == 200
    page = switch(client, teacher, "deactivate")
    assert "is deactivated and logged out everywhere" in page
    refused = theirs.get("/")
    assert refused.status_code == 302
    assert refused.url.startswith("/login/")
    assert theirs.post("/staff/suggest/", {"query": "to"}).status_code == 302


@pytest.mark.parametrize("switched_off", ["post", "account"])
def test_t34_either_half_switched_off_is_enough(browse, teacher, switched_off):
    theirs = browse(teacher)
    assert theirs.get("/").status_code == 200
    staff = staff_row(teacher)
    half = staff if switched_off == "post" else staff.user
    half.is_active = False
    half.save()
    assert theirs.get("/").url.startswith("/login/")
    assert teacher.staff_ref not in [one.ref for one in selectors.registered_staff()]


def test_t34_open_session_stays_ended_when_the_person_comes_back(browse, client, user, teacher):
    theirs = browse(teacher)
    assert theirs.get("/").status_code == 200
    switch(client, teacher, "deactivate")
    switch(client, teacher, "reactivate")
    assert theirs.get("/").url.startswith("/login/")


def test_t34_deactivated_person_cannot_log_in(client, user, teacher):
    assert may_log_in(user)
    switch(client, teacher, "deactivate")
    assert not may_log_in(user)
    staff = staff_row(teacher)
    assert (staff.is_active, staff.user.is_active) == (False, False)


def test_t34_pending_password_link_ends_with_the_access(browse, client, user, teacher):
    link = link_of(user)
    assert browse().get(link).status_code == 302
    switch(client, teacher, "deactivate")
    assert browse().get(link).status_code != 302
    switch(client, teacher, "reactivate")
    assert browse().get(link).status_code != 302
    assert browse().get(link_of(user)).status_code == 302


def test_t34_deactivated_person_is_sent_no_password_link(client, user, teacher):
    request = PasswordLinkRequest.objects.create(email=user.email)
    assert new_password_link(request_ref=request.ref) is not None
    switch(client, teacher, "deactivate")
    assert new_password_link(request_ref=request.ref) is None


def test_t34_deactivated_person_is_not_offered(client, teacher):
    name = teacher.name.split()[1]
    assert [staff.ref for staff in selectors.staff_named(name)] == [teacher.staff_ref]
    switch(client, teacher, "deactivate")
    assert selectors.staff_named(name) == []
    assert teacher.staff_ref not in [staff.ref for staff in selectors.registered_staff()]


def test_g1_02_person_who_comes_back_starts_without_a_password(client, user, teacher):
    switch(client, teacher, "deactivate")
    page = switch(client, teacher, "reactivate")
    assert "is active again. They create their password" in page
    staff = staff_row(teacher)
    assert (staff.is_active, staff.user.is_active) == (True, True)
    assert not staff.user.has_usable_password()
    assert not may_log_in(user)


def test_t34_both_are_on_the_record_once(client, teacher, administrator):
    switch(client, teacher, "deactivate")
    switch(client, teacher, "deactivate")
    switch(client, teacher, "reactivate")
    switch(client, teacher, "reactivate")
    entries = entries_about(teacher.staff_ref)
    verbs = list(entries.values_list("verb", "user_id", "facts"))
    assert verbs == [
        ("staff.deactivated", administrator.user_id, {}),
        ("staff.reactivated", administrator.user_id, {}),
    ]


def test_t34_person_whom_the_mis_let_go_is_switched_off_for_good_and_comes_back(
    client, user, teacher
):
    staff = staff_row(teacher)
    staff.is_active = staff.user.is_active = False
    staff.user.save()
    staff.save()
    switch(client, teacher, "reactivate")
    assert staff_row(teacher).is_active
    assert not may_log_in(user)


def test_t33_administrator_does_not_deactivate_themselves(client, administrator):
    refused = client.post(f"/administration/staff/{administrator.staff_ref}/deactivate/")
    assert refused.status_code == 403
    assert Refusal.OWN_ACCESS.sentence in refused.content.decode()
    assert staff_row(administrator).is_active


def test_t34_deactivated_administrator_loses_the_pages_at_once(browse, client, administrator):
    head = next(
        staff for staff in selectors.registered_staff() if staff.user.email.startswith("head@")
    )
    services.deactivate_staff(actor=administrator, ref=head.ref)
    assert client.get("/administration/").status_code == 200
    assert [staff.ref for staff in selectors.registered_staff() if staff.pk == head.pk] == []
