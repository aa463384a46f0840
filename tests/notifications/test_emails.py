"""What the emails say, to whom, and when none is sent (guide 1.1, 2, 3 and 4; acceptance G3)."""

import re
from typing import Any

import pytest
from django.core import mail
from django.urls import resolve

from core.accounts.models import User
from core.accounts.services.password_links import request_password_link
from core.outbox import services as outbox
from core.outbox.models import OutboxEvent
from core.tenancy import in_school
from safeguarding.events import AlertRaised
from safeguarding.models import Alert
from safeguarding.services import incidents
from safeguarding.services.deliveries import LEFT
from safeguarding.terms import Status
from schools.models import Category
from tests.factories import (
    categories,
    make_action,
    make_incident,
    make_staff,
    make_student,
    staff_row,
)

SECRETS = ("Maddy", "Greenwood, Maddy", "M.G.", "MG ", "bruise", "bike", "Elsie")


@pytest.fixture
def anna(in_school_a: Any) -> Any:
    return make_staff(given_name="Anna", family_name="Cohen")


def sent() -> list[Any]:
    """Act on the outbox; return the emails that left, and forget them."""
    outbox.act_on_all()
    letters, mail.outbox[:] = list(mail.outbox), []
    return letters


def only_letter() -> Any:
    [letter] = sent()
    return letter


def html_of(letter: Any) -> str:
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    return str(html)


def _close_account(actor: Any) -> None:
    User.objects.filter(pk=actor.user_id).update(is_active=False)


def record(author: Any, **facts: Any) -> Any:
    student = make_student("Maddy", "Greenwood-Nkemelu")
    facts.setdefault(
        "text", "Maddy (M.G.) had a bruise; Elsie says she fell off her bike. MG cried."
    )
    return make_incident(author, student=student, **facts)


def test_g3_01_email_names_creator_and_category_and_links_to_the_log_in_page(anna, dsl, school_a):
    incident = record(anna, recipients=[dsl], categories=categories("Medical", "Behaviour"))
    letter = only_letter()
    link = f"http://greenwood.localhost/login/?next=/incidents/{incident.ref}/"
    assert letter.to == [staff_row(dsl).user.email]
    assert not letter.cc
    assert not letter.bcc
    assert letter.subject == "Alert from Anna Cohen: Behaviour, Medical"
    assert letter.body.splitlines()[:6] == [
        f"Anna Cohen has alerted you at {school_a.name}.",
        "",
        "Categories: Behaviour, Medical",
        "",
        "You need to log in to look at a newly added incident:",
        link,
    ]
    html = html_of(letter)
    assert f'<a href="{link}">' in html
    words = re.sub(r"<[^>]+>", "", html)
    for line in letter.body.splitlines()[:6]:
        assert line in words


def test_g3_01_email_holds_nothing_else_in_subject_body_headers_or_url(anna, dsl):
    incident = record(anna, recipients=[dsl])
    assert [secret for secret in SECRETS if secret in f"{incident.text} Greenwood, Maddy"]
    make_action(anna, incident, text="Telephoned Maddy's mum about the bruise.", recipients=[dsl])
    letters = sent()
    assert len(letters) == 2
    for letter in letters:
        message = letter.message()
        parts = [part.get_payload(decode=True).decode() for part in message.get_payload()]
        everything = "\n".join([*(f"{k}: {v}" for k, v in message.items()), *parts])
        assert "Anna Cohen" in everything
        for secret in (*SECRETS, "Nkemelu", "mum"):
            assert secret not in everything


def test_g3_02_link_leads_to_the_incident_after_login(anna, dsl, browse):
    incident = record(anna, recipients=[dsl])
    link = re.search(r"http://\S+", only_letter().body)
    assert link
    path, _, then = link[0].removeprefix("http://greenwood.localhost").partition("?next=")
    assert browse().get(path, {"next": then}).status_code == 200
    assert browse(dsl).get(then).status_code == 200
    assert str(incident.ref) in then


def test_g5_05_action_email_says_that_an_action_was_added_and_its_categories_too(anna, dsl):
    incident = record(anna, categories=categories("Medical"))
    make_action(anna, incident, categories=categories("Attendance"), recipients=[dsl])
    letter = only_letter()
    assert letter.subject == "Alert from Anna Cohen: Attendance, Medical"
    assert "You need to log in to look at a newly added action:" in letter.body
    assert f"/incidents/{incident.ref}/" in letter.body


def test_g6_06_assignee_is_emailed(dsl):
    colleague = make_staff("lead", kind="key_holder")
    incident = record(dsl, assignee=staff_row(colleague), categories=categories("Medical"))
    letter = only_letter()
    assert letter.to == [staff_row(colleague).user.email]
    assert letter.subject == "An incident is assigned to you: Medical"
    assert f"An incident that {dsl.name} recorded" in letter.body
    assert f"/login/?next=/incidents/{incident.ref}/" in letter.body
    assert "Maddy" not in letter.body + html_of(letter)


def test_g6_06_only_the_last_of_two_assignees_is_told_what_is_still_true(dsl):
    first, second = (make_staff("lead", kind="key_holder") for _ in range(2))
    incident = record(dsl, assignee=staff_row(first))
    incidents.settle_case(
        actor=dsl, ref=incident.ref, status=Status.ACTIVE, assignee=staff_row(second)
    )
    assert only_letter().to == [staff_row(second).user.email]
    assert not OutboxEvent.objects.filter(done_at__isnull=True).exists()


