"""Forms whose fields somebody made up: what was not offered is refused at the field."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from core import clock
from core.attachments import services as attachments
from core.tenancy import in_school
from safeguarding.models import Alert, Draft, Incident
from safeguarding.services import drafts
from safeguarding.services.incidents import NewIncident, record_incident
from schools.models import AccessGroup, Category, Staff, Student
from schools.services.categories import retire_category
from schools.services.staff import deactivate_staff
from tests.drafts import keep
from tests.factories import make_student, staff_row
from tests.isolation.world import incident_form

pytestmark = pytest.mark.isolation


def post_incident(world, visitor, **fields):
    """Post the form; return the fields that were refused, none where it was taken."""
    before = Incident.objects.count()
    answer = world.client(visitor).post("/incidents/add/", incident_form(world, **fields))
    is_taken = answer.status_code == 302
    assert Incident.objects.count() == before + is_taken
    return None if is_taken else sorted(answer.context["form"].errors)


def test_t31_the_form_as_it_was_offered_is_taken(here):
    assert post_incident(here, "staff") is None
    colleague = str(here.people["colleague"].staff_ref)
    assert post_incident(here, "staff", recipients=[colleague]) is None
    assert Alert.objects.filter(recipient__ref=colleague, incident__author__given_name="Staff")


def test_t31_only_a_key_holder_assigns_and_only_to_one(here):
    holder = str(here.people["key holder"].staff_ref)
    assert post_incident(here, "key holder", assignee=holder) is None
    assert post_incident(here, "staff", assignee=holder) == ["assignee"]
    for visitor in ("staff", "administrator"):
        not_holding = str(here.people[visitor].staff_ref)
        assert post_incident(here, "key holder", assignee=not_holding) == ["assignee"]
    case = f"/incidents/{here.incident.ref}/case/"
    assert here.client("key holder").post(case, {"status": "closed"}).status_code == 302
    assert here.client("staff").post(case, {"status": "active"}).status_code == 403
    here.incident.refresh_from_db()
    assert here.incident.is_closed


def test_t31_a_category_that_is_not_offered_is_refused(here):
    own = str(here.category.ref)
    assert post_incident(here, "staff", categories=[own]) is None
    retire_category(actor=here.people["administrator"], ref=here.category.ref)
    assert post_incident(here, "staff", categories=[own]) == ["categories"]
    for none in (str(uuid4()), "1", str(here.category.pk), "' OR 1=1 --"):
        assert post_incident(here, "staff", categories=[none]) == ["categories"]


def test_t31_a_category_of_the_other_school_is_refused(twins):
    ours, theirs = twins
    with in_school(ours.school):
        Category.objects.filter(pk=ours.category.pk).update(ref=uuid4())
        ours.category.refresh_from_db()
        assert post_incident(ours, "staff") is None
        assert post_incident(ours, "staff", categories=[str(theirs.category.ref)]) == ["categories"]


@pytest.mark.parametrize("field", ["student", "linked"])
def test_t31_a_student_who_left_or_never_was_is_refused(field, here):
    leaver = make_student("Lee", "Leaver")
    assert post_incident(here, "staff", **{field: str(leaver.ref)}) is None
    Student.objects.filter(pk=leaver.pk).update(is_current=False, left_on="2026-01-01")
    for ref in (leaver.ref, uuid4()):
        assert post_incident(here, "staff", **{field: str(ref)}) == [field]


def test_t31_somebody_who_left_or_never_was_is_not_alerted(here):
    colleague = here.people["colleague"]
    assert post_incident(here, "staff", recipients=[str(colleague.staff_ref)]) is None
    deactivate_staff(actor=here.people["administrator"], ref=colleague.staff_ref)
    for ref in (colleague.staff_ref, uuid4()):
        assert post_incident(here, "staff", recipients=[str(ref)]) == ["recipients"]


def test_t31_another_persons_file_is_refused(here):
    own = attachments.seal(actor=here.people["staff"], filename="own.txt", chunks=[b"Mine.\n"])
    assert post_incident(here, "staff", files=[str(own.ref)]) is None
    refused = [str(here.staged.ref), str(here.file.ref), str(own.ref), str(uuid4())]
    for ref in refused:
        assert post_incident(here, "staff", files=[ref]) == ["files"]
    assert f"{here.mark}-staged" not in _file_list(here, here.staged.ref)
    attachments.storage.delete_objects([own.object_key])


def _file_list(world, ref):
    form = incident_form(world, files=[str(ref)])
    return world.client("staff").post("/incidents/add/", form).text


@pytest.mark.parametrize("path", ["/incidents/add/", "/incidents/{ref}/actions/"])
def test_t31_the_future_is_refused(path, here):
    path = path.format(ref=here.incident.ref)
    tomorrow = timezone.localtime(clock.now() + timedelta(days=1)).strftime("%Y-%m-%d")
    for day in (tomorrow, "9999-12-31"):
        answer = here.client("staff").post(path, incident_form(here, occurred_at_0=day))
        assert answer.status_code == 200
        assert "This is in the future." in answer.text
    assert here.client("staff").post(path, incident_form(here)).status_code == 302


def test_t31_nobody_writes_in_anothers_name_or_at_another_time(here):
    holder = here.people["key holder"]
    forged = {
        "author": str(holder.staff_ref),
        "author_id": holder.staff_id,
        "author_pass": drafts.author_pass(holder),
        "recorded_at": "2020-01-01",
        "ref": str(uuid4()),
        "closed_by": holder.staff_id,
        "is_current": "",
    }
    assert post_incident(here, "staff", **forged) is None
    made = Incident.objects.latest("pk")
    assert made.author_id == here.people["staff"].staff_id
    assert clock.now() - made.recorded_at < timedelta(minutes=1)
    assert str(made.ref) != forged["ref"]


def test_t31_anothers_submission_does_not_bring_back_their_incident(here):
    new = NewIncident(
        submission=here.incident.submission,
        student=here.student,
        text="Sent again.",
        categories=[here.category],
        occurred_at=clock.now() - timedelta(minutes=1),
    )
    assert record_incident(actor=here.people["key holder"], new=new) == here.incident
    with pytest.raises(IntegrityError):
        record_incident(actor=here.people["staff"], new=new)


def test_t31_a_pass_that_was_made_up_keeps_no_draft(here):
    staff = here.people["staff"]
    genuine = drafts.author_pass(staff)
    assert keep(genuine)
    Draft.objects.filter(author_id=staff.staff_id).delete()
    for forged in ("", str(staff.staff_ref), genuine[:-1], genuine.upper(), "a:b:c"):
        assert not keep(forged, actor=staff)
        form = incident_form(here, author_pass=forged)
        assert here.client().post("/incidents/add/", form).status_code == 302
    assert not Draft.objects.filter(author_id=staff.staff_id).exists()


def test_t33_nobody_changes_their_own_access(here):
    administrator = here.people["administrator"]
    colleague = here.people["colleague"]
    holders = AccessGroup.objects.get(name="Key holders")
    chosen = {"access_group": str(holders.ref)}
    client = here.client("administrator")
    own = f"/administration/staff/{administrator.staff_ref}/"
    assert client.post(f"/administration/staff/{colleague.staff_ref}/", chosen).status_code == 302
    assert staff_row(colleague).access_group == holders
    for path in (own, f"{own}deactivate/", f"{own}reactivate/"):
        answer = client.post(path, chosen)
        assert answer.status_code == 403
        assert "You cannot change your own access." in answer.text
    assert staff_row(administrator).access_group.administers


@pytest.mark.parametrize("visitor", ["staff", "key holder"])
def test_t33_nobody_else_changes_access(visitor, here):
    group = str(AccessGroup.objects.get(name="Administrators").ref)
    for who in ("colleague", visitor):
        path = f"/administration/staff/{here.people[who].staff_ref}/"
        assert here.client(visitor).post(path, {"access_group": group}).status_code == 403
        assert not staff_row(here.people[who]).access_group.administers
    new = {
        "given_name": "Eve",
        "family_name": "New",
        "email": "eve@trust.example",
        "access_group": group,
    }
    assert here.client(visitor).post("/administration/staff/add/", new).status_code == 403
    assert here.client("administrator").post("/administration/staff/add/", new).status_code == 302
    assert Staff.objects.filter(given_name="Eve").count() == 1


def test_t33_a_group_of_the_other_school_cannot_be_chosen(twins):
    ours, theirs = twins
    with in_school(theirs.school):
        foreign = str(AccessGroup.objects.get(name="Administrators").ref)
    path = f"/administration/staff/{ours.people['colleague'].staff_ref}/"
    answer = ours.client("administrator").post(path, {"access_group": foreign})
    assert answer.status_code == 200
    assert "Choose one of these access groups." in answer.text
