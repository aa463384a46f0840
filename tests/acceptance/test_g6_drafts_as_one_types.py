"""Drafts are kept as one types, in order, for their author alone (acceptance G6.9)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import keyring
from core.attachments import services as attachments
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.clock import now as clock_now
from safeguarding.models import Draft, DraftFile, Incident, SentForm
from safeguarding.tasks import discard_old_drafts
from tests.acceptance.page import Page
from tests.acceptance.steps import form_of, read, refs, url
from tests.drafts import Tab, newest
from tests.factories import categories, make_incident, make_staff, make_student

SECRET = "She whispered about the blue bicycle."


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2026, 2, 2, 10, 0, tzinfo=UTC), tick=False) as moved:
        yield moved


@pytest.fixture
def no_key(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the service that unwraps keys be away."""

    def away(*_args: Any) -> Any:
        raise keyring.KeysUnavailable("KMS does not answer.")

    def begin() -> None:
        monkeypatch.setattr(keyring, "text_aead", away)

    yield begin
    monkeypatch.undo()


def verbs() -> list[str]:
    own = AuditEntry.objects.filter(verb__startswith="draft").order_by("id")
    return list(own.values_list("verb", flat=True))


def test_g6_09_what_is_being_typed_is_saved_and_offered_again(browse, clock, teacher, student):
    client, tab = browse(teacher), Tab(browse(teacher), teacher)
    assert tab.save("She whisp").json() == {"kept": "kept", "at": "10:00", "is_logged_in": True}
    assert tab.save(SECRET, fields={"student": refs(student)}).status_code == 200
    page = Page(client.get("/incidents/add/"))
    assert "You have not finished this" in page.text
    assert "Maddy Greenwood" in page.text
    assert page.form("Add Incident").fields["text"] == [""]
    again = Page(client.get(page.link("Go on with it 1")))
    assert "What you typed is back" in again.text
    assert "There is a problem" not in again.text
    assert "Choose at least one category." not in again.text
    form = again.form("Add Incident")
    assert (form.fields["text"], form.fields["student"]) == ([SECRET], refs(student))
    rest = {"occurred_at_0": "2026-02-02", "occurred_at_1": "09:30", "status": "active"}
    answer = form.submit(client, categories=refs(*categories("Medical")), **rest)
    assert answer.status_code == 302
    assert Incident.objects.get().text == SECRET
    assert not Draft.objects.exists()
    assert verbs() == ["draft.kept", "drafts.listed", "draft.opened", "draft.discarded"]


def test_g6_09_saving_as_one_types_is_on_record_once(browse, teacher):
    tab = Tab(browse(teacher), teacher)
    for text in ("O", "On", "One"):
        assert tab.save(text).status_code == 200
    assert verbs() == ["draft.kept"]
    assert "On" not in str(AuditEntry.objects.values_list("facts", flat=True))


def test_g6_09_an_older_save_never_takes_the_place_of_a_newer_one(browse, teacher):
    tab = Tab(browse(teacher), teacher)
    tab.save("One.")
    tab.number = 5
    tab.save("One. Two.")
    tab.number = 2
    assert tab.save("One. T").json()["kept"] == "older"
    assert newest(teacher).text == "One. Two."


def test_g6_09_two_pages_with_the_same_form_do_not_write_over_each_other(browse, teacher):
    client, first = browse(teacher), Tab(browse(teacher), teacher)
    first.save("One.")
    turn = Draft.objects.get().turn
    second = Tab(client, teacher, submission=first.submission, after=turn)
    third = Tab(client, teacher, submission=first.submission, after=turn)
    assert second.save("One. Of the second.").status_code == 200
    answer = third.save("One. Of the third.")
    assert (answer.status_code, answer.json()["kept"]) == (409, "elsewhere")
    assert first.save("One. Of the first.").status_code == 409
    assert second.save("One. Of the second page.").status_code == 200
    assert newest(teacher).text == "One. Of the second page."


def test_g6_09_several_unfinished_forms_stand_side_by_side(browse, teacher):
    client = browse(teacher)
    for name in ("Elsie", "Bryn", "Cerys"):
        Tab(client, teacher).save(name, fields={"student": refs(make_student(name))})
    page = Page(client.get("/drafts/"))
    assert all(name in page.text for name in ("Elsie", "Bryn", "Cerys"))
    assert Draft.objects.count() == 3


