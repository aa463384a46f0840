"""Putting staged files on a record, and sweeping away those that no record took."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from core import clock
from core.attachments import services, storage, tasks
from core.attachments.errors import ClaimRefused, StorageUnavailable
from core.attachments.models import Attachment
from core.attachments.selectors import staged_files
from core.tenancy import in_control_plane, in_school
from tests.factories import make_staff

NOW = timedelta(0)
A_DAY = timedelta(days=1)


def claimed(refs, actor):
    with transaction.atomic():
        return services.claim(refs, actor)


def test_a_person_claims_their_own_files_in_the_order_of_the_record(sealed, store, actor):
    files = [sealed(b"%d\n" % number) for number in range(3)]
    wanted = [files[2].ref, files[0].ref, files[2].ref]
    assert [file.ref for file in claimed(wanted, actor)] == [files[2].ref, files[0].ref]
    assert staged_files([file.ref for file in files], actor) == [files[1]]
    assert Attachment.objects.get(ref=files[0].ref).attached_at is not None


def test_no_files_are_no_trouble(actor):
    assert claimed([], actor) == []


def test_t31_a_file_of_somebody_else_cannot_be_claimed(sealed, store, actor):
    ours, theirs = sealed(), sealed(actor=make_staff("colleague"))
    with pytest.raises(ClaimRefused) as refused:
        claimed([ours.ref, theirs.ref], actor)
    assert refused.value.code == "not_there"
    assert claimed([ours.ref], actor) == [ours]


def test_t43_a_file_is_claimed_once(sealed, store, actor):
    attachment = sealed()
    assert claimed([attachment.ref], actor) == [attachment]
    with pytest.raises(ClaimRefused):
        claimed([attachment.ref], actor)


@pytest.mark.isolation
def test_t06_a_file_unknown_here_cannot_be_claimed(sealed, store, actor, school_b):
    attachment = sealed()
    with in_school(school_b), pytest.raises(ClaimRefused):
        claimed([attachment.ref], actor)
    with pytest.raises(ClaimRefused):
        claimed([uuid4()], actor)
    assert claimed([attachment.ref], actor) == [attachment]


def test_t44_a_record_takes_so_many_files_and_no_more(actor):
    with pytest.raises(ClaimRefused, match="up to 50 files"):
        claimed([uuid4() for _ in range(51)], actor)


def test_a_record_that_is_not_saved_leaves_its_files_staged(sealed, store, actor):
    attachment = sealed()

    def save_and_fail():
        with transaction.atomic():
            services.claim([attachment.ref], actor)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        save_and_fail()
    assert claimed([attachment.ref], actor) == [attachment]


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"size": 0}, "attachment_is_not_empty"),
        ({"filename": ""}, "attachment_has_a_name"),
        ({"content_type": ""}, "attachment_has_a_content_type"),
        ({"object_key": "elsewhere"}, "attachment_key_is_school_and_uuid"),
    ],
)
def test_the_database_holds_rows_to_their_shape(sealed, store, changed, constraint):
    attachment = sealed()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Attachment.objects.filter(pk=attachment.pk).update(**changed)


def test_t65_the_sweep_takes_staged_files_and_leaves_claimed_ones(sealed, store, actor):
    services.discard_orphans(NOW)  # what rolled-back tests left in the store
    left, taken = sealed(b"left\n"), sealed(b"taken\n")
    claimed([taken.ref], actor)
    assert services.discard_orphans(NOW) == 1
    assert store.keys() == {taken.object_key}
    assert list(Attachment.objects.all()) == [taken]
    with pytest.raises(ClaimRefused):
        claimed([left.ref], actor)


def test_t65_the_sweep_leaves_what_is_younger(sealed, store, in_school_a):
    attachment = sealed()
    store.write(f"{in_school_a.ref}/{uuid4()}", b"no row yet")
    assert services.discard_orphans(A_DAY) == 0
    assert len(store.keys()) == 2
    assert list(Attachment.objects.all()) == [attachment]


def test_t65_the_sweep_takes_objects_without_rows_and_broken_uploads(
    sealed, store, settings, in_school_a
):
    orphan = f"{in_school_a.ref}/{uuid4()}"
    store.write(orphan, b"no row")
    other = f"{in_school_a.ref}/exports/{uuid4()}"
    store.write(other, b"not a file of the record")
    storage.client().create_multipart_upload(Bucket=settings.S3_BUCKET, Key=orphan)
    assert services.discard_orphans(NOW) == 2
    assert store.keys() == {other}
    assert store.uploads() == []


@pytest.mark.isolation
def test_the_sweep_of_one_school_leaves_the_others_files(sealed, store, actor, school_b):
    attachment = sealed()
    with in_school(school_b):
        assert services.discard_orphans(NOW) == 0
    assert store.keys() == {attachment.object_key}


def test_t65_a_sweep_that_breaks_off_is_finished_by_the_next(sealed, store):
    sealed()
    with (
        override_settings(S3_ENDPOINT_URL="http://127.0.0.1:1"),
        pytest.raises(StorageUnavailable),
    ):
        services.discard_orphans(NOW)
    assert Attachment.objects.count() == 0
    assert services.discard_orphans(NOW) == 1
    assert store.keys() == set()


def test_the_task_sweeps_the_school_it_is_told(sealed, store, in_school_a):
    old, young = sealed(b"old\n"), sealed(b"young\n")
    Attachment.objects.filter(pk=old.pk).update(created_at=clock.now() - 2 * A_DAY)
    with in_control_plane():
        tasks.discard_orphans(str(in_school_a.ref))
    with in_school(in_school_a):
        assert list(Attachment.objects.all()) == [young]


def test_the_sweep_is_asked_for_at_every_open_school(monkeypatch, school_a, school_b):
    asked: list[str] = []
    monkeypatch.setattr(tasks.discard_orphans, "delay", asked.append)
    assert tasks.discard_everywhere() == 2
    assert set(asked) == {str(school_a.ref), str(school_b.ref)}
