"""What is kept beside the database: cache, rate limits, objects in the store."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from core.accounts.throttle import may_ask_for_link
from core.attachments import services, storage
from core.attachments.errors import AttachmentDamaged
from core.attachments.models import Attachment
from core.outbox import doorbell
from core.tenancy import in_control_plane, in_school
from safeguarding.models import IncidentFile

pytestmark = pytest.mark.isolation


def test_t08_one_key_is_another_key_at_the_other_school(school_a, school_b):
    key = f"test-{uuid4()}"
    with in_school(school_a):
        cache.set(key, "ours", timeout=60)
        assert cache.get(key) == "ours"
    with in_school(school_b):
        assert cache.get(key) is None
        assert cache.add(key, "theirs", timeout=60)
        cache.set(f"{key}-count", 1, timeout=60)
        assert cache.get_many([key, f"{key}-count"]) == {key: "theirs", f"{key}-count": 1}
    with in_control_plane():
        assert cache.get(key) is None
    with in_school(school_a):
        assert cache.get(key) == "ours"
        assert cache.get(f"{key}-count") is None


def test_t08_rate_limits_of_one_school_hold_nobody_up_at_the_other(school_a, school_b):
    email, address = f"{uuid4()}@trust.example", f"10.9.{uuid4().int % 250}.{uuid4().int % 250}"
    request = RequestFactory(REMOTE_ADDR=address).post("/login/link/")
    with in_school(school_a):
        assert [may_ask_for_link(request, email) for _ in range(6)] == [True] * 5 + [False]
    with in_school(school_b):
        assert may_ask_for_link(request, email)


def test_t08_a_rung_bell_at_one_school_silences_no_other(school_a, school_b, monkeypatch):
    rung = []
    for school in (school_a, school_b):  # whatever an earlier test rang
        with in_school(school):
            doorbell.answer()
    monkeypatch.setattr(doorbell.current_app, "send_task", lambda *_, args, **__: rung.extend(args))
    for school in (school_a, school_b, school_a):
        with in_school(school):
            doorbell.ring()
    for school in (school_a, school_b):
        with in_school(school):
            doorbell.answer()
    assert rung == [str(school_a.ref), str(school_b.ref)]


def content(response):
    return b"".join(response.streaming_content)


def test_t05_a_row_copied_to_the_other_school_does_not_open_there(twins):
    ours, theirs = twins
    path = f"/files/{ours.file.ref}/"
    assert content(ours.client("key holder").get(path)) == b"Quiet words.\n"
    with in_school(ours.school):
        row = Attachment.objects.values().get(pk=ours.file.pk)
    with in_school(theirs.school):
        Attachment.objects.filter(pk=theirs.file.pk).update(
            ref=row["ref"], object_key=row["object_key"]
        )
        with pytest.raises(AttachmentDamaged):
            services.open_stream(Attachment.objects.get(pk=theirs.file.pk))
    answer = theirs.client("key holder").get(path)
    assert answer.status_code == 410
    assert "damaged" in answer.text
    assert "Quiet" not in answer.text


def test_t05_an_object_copied_to_the_other_schools_prefix_does_not_open_there(twins, settings):
    ours, theirs = twins
    copy = {"Bucket": settings.S3_BUCKET, "Key": ours.file.object_key}
    storage.client().copy_object(
        Bucket=settings.S3_BUCKET, Key=theirs.file.object_key, CopySource=copy
    )
    assert ours.client("key holder").get(f"/files/{ours.file.ref}/").status_code == 200
    assert theirs.client("key holder").get(f"/files/{theirs.file.ref}/").status_code == 410


def test_t05_keysets_exchanged_between_two_schools_open_nothing(twins):
    ours, theirs = twins
    with in_school(ours.school):
        assert b"".join(services.open_stream(ours.file)) == b"Quiet words.\n"
    own = ours.school.files_keyset
    ours.school.files_keyset = theirs.school.files_keyset
    try:
        with in_school(ours.school), pytest.raises(Exception, match="does not open"):
            services.open_stream(ours.file)
    finally:
        ours.school.files_keyset = own


def test_t06_a_file_of_the_other_school_is_not_here(twins):
    ours, theirs = twins
    for shown in ("", "?view"):
        path = f"/files/{theirs.file.ref}/{shown}"
        assert theirs.client("key holder").get(path).status_code == 200
        for visitor in ("staff", "key holder", "administrator"):
            assert ours.client(visitor).get(path).status_code == 404
        assert ours.client().get(path).status_code == 302


def test_t06_no_page_tells_where_a_file_lies(world, settings):
    client = world.client("key holder")
    answer = client.get(f"/files/{world.file.ref}/")
    assert content(answer) == b"Quiet words.\n"
    pages = [f"/incidents/{world.incident.ref}/", f"/students/{world.student.ref}/"]
    told = str(answer.headers) + "".join(client.get(path).text for path in pages)
    for hidden in (*world.file.object_key.split("/"), settings.S3_BUCKET + "/", "X-Amz"):
        assert hidden not in told


def test_t06_what_is_not_on_a_record_is_handed_to_nobody(world):
    path = f"/files/{world.staged.ref}/"
    assert world.client("key holder").get(path).status_code == 404
    with in_school(world.school):
        IncidentFile.objects.create(incident=world.incident, attachment=world.staged)
    assert world.client("key holder").get(path).status_code == 200