@pytest.mark.parametrize("path", ["/drafts/", "/incidents/add/"])
def test_g6_09_a_list_of_drafts_asks_as_much_for_one_as_for_many(browse, teacher, path):
    client = browse(teacher)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    Tab(client, teacher).save("x", fields={"student": refs(make_student())})
    client.get(path)
    with_one = asked()
    for number in range(30):
        Tab(client, teacher).save("x", fields={"student": refs(make_student(f"No{number}"))})
    assert asked() == with_one


def test_g6_09_a_save_that_comes_after_the_submission_brings_no_draft_back(
    browse, teacher, student
):
    client = browse(teacher)
    form = form_of(client)
    tab = Tab(client, teacher, submission=form.fields["submission"][0])
    assert tab.save(SECRET).status_code == 200
    form.submit(client, text=SECRET, student=refs(student), categories=refs(categories()[0]))
    assert Incident.objects.exists()
    assert (tab.save(SECRET).status_code, Draft.objects.count()) == (410, 0)


def test_g6_09_typing_goes_on_being_kept_when_the_session_has_ended_or_is_locked(browse, teacher):
    client = browse(teacher)
    tab = Tab(client, teacher)
    tab.save("Logged in.")
    client.post("/account/lock/")
    assert client.get("/").status_code == 302
    assert tab.save("Locked.").json()["is_logged_in"] is False
    assert newest(teacher).text == "Locked."
    client.cookies.clear()
    assert tab.save("Logged out.").json()["is_logged_in"] is False
    assert newest(teacher).text == "Logged out."


def test_g6_09_a_stale_token_after_a_log_in_in_another_tab_loses_no_save(browse, teacher):
    client = browse(teacher)
    client.handler.enforce_csrf_checks = True
    assert Tab(client, teacher).save(SECRET).status_code == 200


def test_g6_09_nobody_saves_or_opens_anothers_draft(browse, teacher):
    other = make_staff()
    tab = Tab(browse(teacher), teacher)
    tab.save(SECRET)
    forged = Tab(browse(other), other, submission=tab.submission)
    assert forged.save("Mine.").status_code == 200
    assert newest(teacher).text == SECRET
    forged.facts["author_pass"] = "x"
    assert forged.save("Theirs.").status_code == 403
    for path in (f"/incidents/add/?draft={tab.submission}", "/drafts/"):
        assert SECRET in Page(browse(teacher).get(f"/incidents/add/?draft={tab.submission}")).text
        assert SECRET not in Page(browse(other).get(path)).text
    answer = browse(other).post("/drafts/discard/", {"draft": str(tab.submission)})
    assert answer.status_code == 302
    assert newest(teacher).text == SECRET


@pytest.mark.parametrize(
    "sent",
    [b"", b"[]", b"{}", b"\xff", b'{"fields": {"text": "x"}}', b'{"fields": [["text", "x"]]}'],
)
def test_g6_09_what_is_no_form_is_no_draft(browse, teacher, sent):
    answer = browse(teacher).post("/drafts/save/", sent, content_type="application/json")
    assert (answer.status_code, Draft.objects.count()) == (400, 0)


def test_g6_09_an_invalid_form_is_a_draft_too(browse, teacher, add, sealed_file):
    file = sealed_file(teacher)
    page = Page(add(browse(teacher), text=SECRET, categories=[], files=refs(file)))
    assert "Choose at least one category." in page.text
    draft = newest(teacher)
    assert (draft.text, draft.fields["files"]) == (SECRET, refs(file))
    assert str(draft.submission) == page.form("Add Incident").fields["submission"][0]


def test_g6_09_without_the_schools_key_a_save_says_so(browse, teacher, no_key):
    tab = Tab(browse(teacher), teacher)
    assert tab.save("Before.").status_code == 200
    no_key()
    answer = tab.save(SECRET)
    assert (answer.status_code, "tries again" in answer.json()["error"]) == (503, True)


