"""A key is lost, and a colleague helps: from the log-in page to the new key."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import KeyReset, User
from core.outbox import services as outbox
from core.refusals import Refused
from schools.services.keys import reset_key
from schools.services.staff import deactivate_staff
from tests.acceptance.accounts import GOOD, enrol, log_in
from tests.acceptance.page import Page
from tests.core.accounts.conftest import SECRET, Holder, clock, entries, holder, is_in
from tests.factories import make_staff

__all__ = ["clock", "entries", "holder"]
LOST = "I have lost my key"


@pytest.fixture
def helper(browse, holder):
    """Anna Cohen, a key holder who has just shown her key, at her browser."""
    actor = make_staff("helper", kind="key_holder", given_name="Anna", family_name="Cohen")
    return browse(actor)


def reset_by(helper: object, holder: Holder) -> object:
    path = f"/staff/keys/{holder.actor.staff_ref}/"
    form = Page(helper.get(path)).form("Reset key")
    return form.submit(helper, follow=True, made_sure="on")


def report_lost(holder):
    client = holder.half_logged_in()
    page = Page(client.get(Page(client.get("/login/key/")).link(LOST)))
    return client, Page(page.form(LOST).submit(client))


def test_t37_a_lost_key_is_reported_after_the_password_and_seen_by_who_can_help(
    holder, helper, browse, administrator, teacher, entries
):
    client, page = report_lost(holder)
    assert "We have noted that your key is lost" in page.text
    assert "a key holder or an administrator, in person" in page.text
    assert "Cohen" not in page.text
    assert not is_in(client)
    for visitor in (helper, browse(administrator)):
        assert "Reported lost" in Page(visitor.get("/staff/keys/")).text
    assert browse(teacher).get("/staff/keys/").status_code == 403
    (entry,) = entries("key.reported_lost")
    assert entry.subject_ref == holder.user.ref
    client.post("/login/key/lost/")
    assert len(entries("key.reported_lost")) == 1


def test_t36_nobody_reports_anything_before_the_password(holder, browse, entries):
    for method in ("get", "post"):
        assert getattr(browse(), method)("/login/key/lost/").url == "/login/"
    assert entries("key.reported_lost") == []


def test_t37_who_finds_the_key_is_not_listed_as_having_lost_it(holder, helper):
    report_lost(holder)
    holder.logged_in()
    assert "Reported lost" not in Page(helper.get("/staff/keys/")).text


def test_t37_a_reset_ends_keys_codes_and_sessions_and_opens_a_new_key(
    holder, helper, entries, clock
):
    session = holder.logged_in()
    report_lost(holder)
    page = Page(reset_by(helper, holder))
    assert "They can set up a new one within 24 hours." in page.text
    assert "No key. Reset: a new one can be set up until" in page.text
    assert "Reported lost" not in page.text
    assert not is_in(session)
    assert not Authenticator.objects.filter(user=holder.user).exists()
    assert not UserSession.objects.filter(user=holder.user).exists()
    (entry,) = entries("key.reset")
    reset = KeyReset.objects.get()
    assert (entry.user_id, entry.subject_ref) == (reset.helper_id, holder.user.ref)
    assert entry.facts["sessions_ended"] == 1
    client = holder.half_logged_in()
    assert client.get("/").url.startswith("/account/key/")
    enrol(client)
    assert is_in(client)


def test_t37_the_reset_is_told_by_email_without_anything_of_pupils(holder, helper):
    reset_by(helper, holder)
    outbox.act_on_all()
    (letter,) = mail.outbox
    assert letter.to == [holder.user.email]
    assert letter.subject == "Your key for Greenwood Primary School was reset"
    for words in (
        "was reset by Anna Cohen on Thursday 15 January 2026 at 09:00",
        "before 09:00 on Friday 16 January 2026",
        "If you did not ask for this",
    ):
        assert words in letter.body
        assert words in letter.alternatives[0][0].replace("<strong>", "").replace("</strong>", "")


def test_t36_after_a_loss_the_password_alone_sets_up_no_key(holder, browse):
    client, _ = report_lost(holder)
    for path in ("/account/key/enrol/", "/account/key/enrol/passkey/", "/account/keys/app/"):
        assert client.get(path).url.startswith("/login/")
    # Even with a session on the password alone.
    keyless = browse(holder.actor, has_key=False)
    assert keyless.get("/account/key/enrol/").url == "/"
    assert keyless.get("/account/keys/app/").url.startswith("/account/key/")
    assert Authenticator.objects.filter(user=holder.user).count() == 1


def test_t36_the_time_to_set_a_new_key_up_ends_after_a_day(holder, helper, clock, browse):
    reset_by(helper, holder)
    clock.shift(timedelta(hours=24, seconds=-1))
    client = holder.half_logged_in()
    assert "Set up your key" in Page(client.get("/", follow=True)).text
    clock.shift(1)
    page = Page(client.get("/", follow=True))
    assert "The time to set up a new key is over" in page.text
    assert client.get("/account/key/enrol/passkey/").url == "/login/key/lost/"
    page.form(LOST).submit(client)
    again = make_staff("again", kind="administrator")
    assert "Reported lost" in Page(browse(again).get("/staff/keys/")).text
    reset_by(browse(again), holder)
    client = holder.half_logged_in()
    enrol(client)
    assert is_in(client)


def test_t33_nobody_resets_their_own_key_or_without_having_made_sure(holder, helper, entries):
    own = holder.logged_in()
    path = f"/staff/keys/{holder.actor.staff_ref}/"
    assert "Nobody resets their own key." in Page(own.get(path)).text
    assert own.post(path, {"made_sure": "on"}).status_code == 403
    assert "Make sure in person first" in Page(helper.post(path, {})).text
    assert Authenticator.objects.filter(user=holder.user).exists()
    assert entries("key.reset") == []


def test_t33_a_reset_asks_for_the_helpers_key_again(holder, helper, clock):
    path = f"/staff/keys/{holder.actor.staff_ref}/"
    assert helper.get(path).status_code == 200
    clock.shift(timedelta(minutes=5))
    assert helper.get("/staff/keys/").status_code == 200
    for method in ("get", "post"):
        answer = getattr(helper, method)(path, {"made_sure": "on"})
        assert answer.url.startswith("/account/key/?next=%2Fstaff%2Fkeys%2F")
    assert Authenticator.objects.filter(user=holder.user).exists()


def test_t33_the_service_refuses_who_may_not(holder, teacher):
    with pytest.raises(Refused, match="key_helpers_only"):
        reset_key(actor=teacher, ref=holder.actor.staff_ref)


def test_t34_who_has_left_is_not_listed_and_not_reset(holder, helper, administrator):
    assert "Holder" in Page(helper.get("/staff/keys/")).text
    deactivate_staff(actor=administrator, ref=holder.actor.staff_ref)
    assert "Holder" not in Page(helper.get("/staff/keys/")).text
    assert helper.get(f"/staff/keys/{holder.actor.staff_ref}/").status_code == 404


def test_the_list_says_what_each_has_and_costs_the_same_for_a_hundred(holder, helper):
    RecoveryCodes.activate(holder.user)
    text = Page(helper.get("/staff/keys/")).text
    assert "Key holders Authenticator app · 10 recovery codes left" in text
    assert "Anna Cohen Key holders No key yet" in text

    def queries():
        with CaptureQueriesContext(connection) as asked:
            helper.get("/staff/keys/")
        return len(asked)

    few = queries()
    for number in range(100):
        actor = make_staff("many", kind="key_holder")
        user = User.objects.get(pk=actor.user_id)
        if number % 2:
            TOTP.activate(user, SECRET)
    assert queries() == few
    assert few <= 10  # the tenth is the unread alerts (the bell of every page)


def ops(*arguments):
    told = StringIO()
    call_command("reset_key", "--school", "greenwood", *arguments, stdout=told)
    return told.getvalue()


def test_t33_ops_help_where_nobody_at_the_school_can(holder, entries):
    email = holder.user.email
    assert "within 24 hours" in ops("--email", email)
    (entry,) = entries("key.reset")
    assert (entry.user_id, entry.had_key) == (None, False)
    outbox.act_on_all()
    assert "by the people who run this platform" in mail.outbox[0].body
    client = holder.half_logged_in()
    enrol(client)
    assert is_in(client)


def test_ops_are_told_when_there_is_nothing_to_reset(holder, teacher):
    with pytest.raises(CommandError, match="never set up a key"):
        ops("--email", User.objects.get(pk=teacher.user_id).email)
    with pytest.raises(CommandError, match="Nobody at this school"):
        ops("--email", "nobody@greenwood.example")


def test_log_in_after_reset_needs_the_password(holder, helper, browse):
    reset_by(helper, holder)
    client = browse()
    log_in(client, holder.user.email, "wrong")
    assert client.get("/account/key/enrol/").url.startswith("/login/")
    log_in(client, holder.user.email, GOOD)
    assert client.get("/account/key/enrol/").status_code == 200


def test_t37_who_waits_at_the_key_page_when_the_key_is_reset_begins_again(holder, helper):
    client, _ = report_lost(holder)
    assert client.get("/login/key/").status_code == 200
    reset_by(helper, holder)
    assert client.get("/login/key/").url == "/login/"
    assert client.get("/login/").status_code == 200
    log_in(client, holder.user.email, GOOD)
    enrol(client)
    assert is_in(client)
