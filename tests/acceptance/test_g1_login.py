"""First password and log-in (acceptance G1)."""

import base64
import hashlib
import hmac
import struct
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from core.accounts.adapter import DEVICE_COOKIE, is_known_device
from core.accounts.models import PasswordLinkRequest, User
from core.actors import Actor
from core.audit.models import AuditEntry
from core.outbox.models import OutboxEvent
from core.tenancy import in_control_plane, in_school
from schools.models import AccessGroup, Staff
from schools.services.mis_import import import_students_and_staff
from tests.acceptance.page import Page
from tests.factories import make_staff, staff_row
from tests.schools.mis.exports import teacher as exported_teacher
from tests.schools.mis.exports import write_export

FORGOTTEN = "Forgotten your password or using CPOMS for the first time?"
GOOD = "plover umbrella kettle ninety"
NOT_RIGHT = "The email address or the password is not right."
TOO_MANY = "Too many attempts."


def user_of(actor: Any) -> User:
    return User.objects.get(pk=actor.user_id)


def give_password(actor: Any, password: str = GOOD) -> User:
    user = user_of(actor)
    user.set_password(password)
    user.save()
    return user


def ask(client: Client, email: str) -> Any:
    return Page(client.get("/login/link/")).form("Reset Password").submit(client, email=email)


def link_in(mails: list[Any]) -> str:
    (letter,) = mails
    (line,) = (line for line in letter.body.splitlines() if "/login/link/" in line)
    return str(line.removeprefix("http://greenwood.localhost"))


def log_in(client: Client, email: str, password: str, *, follow: bool = False) -> Any:
    form = Page(client.get("/login/")).form("Login")
    return form.submit(client, follow=follow, login=email, password=password)


def create_password(
    client: Client, link: str, password: str = GOOD, *, follow: bool = False
) -> Any:
    form = Page(client.get(link, follow=True)).form("Create password")
    return form.submit(client, follow=follow, new_password1=password, new_password2=password)


def is_logged_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def works(client: Client, link: str) -> bool:
    return "Create password" in str(client.get(link, follow=True).content)


@pytest.fixture
def link_for(browse, send_mails):
    """Ask for a link and take it out of the email."""

    def get(actor):
        ask(browse(), user_of(actor).email)
        return link_in(send_mails())

    return get


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


# Asking for the link


def test_g1_03_the_link_is_sent_to_the_address(browse, teacher, send_mails, see):
    answer = ask(browse(), user_of(teacher).email)
    assert "Check your email" in see(browse(), answer.url).text
    (letter,) = send_mails()
    assert letter.to == [user_of(teacher).email]
    assert works(browse(), link_in([letter]))


def test_g1_03_capitals_and_spaces_in_the_address_do_not_matter(browse, teacher, send_mails):
    ask(browse(), f"  {user_of(teacher).email.upper()} ")
    assert len(send_mails()) == 1


def test_g1_03_each_link_is_unique(teacher, link_for):
    assert len({link_for(teacher) for _ in range(3)}) == 3


def test_g1_03_the_answer_does_not_tell_whether_the_address_is_known(
    browse, teacher, send_mails, statements
):
    left = make_staff("left")
    User.objects.filter(pk=left.user_id).update(is_active=False)
    heard, answers = [], []
    for email in (user_of(teacher).email, user_of(left).email, "nobody@elsewhere.example"):
        client = browse()
        form = Page(client.get("/login/link/")).form("Reset Password")
        with statements() as said:
            answer = form.submit(client, email=email)
        heard.append(list(said))
        sent = client.get(answer.url)
        answers.append((answer.status_code, answer.url, Page(sent).text))
    assert heard[0] == heard[1] == heard[2]
    assert any("accounts_passwordlinkrequest" in query for query in heard[0])
    assert answers[0] == answers[1] == answers[2]
    assert [letter.to for letter in send_mails()] == [[user_of(teacher).email]]


def test_g1_03_what_is_no_address_is_refused_before_anything_is_done(browse, in_school_a):
    answer = ask(browse(), "not an address")
    assert answer.status_code == 200
    assert not PasswordLinkRequest.objects.exists()


def test_g1_03_too_many_requests_get_the_same_answer_and_no_more_mails(browse, teacher, send_mails):
    answers = {ask(browse(), user_of(teacher).email).url for _ in range(7)}
    assert answers == {"/login/link/sent/"}
    assert OutboxEvent.objects.filter(kind="accounts.password_link_requested").count() == 5
    assert len(send_mails()) == 5


