"""The log-in page, nobody’s given password, wrong passwords (acceptance G1)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.accounts.adapter import DEVICE_COOKIE, is_known_device
from core.accounts.models import User
from core.actors import Actor
from core.tenancy import in_school
from schools.models import AccessGroup, Staff
from schools.services.mis_import import import_students_and_staff
from tests.acceptance.accounts import (
    GOOD,
    give_password,
    is_logged_in,
    log_in,
    user_of,
)
from tests.acceptance.page import Page
from tests.schools.mis.exports import teacher as exported_teacher
from tests.schools.mis.exports import write_export

FORGOTTEN = "Forgotten your password or using CPOMS for the first time?"
NOT_RIGHT = "The email address or the password is not right."
TOO_MANY = "Too many attempts."


# The log-in page


def test_g1_01_the_log_in_page_asks_for_email_and_password_and_offers_the_link(browse, see):
    page = see(browse(), "/login/")
    assert page.form("Login").captions == ["Email address", "Password", "Show", "Login"]
    assert page.link(FORGOTTEN) == "/login/link/"
    assert page.text.index("Login") < page.text.index(FORGOTTEN)


def test_g1_01_each_school_has_a_url_of_its_own(browse, school_b, see):
    assert "Greenwood Primary School" in see(browse(), "/login/").text
    assert "Hillside Academy" in see(browse(school=school_b), "/login/").text


def test_g1_01_somebody_who_is_not_logged_in_is_led_to_the_log_in_page(browse):
    answer = browse().get("/incidents/add/")
    assert (answer.status_code, answer.url) == (302, "/login/?next=%2Fincidents%2Fadd%2F")


# Nobody is given a password


def test_g1_02_the_first_administrator_starts_without_a_password(in_school_a):
    assert not User.objects.get(email="head@greenwood.example").has_usable_password()


def test_g1_02_staff_added_in_the_console_start_without_a_password(browse, administrator):
    group = AccessGroup.objects.get(is_default=True)
    client = browse(administrator)
    form = Page(client.get("/administration/staff/add/")).form("Add Staff")
    assert not [name for name in form.fields if "password" in name]
    form.submit(
        client,
        given_name="Nia",
        family_name="Evans",
        email="nia@greenwood.example",
        access_group=str(group.ref),
    )
    assert not User.objects.get(email="nia@greenwood.example").has_usable_password()


def test_g1_02_imported_staff_start_without_a_password(in_school_a, tmp_path):
    folder = write_export(tmp_path / "export", users=[exported_teacher("t1")])
    report = import_students_and_staff(actor=Actor(), folder=folder)
    assert not report.is_refused
    assert not Staff.objects.get(sourced_id="t1").user.has_usable_password()


@pytest.mark.parametrize("password", ["", "!", " ", "None"])
def test_g1_02_nobody_logs_in_before_they_have_created_a_password(browse, teacher, password):
    client = browse()
    log_in(client, user_of(teacher).email, password)
    assert not is_logged_in(client)
    give_password(teacher)
    log_in(client, user_of(teacher).email, GOOD)
    assert is_logged_in(client)


# Wrong passwords


def test_g1_07_wrong_passwords_are_throttled_per_account(browse, teacher):
    email = give_password(teacher).email
    stranger = browse()
    said = [Page(log_in(stranger, email, f"wrong {number}")).text for number in range(6)]
    assert [NOT_RIGHT in one for one in said] == [True] * 5 + [False]
    assert TOO_MANY in said[5]
    assert TOO_MANY in Page(log_in(stranger, email, GOOD)).text
    assert not is_logged_in(stranger)


def test_g1_07_the_throttle_does_not_tell_whether_an_account_exists(browse, teacher):
    email = give_password(teacher).email
    known, unknown = (
        [
            Page(log_in(browse(), address, f"wrong {number}")).text.replace(address, "")
            for number in range(6)
        ]
        for address in (email, "nobody@greenwood.example")
    )
    assert known == unknown


def test_g1_07_a_stranger_does_not_lock_a_colleague_out_of_a_browser_they_use(browse, teacher):
    email = give_password(teacher).email
    own = browse()
    log_in(own, email, GOOD)
    assert is_logged_in(own)
    own.post("/logout/")
    assert not is_logged_in(own)
    stranger = browse()
    for number in range(8):
        log_in(stranger, email, f"wrong {number}")
    log_in(own, email, GOOD)
    assert is_logged_in(own)
    log_in(stranger, email, GOOD)
    assert not is_logged_in(stranger)


def test_g1_07_a_known_browser_is_throttled_too(browse, teacher):
    email = give_password(teacher).email
    own = browse()
    log_in(own, email, GOOD)
    own.post("/logout/")
    for number in range(5):
        log_in(own, email, f"wrong {number}")
    assert TOO_MANY in Page(log_in(own, email, GOOD)).text


def test_g1_07_the_mark_of_a_known_browser_counts_for_its_account_and_school_alone(
    browse, school_b, teacher
):
    email = give_password(teacher).email
    own = browse()
    log_in(own, email, GOOD)
    request = own.get("/").wsgi_request
    assert is_known_device(request, email)
    assert not is_known_device(request, "head@greenwood.example")
    with in_school(school_b):
        assert not is_known_device(request, email)
    request.COOKIES[DEVICE_COOKIE] = request.COOKIES[DEVICE_COOKIE][:-2] + "xx"
    assert not is_known_device(request, email)


def test_g1_07_a_colleague_in_a_new_browser_waits_five_minutes(browse, teacher):
    email = give_password(teacher).email
    with time_machine.travel(datetime(2026, 1, 15, 9, tzinfo=UTC), tick=False) as clock:
        for number in range(6):
            log_in(browse(), email, f"wrong {number}")
        clock.shift(timedelta(minutes=4, seconds=59))
        newcomer = browse()
        log_in(newcomer, email, GOOD)
        assert not is_logged_in(newcomer)
        clock.shift(timedelta(seconds=1))
        log_in(newcomer, email, GOOD)
        assert is_logged_in(newcomer)


def test_g1_07_wrong_passwords_are_throttled_per_address(browse, teacher):
    email = give_password(teacher).email
    stranger, elsewhere = browse(), browse()
    for number in range(20):
        log_in(stranger, f"guess{number}@greenwood.example", "wrong")
    assert TOO_MANY in Page(log_in(stranger, email, GOOD)).text
    elsewhere.defaults["REMOTE_ADDR"] = "192.0.2.7"
    log_in(elsewhere, email, GOOD)
    assert is_logged_in(elsewhere)