def test_g6_09_without_the_schools_key_an_invalid_form_still_comes_back(
    browse, teacher, add, no_key
):
    client = browse(teacher)
    no_key()
    page = Page(add(client, text=SECRET, categories=[]))
    assert page.form("Add Incident").fields["text"] == [SECRET]
    assert "could not be kept as a draft just now" in page.text


def test_g6_09_without_the_schools_key_a_form_after_its_session_is_shown_to_send_again(
    browse, teacher, monkeypatch, no_key
):
    client = browse(teacher)
    form = form_of(client)
    client.cookies.clear()
    no_key()
    answer = form.submit(client, text=SECRET)
    assert answer.status_code == 503
    again = Page(answer).form("Try again")
    assert again.fields["text"] == [SECRET]
    monkeypatch.undo()
    assert again.submit(client).status_code == 302
    assert newest(teacher).text == SECRET


def test_g6_09_an_action_sent_after_the_incident_was_marked_as_read_is_kept(browse, teacher, dsl):
    incident = make_incident(dsl, recipients=[teacher])
    client = browse(teacher)
    form = Page(client.get(url(incident))).form("Add Action")
    read(client, incident)
    answer = form.submit(client, text=SECRET)
    assert answer.status_code == 404
    assert "What you typed is kept" in Page(answer).text
    assert not incident.actions.exists()
    page = Page(client.get("/drafts/"))
    assert SECRET in page.text
    assert "Its incident is not open to you any more" in page.text
    assert "Maddy" not in page.text


def test_g6_09_it_is_no_other_answer_for_an_incident_that_never_was(browse, teacher, dsl):
    incident = make_incident(dsl)
    form = {"text": SECRET, "submission": "0190d2c0-0000-7000-8000-000000000001"}
    client, said = browse(teacher), []
    for ref in (incident.ref, "0190d2c0-0000-7000-8000-000000000000"):
        answer = client.post(f"/incidents/{ref}/actions/", form)
        said.append((answer.status_code, Page(answer).text))
    assert said[0] == said[1]


def test_g6_09_files_stay_with_the_draft_and_go_with_it(browse, teacher, sealed_file):
    held, alone = sealed_file(teacher), sealed_file(teacher)
    tab = Tab(browse(teacher), teacher)
    tab.save("A letter.", fields={"files": refs(held)})
    Attachment.objects.update(created_at=clock_now() - timedelta(days=2))
    attachments.discard_orphans(timedelta(days=1))
    assert list(Attachment.objects.all()) == [held]
    page = Page(browse(teacher).get(f"/incidents/add/?draft={tab.submission}"))
    assert page.form("Add Incident").fields["files"] == refs(held)
    assert alone not in Attachment.objects.all()
    tab.save("No letter.")
    attachments.discard_orphans(timedelta(days=1))
    assert not Attachment.objects.exists()


def test_g6_09_a_file_of_somebody_else_is_not_held(browse, teacher, dsl, sealed_file):
    Tab(browse(teacher), teacher).save("x", fields={"files": refs(sealed_file(dsl))})
    assert not DraftFile.objects.exists()


def test_g6_09_a_draft_is_deleted_after_thirty_days(browse, clock, school_a, teacher):
    file = Attachment.objects.create(
        object_key=f"{uuid4()}/{uuid4()}",
        filename="letter.txt",
        content_type="text/plain",
        size=1,
        created_by_id=teacher.user_id,
    )
    Tab(browse(teacher), teacher).save("Old.", fields={"files": refs(file)})
    assert DraftFile.objects.count() == 1
    SentForm.objects.create(author_id=teacher.staff_id, submission=Tab(None, teacher).submission)
    clock.shift(timedelta(days=1))
    Tab(browse(teacher), teacher).save("Newer.")
    clock.shift(timedelta(days=29, seconds=-1))
    assert discard_old_drafts(str(school_a.ref)) == 0
    assert Draft.objects.count() == 2
    clock.shift(timedelta(seconds=2))
    assert discard_old_drafts(str(school_a.ref)) == 1
    assert newest(teacher).text == "Newer."
    assert (DraftFile.objects.count(), SentForm.objects.count()) == (0, 0)
    assert verbs()[-1] == "draft.expired"