# How long the link works


@pytest.mark.parametrize(
    ("sent_at", "midnight"),
    [
        pytest.param((2026, 1, 15, 9, 0), (2026, 1, 16, 0, 0), id="winter"),
        pytest.param((2026, 7, 15, 9, 0), (2026, 7, 15, 23, 0), id="summer"),
        pytest.param((2026, 7, 14, 23, 0), (2026, 7, 15, 23, 0), id="first minute of a summer day"),
        pytest.param((2026, 3, 28, 12, 0), (2026, 3, 29, 0, 0), id="eve of the short day"),
        pytest.param((2026, 3, 29, 0, 30), (2026, 3, 29, 23, 0), id="short day, before the change"),
        pytest.param((2026, 3, 29, 12, 0), (2026, 3, 29, 23, 0), id="short day, after the change"),
        pytest.param((2026, 10, 24, 12, 0), (2026, 10, 24, 23, 0), id="eve of the long day"),
        pytest.param((2026, 10, 24, 23, 30), (2026, 10, 26, 0, 0), id="long day, before"),
        pytest.param((2026, 10, 25, 12, 0), (2026, 10, 26, 0, 0), id="long day, after the change"),
    ],
)
def test_g1_04_the_link_expires_at_the_schools_midnight(
    browse, teacher, link_for, sent_at, midnight
):
    midnight = datetime(*midnight, tzinfo=UTC)
    with time_machine.travel(datetime(*sent_at, tzinfo=UTC), tick=False) as clock:
        link = link_for(teacher)
        assert works(browse(), link)
        clock.move_to(midnight - timedelta(seconds=1))
        assert works(browse(), link)
        clock.move_to(midnight)
        assert not works(browse(), link)


def test_g1_04_midnight_is_that_of_the_schools_zone(
    browse, school_a, teacher, link_for, monkeypatch
):
    with in_control_plane():
        type(school_a).objects.filter(pk=school_a.pk).update(time_zone="Pacific/Auckland")
    monkeypatch.setattr(school_a, "time_zone", "Pacific/Auckland")
    with time_machine.travel(datetime(2026, 7, 15, 9, 0, tzinfo=UTC), tick=False) as clock:
        link = link_for(teacher)
        clock.move_to(datetime(2026, 7, 15, 11, 59, 59, tzinfo=UTC))
        assert works(browse(), link)
        clock.move_to(datetime(2026, 7, 15, 12, 0, tzinfo=UTC))
        assert not works(browse(), link)


def test_g1_04_a_page_opened_before_midnight_creates_no_password_after_it(
    browse, teacher, link_for
):
    with time_machine.travel(datetime(2026, 1, 15, 23, 0, tzinfo=UTC), tick=False) as clock:
        client = browse()
        form = Page(client.get(link_for(teacher), follow=True)).form("Create password")
        clock.move_to(datetime(2026, 1, 16, tzinfo=UTC))
        answer = form.submit(client, new_password1=GOOD, new_password2=GOOD)
    assert "This link no longer works" in Page(answer).text
    assert not user_of(teacher).has_usable_password()


def test_g1_04_the_link_works_once(browse, teacher, link_for):
    link = link_for(teacher)
    create_password(browse(), link)
    assert user_of(teacher).check_password(GOOD)
    assert not works(browse(), link)


def test_g1_04_a_form_that_was_open_twice_creates_one_password(browse, teacher, link_for):
    link = link_for(teacher)
    first, second = browse(), browse()
    forms = [Page(one.get(link, follow=True)).form("Create password") for one in (first, second)]
    forms[0].submit(first, new_password1=GOOD, new_password2=GOOD)
    answer = forms[1].submit(second, new_password1=GOOD[::-1], new_password2=GOOD[::-1])
    assert "This link no longer works" in Page(answer).text
    assert user_of(teacher).check_password(GOOD)


def test_g1_04_a_newer_link_ends_the_older(browse, teacher, link_for):
    older, newer = link_for(teacher), link_for(teacher)
    assert not works(browse(), older)
    assert works(browse(), newer)


@pytest.mark.parametrize(
    "change",
    [
        {"email": "new.address@greenwood.example"},
        {"password": "md5$changed"},
        {"is_active": False},
    ],
)
def test_g1_04_a_changed_account_ends_the_link(browse, teacher, link_for, change):
    link = link_for(teacher)
    assert works(browse(), link)
    User.objects.filter(pk=teacher.user_id).update(**change)
    assert not works(browse(), link)


