"""Writing the record: what is refused, and what is written with what."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError

from core import clock
from core.attachments import services as attachments
from core.attachments.errors import ClaimRefused
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.identifiers import uuid7
from core.outbox.models import OutboxEvent
from core.refusals import Refused
from safeguarding.models import Action, Alert, Draft, Incident, IncidentLink, Monitoring
from safeguarding.services.actions import NewAction, add_action
from safeguarding.services.alerts import mark_as_read
from safeguarding.services.drafts import author_pass
from safeguarding.services.incidents import Link, NewIncident, record_incident, settle_case
from safeguarding.terms import Status
from schools.models import Agency
from schools.terms import Refusal
from tests.drafts import keep
from tests.factories import (
    categories,
    make_action,
    make_incident,
    make_staff,
    make_student,
    staff_row,
)

TEXT = "She said that the dog ate nothing all week."


def alerts_raised():
    rows = OutboxEvent.objects.filter(kind="safeguarding.alert_raised")
    return sorted(row.payload["ref"] for row in rows)


def everything():
    """How many rows there are of all that a service writes."""
    models = (
        Incident,
        IncidentLink,
        Monitoring,
        Action,
        Alert,
        Agency,
        AuditEntry,
        OutboxEvent,
    )
    counted = {model.__name__: model._default_manager.count() for model in models}
    return counted | {"claimed": Attachment.objects.exclude(attached_at=None).count()}


@pytest.fixture
def full_disk(monkeypatch):
    """The audit cannot be written."""

    def fail(*_args, **_kwargs):
        raise OSError("The disk is full.")

    return lambda: monkeypatch.setattr("core.audit.services.record", fail)


# Audit


def test_g6_01_recording_an_incident_is_on_the_record_by_reference_alone(teacher, dsl):
    incident = make_incident(teacher, text=TEXT, recipients=[dsl])
    entry = AuditEntry.objects.get(verb="incident.recorded")
    assert (entry.user_id, entry.had_key) == (teacher.user_id, False)
    assert (entry.subject_kind, entry.subject_ref) == ("safeguarding.incident", incident.ref)
    assert entry.facts == {
        "categories": [str(one.ref) for one in incident.categories.all()],
        "alerted": [str(dsl.staff_ref)],
    }
    assert "dog" not in str(entry.facts)


def test_g5_06_adding_an_action_is_on_the_record(teacher, dsl):
    incident = make_incident(teacher)
    action = make_action(teacher, incident, recipients=[dsl])
    entry = AuditEntry.objects.get(verb="action.added")
    assert (entry.user_id, entry.subject_ref) == (teacher.user_id, action.ref)
    assert entry.facts == {"incident": str(incident.ref), "alerted": [str(dsl.staff_ref)]}


def test_g6_06_settling_is_on_the_record(teacher, dsl):
    incident = make_incident(teacher)
    settle_case(actor=dsl, ref=incident.ref, status=Status.CLOSED, assignee=staff_row(dsl))
    entry = AuditEntry.objects.get(verb="incident.settled")
    assert (entry.user_id, entry.had_key, entry.subject_ref) == (dsl.user_id, True, incident.ref)
    assert entry.facts == {"status": "closed", "assignee": str(dsl.staff_ref)}


def test_g6_01_an_incident_without_its_audit_entry_is_not_recorded(teacher, dsl, full_disk):
    letter = attachments.seal(actor=teacher, filename="letter.txt", chunks=[b"Dear all\n"])
    student, linked = make_student(), make_student()
    before = everything()
    full_disk()
    with pytest.raises(OSError, match="full"):
        make_incident(
            teacher,
            student=student,
            recipients=[dsl],
            links=[Link(student=linked, is_monitored=True)],
            agencies=["Police"],
            files=[letter.ref],
        )
    assert everything() == before


def test_g5_06_an_action_without_its_audit_entry_is_not_added(teacher, dsl, full_disk):
    incident = make_incident(teacher)
    before = everything()
    full_disk()
    with pytest.raises(OSError, match="full"):
        make_action(teacher, incident, recipients=[dsl], agencies=["Police"])
    assert everything() == before


def test_g4_02_a_mark_without_its_audit_entry_is_not_made(teacher, dsl, full_disk):
    incident = make_incident(dsl, recipients=[teacher])
    full_disk()
    with pytest.raises(OSError, match="full"):
        mark_as_read(actor=teacher, ref=incident.ref)
    assert Alert.objects.get().read_at is None


def test_g6_06_a_settlement_without_its_audit_entry_is_not_made(teacher, dsl, full_disk):
    incident = make_incident(teacher)
    before = everything()
    full_disk()
    with pytest.raises(OSError, match="full"):
        settle_case(actor=dsl, ref=incident.ref, status=Status.CLOSED, assignee=staff_row(dsl))
    assert everything() == before
    assert Incident.objects.get().status == "active"


# Outbox


def test_g3_03_each_person_alerted_has_one_alert_and_one_event(teacher, dsl):
    colleague = make_staff()
    incident = make_incident(teacher, recipients=[dsl, colleague, dsl])
    alerts = Alert.objects.filter(incident=incident, action=None)
    assert {one.recipient_id for one in alerts} == {dsl.staff_id, colleague.staff_id}
    assert {one.raised_by_id for one in alerts} == {teacher.staff_id}
    assert alerts_raised() == sorted(str(one.ref) for one in alerts)


def test_g5_05_an_action_alerts_anew_who_was_alerted_to_the_incident(teacher, dsl):
    incident = make_incident(teacher, recipients=[dsl])
    mark_as_read(actor=dsl, ref=incident.ref)
    action = make_action(teacher, incident, recipients=[dsl])
    alert = Alert.objects.get(action=action)
    assert (alert.recipient_id, alert.read_at) == (dsl.staff_id, None)
    assert str(alert.ref) in alerts_raised()
    assert len(alerts_raised()) == 2


def test_g3_03_nobody_alerted_raises_nothing(teacher):
    make_incident(teacher)
    assert not OutboxEvent.objects.exists()


def test_g6_06_an_assignee_is_told_by_reference(teacher, dsl):
    incident = make_incident(dsl, assignee=staff_row(dsl))
    event = OutboxEvent.objects.get()
    assert event.kind == "safeguarding.incident_assigned"
    assert event.payload == {"ref": str(incident.ref), "staff": str(dsl.staff_ref)}


def test_g6_09_the_same_submission_raises_nothing_twice(teacher, dsl):
    new = NewIncident(
        submission=uuid7(),
        student=make_student(),
        text=TEXT,
        categories=categories(),
        occurred_at=clock.now(),
        recipients=[staff_row(dsl)],
    )
    first, second = (record_incident(actor=teacher, new=new) for _ in range(2))
    assert first == second
    assert (Alert.objects.count(), len(alerts_raised())) == (1, 1)
    assert AuditEntry.objects.filter(verb="incident.recorded").count() == 1


def test_g6_09_a_submission_is_its_authors_own(teacher, dsl):
    new = NewIncident(
        submission=uuid7(),
        student=make_student(),
        text=TEXT,
        categories=categories(),
        occurred_at=clock.now(),
    )
    record_incident(actor=teacher, new=new)
    with pytest.raises(IntegrityError):
        record_incident(actor=dsl, new=new)
    assert Incident.objects.get().author_id == teacher.staff_id


# Refusals


@pytest.mark.parametrize("kind", ["staff", "administrator"])
def test_g6_06_who_holds_no_key_assigns_nobody(in_school_a, dsl, kind):
    person = make_staff(kind=kind)
    with pytest.raises(Refused) as refusal:
        make_incident(person, assignee=staff_row(dsl))
    assert refusal.value.why is Refusal.KEY_HOLDERS_ONLY
    assert not Incident.objects.exists()


def test_g6_06_who_holds_no_key_settles_nothing(teacher, dsl):
    incident = make_incident(dsl, recipients=[teacher])
    with pytest.raises(Refused) as refusal:
        settle_case(actor=teacher, ref=incident.ref, status=Status.CLOSED, assignee=None)
    assert refusal.value.why is Refusal.CLOSED_TO_ASSIGN
    assert Incident.objects.get().status == "active"


def test_g4_04_a_hidden_incident_is_absent_to_every_service(teacher, dsl):
    incident = make_incident(dsl)
    new = NewAction(submission=uuid7(), text="Rang.", occurred_at=clock.now())
    with pytest.raises(Incident.DoesNotExist):
        add_action(actor=teacher, ref=incident.ref, new=new)
    with pytest.raises(Incident.DoesNotExist):
        settle_case(actor=teacher, ref=incident.ref, status=Status.CLOSED, assignee=None)
    with pytest.raises(Incident.DoesNotExist):
        mark_as_read(actor=teacher, ref=incident.ref)
    assert add_action(actor=dsl, ref=incident.ref, new=new).incident == incident


def test_g4_03_after_marking_as_read_no_action_is_added(teacher, dsl):
    incident = make_incident(dsl, recipients=[teacher])
    make_action(teacher, incident)
    assert mark_as_read(actor=teacher, ref=incident.ref) == 1
    with pytest.raises(Incident.DoesNotExist):
        make_action(teacher, incident)
    assert mark_as_read(actor=teacher, ref=incident.ref) == 0


def test_g6_01_a_file_is_claimed_by_who_uploaded_it_and_once(teacher, dsl):
    letter = attachments.seal(actor=teacher, filename="letter.txt", chunks=[b"Dear all\n"])
    with pytest.raises(ClaimRefused):
        make_incident(dsl, files=[letter.ref])
    assert not Incident.objects.exists()
    make_incident(teacher, files=[letter.ref])
    with pytest.raises(ClaimRefused):
        make_incident(teacher, files=[letter.ref])
    assert Incident.objects.count() == 1


# What is written


def test_g6_05_what_is_said_to_happen_a_moment_from_now_happens_now(teacher):
    now = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        incident = make_incident(teacher, occurred_at=now + timedelta(seconds=40))
    assert incident.occurred_at == incident.recorded_at == now


def test_g6_06_closing_takes_down_when_and_by_whom_and_opening_forgets_it(teacher, dsl):
    incident = make_incident(teacher)
    settle_case(actor=dsl, ref=incident.ref, status=Status.CLOSED, assignee=None)
    incident.refresh_from_db()
    assert incident.closed_by_id == dsl.staff_id
    closed_at = incident.closed_at
    deputy = make_staff(kind="key_holder")
    settle_case(actor=deputy, ref=incident.ref, status=Status.CLOSED, assignee=None)
    incident.refresh_from_db()
    assert (incident.closed_at, incident.closed_by_id) == (closed_at, dsl.staff_id)
    settle_case(actor=deputy, ref=incident.ref, status=Status.ACTIVE, assignee=None)
    incident.refresh_from_db()
    assert (incident.closed_at, incident.closed_by) == (None, None)


def test_g5_03_documents_are_shared_only_together_with_the_action(teacher):
    incident = make_incident(teacher)
    action = make_action(teacher, incident, shares_documents=True)
    assert (action.on_linked_students, action.shares_documents) == (False, False)


def test_g6_01_an_agency_that_the_school_knows_is_not_made_twice(teacher):
    make_incident(teacher, agencies=["Early Help", "Police"])
    make_incident(teacher, agencies=[" early  help ", "EARLY HELP"])
    assert sorted(Agency.objects.values_list("name", flat=True)) == ["Early Help", "Police"]


def test_g6_09_recording_forgets_the_draft_of_that_form_alone(teacher, dsl):
    incident = make_incident(dsl, recipients=[teacher])
    opened = [uuid7(), uuid7(), uuid7()]
    for form, about, submission in (
        ("incident", None, opened[0]),
        ("incident", None, opened[1]),
        ("action", incident.ref, opened[2]),
    ):
        kept = {"form": form, "about": about, "submission": submission}
        assert keep(author_pass(teacher), actor=teacher, **kept) == "kept"
    make_incident(teacher, form_opened=opened[0])
    assert set(Draft.objects.values_list("submission", flat=True)) == set(opened[1:])
    make_action(teacher, incident, form_opened=opened[2])
    assert set(Draft.objects.values_list("submission", flat=True)) == {opened[1]}
