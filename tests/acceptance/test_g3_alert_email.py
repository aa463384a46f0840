"""Alert emails where record, outbox and log-in meet (acceptance G3).

What becomes of an email when servers fail is proved in ``tests/notifications`` and ``tests/faults``.
"""

from email import policy
from email.parser import BytesParser
from typing import Any

import pytest

from core.accounts.models import User
from core.attachments import services as attachments
from core.outbox.models import OutboxEvent
from safeguarding.models import Alert, Incident
from safeguarding.services.alerts import mark_as_read
from schools.models import AlertGroup
from tests.acceptance.page import Page
from tests.acceptance.steps import address_of
from tests.factories import (
    categories,
    make_action,
    make_incident,
    make_staff,
    make_student,
    staff_row,
)

PASSWORD = "plover umbrella kettle ninety"


def path_in(letter: Any) -> str:
    (line,) = (line for line in letter.body.splitlines() if line.startswith("http"))
    return str(line.removeprefix("http://greenwood.localhost"))


def everything_in(letter: Any) -> str:
    """Headers and both bodies, decoded as a mail program shows them."""
    parsed = BytesParser(policy=policy.default).parsebytes(letter.message().as_bytes())
    parts = [part.get_content() for part in parsed.walk() if not part.is_multipart()]
    return "\n".join([*(f"{name}: {value}" for name, value in parsed.items()), *parts])


def log_in(client: Any, path: str, actor: Any) -> Any:
    user = User.objects.get(pk=actor.user_id)
    user.set_password(PASSWORD)
    user.save()
    form = Page(client.get(path)).form("Login")
    return form.submit(client, login=user.email, password=PASSWORD)


def test_g3_01_everyone_alerted_is_told_who_and_which_category_and_no_more(
    teacher, dsl, anna, send_mails
):
    letter_home = attachments.seal(actor=anna, filename="zebra-letter.txt", chunks=[b"Hello\n"])
    make_incident(
        anna,
        student=make_student("Zebedee", "Quibble", upn="Z999", class_name="9Z"),
        text="Zebedee said that zinc tastes of xylophones.",
        categories=categories("Medical", "SEND"),
        files=[letter_home.ref],
        agencies=["Zoo Police"],
        recipients=[teacher, dsl],
    )
    mails = send_mails()
    assert sorted(letter.to[0] for letter in mails) == sorted(map(address_of, (teacher, dsl)))
    for letter in mails:
        said = everything_in(letter)
        for expected in ("Anna Cohen", "Medical", "SEND", "http://greenwood.localhost/login/"):
            assert expected in said
        for secret in ("Zebedee", "Quibble", "Z.Q", "ZQ", "zinc", "zebra", "Z999", "9Z", "Zoo"):
            assert secret not in said


def test_g3_02_the_link_leads_to_the_log_in_page_and_after_it_to_the_incident(
    browse, teacher, anna, send_mails
):
    incident = make_incident(anna, text="A quiet word.", recipients=[teacher])
    (letter,) = send_mails()
    client = browse()
    assert "Log in" in Page(client.get(path_in(letter))).headings
    answer = log_in(client, path_in(letter), teacher)
    assert answer.url == f"/incidents/{incident.ref}/"
    assert "A quiet word." in Page(client.get(answer.url)).text


def test_g3_02_a_key_holder_shows_the_key_on_the_way_to_the_incident(browse, dsl, anna, send_mails):
    incident = make_incident(anna, text="A quiet word.", recipients=[dsl])
    (letter,) = send_mails()
    client = browse()
    answer = log_in(client, path_in(letter), dsl)
    assert answer.url == f"/incidents/{incident.ref}/"
    answer = client.get(answer.url)
    assert answer.url == f"/account/key/?next=%2Fincidents%2F{incident.ref}%2F"


def test_g3_02_who_is_logged_in_goes_straight_to_the_incident(browse, teacher, anna, send_mails):
    incident = make_incident(anna, recipients=[teacher])
    (letter,) = send_mails()
    assert browse(teacher).get(path_in(letter)).url == f"/incidents/{incident.ref}/"


def test_g3_02_once_marked_as_read_the_link_leads_to_nothing(browse, teacher, anna, send_mails):
    incident = make_incident(anna, recipients=[teacher])
    (letter,) = send_mails()
    client = browse(teacher)
    assert client.get(path_in(letter), follow=True).status_code == 200
    mark_as_read(actor=teacher, ref=incident.ref)
    assert client.get(path_in(letter), follow=True).status_code == 404


def test_g3_03_a_form_that_is_refused_emails_nobody(browse, teacher, dsl, send_mails):
    client = browse(teacher)
    form = Page(client.get("/incidents/add/")).form("Add Incident")
    answer = form.submit(client, text="Something", recipients=str(dsl.staff_ref))
    assert "Choose at least one category." in Page(answer).text
    assert (send_mails(), OutboxEvent.objects.count()) == ([], 0)


def test_g3_03_an_incident_that_is_not_saved_emails_nobody(teacher, dsl, monkeypatch, send_mails):
    def fail(*_args, **_kwargs):
        raise OSError("The disk is full.")

    monkeypatch.setattr("core.audit.services.record", fail)
    with pytest.raises(OSError, match="full"):
        make_incident(teacher, recipients=[dsl])
    assert (Incident.objects.count(), Alert.objects.count()) == (0, 0)
    assert (send_mails(), OutboxEvent.objects.count()) == ([], 0)


def test_g3_03_who_is_chosen_twice_is_emailed_once(browse, teacher, dsl, send_mails):
    group = AlertGroup.objects.create(name="Safeguarding team")
    group.members.set([staff_row(dsl)])
    student = make_student()
    client = browse(teacher)
    form = Page(client.get("/incidents/add/")).form("Add Incident")
    answer = form.submit(
        client,
        student=str(student.ref),
        text="Something",
        categories=str(categories()[0].ref),
        recipients=[str(dsl.staff_ref)] * 2,
        alert_groups=str(group.ref),
    )
    assert answer.status_code == 302
    assert [letter.to for letter in send_mails()] == [[address_of(dsl)]]


def test_g3_03_the_worker_may_come_twice_and_emails_once(teacher, dsl, send_mails):
    incident = make_incident(teacher, recipients=[dsl])
    make_action(teacher, incident, recipients=[dsl])
    assert len(send_mails()) == 2
    assert send_mails() == []
    OutboxEvent.objects.update(done_at=None)
    assert send_mails() == []


def test_g3_03_who_has_left_is_not_emailed_and_key_holders_see_why(
    browse, teacher, dsl, see, send_mails
):
    leaver = make_staff(family_name="Leaver")
    incident = make_incident(teacher, recipients=[leaver, dsl])
    User.objects.filter(email=address_of(leaver)).update(is_active=False)
    assert [letter.to for letter in send_mails()] == [[address_of(dsl)]]
    page = see(browse(dsl), f"/incidents/{incident.ref}/")
    assert "Not sent: the account was deactivated before the email left." in page.text