def test_g1_04_the_link_works_on_its_schools_host_alone(browse, school_b, teacher, link_for):
    link = link_for(teacher)
    with in_school(school_b):
        twin = User.objects.create_user(email="twin@hillside.example")
        User.objects.filter(pk=twin.pk).update(ref=link.split("/")[3])
    assert not works(browse(school=school_b), link)
    assert works(browse(), link)


# An expired or used link


def test_g1_05_a_dead_link_says_so_offers_a_new_one_and_reveals_nothing(browse, teacher, link_for):
    used = link_for(teacher)
    create_password(browse(), used)
    ref = used.split("/")[3]
    nobody = used.replace(ref, "01890a5d-ac96-774b-bcce-b302099a8057")
    bodies = set()
    for link in (used, nobody, f"/login/link/{ref}/abc-def/", f"/login/link/{ref}/set-password/"):
        answer = browse().get(link)
        page = Page(answer)
        assert (answer.status_code, page.link("Send a new link")) == (200, "/login/link/")
        assert "It has expired, or it has been used." in page.text
        bodies.add(page.text)
    assert len(bodies) == 1
    assert user_of(teacher).email not in bodies.pop()


# Creating the password, then logging in with it


def test_g1_06_who_has_created_a_password_goes_to_the_log_in_page_and_logs_in(
    browse, teacher, link_for, see
):
    client = browse()
    answer = create_password(client, link_for(teacher))
    assert (answer.status_code, answer.url) == (302, "/login/")
    assert not is_logged_in(client)
    assert "Your password is set" in see(client, "/login/").text
    answer = log_in(client, user_of(teacher).email, GOOD)
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_logged_in(client)


def test_g1_06_creating_a_password_is_on_the_record(browse, teacher, link_for):
    create_password(browse(), link_for(teacher))
    entry = AuditEntry.objects.get(verb="account.password_created")
    assert entry.subject_ref == user_of(teacher).ref


def test_g1_06_a_password_without_its_audit_entry_is_not_created(
    browse, teacher, link_for, monkeypatch
):
    def fail(*_args, **_kwargs):
        raise OSError("The disk is full.")

    link = link_for(teacher)
    monkeypatch.setattr("core.audit.services.record", fail)
    with pytest.raises(OSError, match="full"):
        create_password(browse(), link)
    assert not user_of(teacher).has_usable_password()


def test_g1_06_a_new_password_ends_other_sessions(browse, teacher, link_for):
    give_password(teacher, "another umbrella plover")
    elsewhere = browse(teacher)
    assert is_logged_in(elsewhere)
    create_password(browse(), link_for(teacher))
    assert not is_logged_in(elsewhere)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short1!", "This password is too short."),
        ("password123", "This password is too common."),
        ("qwertyuiop", "This password is too common."),
        ("P@ssw0rd12345", "similar to a commonly used password"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("12/03/1984", "Dates are often easy to guess"),
        ("greta.lindholm", "too similar to the email address"),
        ("greta.lindholm@greenwood", "too similar to the email address"),
    ],
)
def test_g1_06_weak_and_breached_passwords_are_refused_with_the_reason(
    browse, in_school_a, link_for, password, reason
):
    greta = make_staff(email="greta.lindholm@greenwood.example")
    client = browse()
    answer = create_password(client, link_for(greta), password)
    page = Page(answer)
    assert answer.status_code == 200
    assert reason.lower() in page.text.lower()
    assert password not in page.text
    assert not user_of(greta).has_usable_password()
    assert page.form("Create password").submit(
        client, new_password1=GOOD, new_password2=GOOD
    ).url == ("/login/")


def test_g1_06_two_different_passwords_are_refused(browse, teacher, link_for):
    client = browse()
    form = Page(client.get(link_for(teacher), follow=True)).form("Create password")
    answer = form.submit(client, new_password1=GOOD, new_password2=f"{GOOD}!")
    assert "match" in Page(answer).text
    assert not user_of(teacher).has_usable_password()


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


# The key


