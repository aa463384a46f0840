"""A school's backup restored as another school, and what then opens: nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import sql

from core import keyring
from core.attachments import services as attachments
from core.attachments import storage
from core.attachments.errors import AttachmentDamaged, StorageUnavailable
from core.attachments.models import Attachment
from core.tenancy import in_control_plane, in_school
from safeguarding.models import Draft
from tenants.models import Domain, School
from tenants.services import provisioning
from tests.drafts import newest
from tests.owner import owners_cursor

pytestmark = pytest.mark.isolation


@pytest.fixture
def restored(twins: Any, settings: Any, may_become_owner: None) -> Iterator[Any]:
    """Greenwood's rows and objects under a new school's reference, schema and prefix."""
    source = twins[0].school
    with in_control_plane():
        school = School(slug="restored", name="Restored", urn="400001", state="open")
        school.take(keyring.new_keysets(school.ref))
        school.save()
        Domain.objects.create(tenant=school, domain=school.host, is_primary=True)
    provisioning.build_schema(school)
    _copy_rows(source.schema_name, school.schema_name)
    with in_school(school):
        for file in Attachment.objects.all():
            key = file.object_key.replace(str(source.ref), str(school.ref))
            storage.client().copy_object(
                Bucket=settings.S3_BUCKET,
                Key=key,
                CopySource={"Bucket": settings.S3_BUCKET, "Key": file.object_key},
            )
            Attachment.objects.filter(pk=file.pk).update(object_key=key)
        keys = list(Attachment.objects.values_list("object_key", flat=True))
    yield school
    storage.delete_objects(keys)


def _copy_rows(source: str, target: str) -> None:
    with in_control_plane(), owners_cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s"
            # The record takes no rows from elsewhere, and opens no file.
            " AND tablename <> 'django_migrations' AND tablename NOT LIKE 'audit%%'"
            # The database writes these itself, of the rows that are copied.
            " AND tablename NOT LIKE '%%search'",
            [source],
        )
        tables = [table for (table,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(target, table)))
        for table in tables:
            copied = sql.SQL("INSERT INTO {} SELECT * FROM {}").format(
                sql.Identifier(target, table), sql.Identifier(source, table)
            )
            cursor.execute(copied)


def test_t18_nothing_of_a_backup_opens_under_another_reference(twins, restored):
    ours, theirs = twins
    draft_of = ours.people["key holder"]
    with in_school(ours.school):
        assert b"".join(attachments.open_stream(ours.file)) == b"Quiet words.\n"
        assert newest(draft_of)
    with in_school(restored):
        assert Draft.objects.count() == 1
        assert newest(draft_of) is None
        for file in Attachment.objects.all():
            with pytest.raises(AttachmentDamaged, match="sealed for another school"):
                attachments.open_stream(file)
    _untouched(theirs)


def test_t18_the_keysets_of_the_backup_do_not_open_either(twins, restored):
    ours, theirs = twins
    with in_control_plane():
        School.objects.filter(pk=restored.pk).update(
            text_keyset=ours.school.text_keyset, files_keyset=ours.school.files_keyset
        )
        school = School.objects.get(pk=restored.pk)
    with in_school(ours.school):
        assert b"".join(attachments.open_stream(ours.file)) == b"Quiet words.\n"
    with in_school(school):
        for use in (keyring.text_aead, keyring.files_aead, keyring.with_new_keys):
            with pytest.raises(keyring.KeysetRefused, match="does not open for this school"):
                use(school)
        for file in Attachment.objects.all():
            with pytest.raises(StorageUnavailable, match="does not open for this school"):
                attachments.open_stream(file)
    _untouched(theirs)


def test_t18_whoever_asks_at_the_restored_school_is_told_so_and_reads_nothing(twins, restored):
    ours, theirs = twins
    path = f"/files/{ours.file.ref}/"
    assert ours.client("key holder").get(path).status_code == 200
    ours.school, kept = restored, ours.school
    try:
        damaged = ours.client("key holder").get(path)
        with in_control_plane():
            School.objects.filter(pk=restored.pk).update(files_keyset=kept.files_keyset)
        refused = ours.client("key holder").get(path)
    finally:
        ours.school = kept
    assert (damaged.status_code, refused.status_code) == (410, 503)
    assert "Quiet" not in damaged.text + refused.text
    _untouched(theirs)


def _untouched(theirs: Any) -> None:
    with in_school(theirs.school):
        assert b"".join(attachments.open_stream(theirs.file)) == b"Quiet words.\n"