def test_g3_03_each_recipient_gets_one_email_with_the_outbox_rows_id(anna, dsl, teacher):
    record(anna, recipients=[dsl, teacher, dsl])
    letters = sent()
    assert {letter.to[0] for letter in letters} == {
        staff_row(one).user.email for one in (dsl, teacher)
    }
    ids = {letter.message()["Message-ID"] for letter in letters}
    assert ids == {f"<{row.ref}@localhost>" for row in OutboxEvent.objects.all()}
    assert sent() == []


def test_g3_03_nothing_leaves_if_the_incident_was_not_saved(anna, dsl, monkeypatch):
    record(anna, recipients=[dsl])
    assert len(sent()) == 1

    def fail(**_):
        raise ZeroDivisionError

    # The last but one thing that the service does, after it has alerted.
    monkeypatch.setattr(incidents, "forget_draft", fail)
    with pytest.raises(ZeroDivisionError):
        record(anna, recipients=[dsl])
    assert sent() == []
    assert Alert.objects.count() == 1


def test_g3_03_second_event_for_one_alert_sends_nothing(anna, dsl):
    record(anna, recipients=[dsl])
    alert = Alert.objects.get()
    outbox.append(AlertRaised(ref=alert.ref))
    assert len(sent()) == 1
    assert OutboxEvent.objects.filter(done_at__isnull=False).count() == 2


def test_alert_notes_when_it_was_emailed(anna, dsl):
    record(anna, recipients=[dsl])
    assert Alert.objects.get().emailed_at is None
    sent()
    assert Alert.objects.get().emailed_at
    assert Alert.objects.get().email_refusal == ""


@pytest.mark.parametrize("what", ["staff", "account"])
def test_t34_deactivated_recipient_is_not_emailed_and_the_record_says_so(anna, dsl, teacher, what):
    record(anna, recipients=[dsl, teacher])
    left = staff_row(teacher)
    row = left if what == "staff" else left.user
    row.is_active = False
    row.save()
    assert only_letter().to == [staff_row(dsl).user.email]
    alert = Alert.objects.get(recipient=left)
    assert alert.email_refusal == LEFT
    assert alert.emailed_at is None
    assert not OutboxEvent.objects.filter(done_at__isnull=True).exists()


def test_t34_deactivated_assignee_is_not_emailed(dsl):
    colleague = make_staff("lead", kind="key_holder")
    record(dsl, assignee=staff_row(colleague))
    _close_account(colleague)
    assert sent() == []


def test_t41_names_cannot_add_headers_or_markup(dsl):
    author = make_staff(
        given_name="Eve\r\nBcc: all@example.test", family_name="<script>O'Hara & Co\u202e</script>"
    )
    record(author, recipients=[dsl])
    letter = only_letter()
    assert letter.message()["Bcc"] is None
    assert "\n" not in letter.subject
    assert "\u202e" not in letter.subject
    assert "<script>" not in html_of(letter)
    assert "O'Hara & Co" in letter.body


def test_colleague_without_a_name_is_a_colleague(dsl):
    author = make_staff(given_name="", family_name="X")
    staff = staff_row(author)
    staff.given_name = staff.family_name = ""
    staff.save()
    record(author, recipients=[dsl])
    assert only_letter().subject == "Alert from A colleague: Medical"


def test_emails_ask_for_no_automatic_answers_and_every_category_is_in_the_subject(anna, dsl):
    every = list(Category.objects.all())
    record(anna, recipients=[dsl], categories=every)
    letter = only_letter()
    message = letter.message()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert all(category.name in letter.subject for category in every)
    assert all(len(line) < 998 for line in message.as_bytes().splitlines())


def test_t22_email_of_one_school_names_nothing_of_another(anna, dsl, school_b):
    with in_school(school_b):
        record(make_staff(), recipients=[make_staff()])
    record(anna, recipients=[dsl])
    letter = only_letter()
    assert "hillside" not in (letter.body + html_of(letter)).lower()
    with in_school(school_b):
        assert "http://hillside.localhost/" in only_letter().body


def test_g1_03_password_link_comes_by_email_and_opens_the_page(teacher, browse):
    user = staff_row(teacher).user
    request_password_link(email=user.email.upper())
    letter = only_letter()
    assert letter.to == [user.email]
    assert letter.subject == "Your password for Greenwood Primary School"
    [link] = re.findall(r"http://\S+", letter.body)
    path = link.removeprefix("http://greenwood.localhost")
    match = resolve(path, urlconf="config.urls.school")
    assert match.url_name == "create_password"
    assert match.kwargs["ref"] == user.ref
    assert browse().get(path, follow=True).status_code == 200
    assert f'<a href="{link}">' in html_of(letter)


def test_g1_04_password_email_says_until_when_and_that_it_works_once(teacher, time_machine):
    # Half past midnight in the school's summer, when it is still the day before in UTC.
    time_machine.move_to("2026-07-02T00:30:00+01:00", tick=False)
    request_password_link(email=staff_row(teacher).user.email)
    body = only_letter().body
    assert "It works once, and expires at midnight tonight, Thursday 2 July 2026." in body


@pytest.mark.parametrize("email", ["nobody@example.test", "gone@example.test"])
def test_g1_03_address_that_is_not_known_gets_no_email_and_the_event_is_done(in_school_a, email):
    gone = make_staff(email="gone@example.test")
    _close_account(gone)
    request_password_link(email=email)
    assert sent() == []
    assert OutboxEvent.objects.get().done_at