def code_of(secret: str, *, after: int = 0) -> str:
    """What an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30 + after)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0xF
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def enrol(client: Client) -> tuple[str, Page]:
    """Set the key up; return its secret and the page with the recovery codes."""
    page = Page(client.get("/", follow=True))
    assert "Set up your key" in page.text
    secret = page.text.split("Secret: ")[1].split()[0]
    answer = page.form("Set up key").submit(client, follow=True, code=code_of(secret))
    return secret, Page(answer)


def test_g1_06_setting_a_key_up_leads_on_to_where_the_person_wanted_to_go(browse, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    email = give_password(person).email
    client = browse()
    form = Page(client.get("/login/?next=/students/")).form("Login")
    page = Page(form.submit(client, follow=True, login=email, password=GOOD))
    secret = page.text.split("Secret: ")[1].split()[0]
    answer = page.form("Set up key").submit(client, follow=True, code=code_of(secret))
    assert Page(answer).link("I have kept them safe") == "/students/"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example/", "https://hillside.localhost/", "javascript:1"]
)
def test_g1_06_log_in_and_key_never_lead_to_another_site(browse, in_school_a, elsewhere):
    person = make_staff(kind="key_holder", has_key=False)
    email = give_password(person).email
    client = browse()
    form = Page(client.get("/login/", {"next": elsewhere})).form("Login")
    assert form.submit(client, login=email, password=GOOD).url == "/"
    _, page = enrol(client)
    assert page.link("I have kept them safe") == "/"
    codes = client.get("/account/key/recovery-codes/", {"next": elsewhere})
    assert Page(codes).link("I have kept them safe") == "/"


@pytest.mark.parametrize("kind", ["key_holder", "administrator"])
def test_g1_06_a_key_is_set_up_at_the_first_log_in(browse, in_school_a, kind):
    person = make_staff(kind=kind, has_key=False)
    email = give_password(person).email
    client = browse()
    log_in(client, email, GOOD)
    assert client.get("/").url == "/account/key/?next=%2F"
    _, page = enrol(client)
    assert "Your recovery codes" in page.text
    assert is_logged_in(client)
    entry = AuditEntry.objects.get(verb="key.enrolled")
    assert (entry.user_id, entry.subject_ref) == (person.user_id, user_of(person).ref)


def test_g1_06_a_wrong_code_sets_no_key_up(browse, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    client = browse()
    log_in(client, give_password(person).email, GOOD)
    page = Page(client.get("/", follow=True))
    answer = page.form("Set up key").submit(client, follow=True, code="000000")
    assert "Set up your key" in Page(answer).text
    assert not is_logged_in(client)


def test_g1_06_a_key_holder_shows_the_key_at_every_later_log_in(browse, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    email = give_password(person).email
    with time_machine.travel(datetime(2026, 1, 15, 9, tzinfo=UTC), tick=False) as clock:
        client = browse()
        log_in(client, email, GOOD)
        secret, _ = enrol(client)
        clock.shift(timedelta(days=1))
        later = browse()
        answer = log_in(later, email, GOOD, follow=True)
        assert "Show your key" in Page(answer).text
        assert not is_logged_in(later)
        wrong = Page(answer).form("Continue").submit(later, follow=True, code="000000")
        assert "Show your key" in Page(wrong).text
        assert not is_logged_in(later)
        answer = Page(wrong).form("Continue").submit(later, code=code_of(secret))
        assert answer.url == "/"
        assert is_logged_in(later)


def test_g1_06_a_recovery_code_works_once_in_place_of_the_key(browse, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    email = give_password(person).email
    client = browse()
    log_in(client, email, GOOD)
    _, page = enrol(client)
    code = page.text.split("other valuables. ")[1].split()[0]
    logged_in = []
    for _ in range(2):
        later = browse()
        answer = log_in(later, email, GOOD, follow=True)
        Page(answer).form("Continue").submit(later, code=code)
        logged_in.append(is_logged_in(later))
    assert logged_in == [True, False]


def test_g1_06_who_becomes_a_key_holder_while_logged_in_sets_a_key_up_first(browse, teacher):
    give_password(teacher)
    client = browse()
    log_in(client, user_of(teacher).email, GOOD)
    assert is_logged_in(client)
    staff = staff_row(teacher)
    staff.access_group = AccessGroup.objects.get(holds_key=True)
    staff.save()
    assert not is_logged_in(client)
    enrol(client)
    assert is_logged_in(client)


def test_g1_06_the_page_that_sets_a_key_up_is_gone_once_there_is_one(browse, in_school_a):
    person = make_staff(kind="key_holder", has_key=False)
    client = browse()
    log_in(client, give_password(person).email, GOOD)
    enrol(client)
    answer = client.get("/account/key/enrol/")
    assert (answer.status_code, answer.url) == (302, "/")


def test_g1_06_a_member_of_staff_without_key_access_is_asked_for_no_key(browse, teacher):
    client = browse()
    answer = log_in(client, give_password(teacher).email, GOOD, follow=True)
    assert "My History" in Page(answer).text
