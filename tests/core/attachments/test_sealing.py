"""Sealing a file on its way in and opening it on its way out."""

import logging
import secrets

import pytest
from django.test import override_settings

from core import keyring
from core.actors import Actor
from core.attachments import services, storage
from core.attachments.errors import (
    AttachmentDamaged,
    FileRefused,
    FileTooLarge,
    StorageUnavailable,
)
from core.attachments.models import Attachment
from core.audit.models import AuditEntry
from core.tenancy import NoSchool, in_control_plane, in_school
from tests.core.attachments import samples
from tests.core.attachments.faulty_s3 import Fault, faulty_way

LARGE = b"%PDF-1.7\n" + secrets.token_bytes(20_000_000)


def opened(attachment):
    return b"".join(services.open_stream(attachment))


def collect(stream, got):
    for chunk in stream:
        got += chunk


@pytest.mark.parametrize("size", [1, 1024 * 1024 - 100, 1024 * 1024, storage.PART, 20_000_000])
def test_a_file_comes_out_as_it_went_in(sealed, store, size):
    content = samples.PDF + LARGE[9:][:size]
    attachment = sealed(content, "letter.pdf")
    assert opened(attachment) == content
    assert attachment.size == len(content)
    assert attachment.content_type == "application/pdf"
    assert store.keys() == {attachment.object_key}


def test_the_store_never_sees_a_byte_of_the_file_or_its_name(sealed, store, in_school_a):
    attachment = sealed(b"Zebedee was crying\n" * 3, "Zebedee.txt")
    raw = store.read(attachment.object_key)
    assert b"Zebedee" not in raw
    school, _, last = attachment.object_key.partition("/")
    assert school == str(in_school_a.ref)
    assert last not in {str(attachment.ref), ""}


def test_a_file_is_staged_and_on_the_record(sealed, store, actor):
    attachment = sealed()
    row = Attachment.objects.get(ref=attachment.ref)
    assert (row.filename, row.created_by_id, row.attached_at) == ("note.txt", actor.user_id, None)
    entry = AuditEntry.objects.get(subject_ref=attachment.ref)
    assert (entry.verb, entry.user_id) == ("attachment.uploaded", actor.user_id)
    assert entry.facts == {"size": 6}


def test_nobody_and_no_school_seal_nothing(sealed, store):
    with pytest.raises(PermissionError):
        sealed(actor=Actor())
    with in_control_plane(), pytest.raises(NoSchool):
        sealed()
    assert store.keys() == set()


def test_t39_the_limit_is_a_limit_to_the_byte(sealed, store, settings):
    settings.ATTACHMENT_MAX_BYTES = 10_000_000
    assert sealed(b"%PDF-" + bytes(9_999_995), "a.pdf").size == 10_000_000
    with pytest.raises(FileTooLarge, match=r"^This file is larger than 10 MB\.$"):
        sealed(b"%PDF-" + bytes(9_999_996), "a.pdf")
    assert Attachment.objects.count() == len(store.keys()) == 1
    assert store.uploads() == []


def test_t39_what_the_gate_refuses_leaves_nothing(sealed, store):
    for content, name in ((b"", "a.txt"), (b"<html>", "a.jpg"), (LARGE, "a.jpg")):
        with pytest.raises(FileRefused):
            sealed(content, name)
    late = b"Hello\n" * 2_000_000 + b"\0"
    with pytest.raises(FileRefused):
        sealed(late, "a.txt")
    assert (store.keys(), store.uploads(), Attachment.objects.count()) == (set(), [], 0)


def test_a_body_that_breaks_off_leaves_nothing(sealed, store):
    def broken():
        yield LARGE
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        sealed(filename="a.pdf", chunks=broken())
    assert (store.keys(), store.uploads(), Attachment.objects.count()) == (set(), [], 0)


@pytest.mark.isolation
def test_t05_an_object_or_row_of_another_school_does_not_open(sealed, store, school_a, school_b):
    attachment = sealed(b"Of school A\n" * 10)
    assert opened(attachment) == b"Of school A\n" * 10
    with in_school(school_b), pytest.raises(AttachmentDamaged):
        services.open_stream(attachment)


@pytest.mark.isolation
def test_t05_an_object_moved_to_another_row_does_not_open(sealed, store):
    first, second = sealed(b"First file\n"), sealed(b"Other file\n")
    store.write(second.object_key, store.read(first.object_key))
    assert opened(first) == b"First file\n"
    with pytest.raises(AttachmentDamaged):
        services.open_stream(second)


@pytest.mark.isolation
def test_t06_two_files_share_no_part_of_their_keys(sealed, store):
    names = {sealed().object_key.partition("/")[2] for _ in range(3)}
    assert len(names) == 3


@pytest.mark.parametrize("bend", ["first byte", "cut", "empty", "gone", "longer"])
def test_t65_a_damaged_object_is_said_to_be_damaged_before_any_byte(sealed, store, bend):
    attachment = sealed(b"Hello\n" * 1000)
    raw = store.read(attachment.object_key)
    assert opened(attachment) == b"Hello\n" * 1000
    bent = {
        "first byte": bytes([raw[0] ^ 1]) + raw[1:],
        "cut": raw[: len(raw) // 2],
        "empty": b"",
        "longer": raw + b"x",
    }
    if bend == "gone":
        store.delete(attachment.object_key)
    else:
        store.write(attachment.object_key, bent[bend])
    with pytest.raises(AttachmentDamaged):
        services.open_stream(attachment)


def test_t65_damage_further_on_breaks_the_stream_and_hands_out_nothing_false(sealed, store):
    attachment = sealed(LARGE, "letter.pdf")
    raw = store.read(attachment.object_key)
    for bent in (raw[:12_000_000], raw[:12_000_000] + b"!!!" + raw[12_000_003:]):
        store.write(attachment.object_key, bent)
        got = bytearray()
        with pytest.raises(AttachmentDamaged):
            collect(services.open_stream(attachment), got)
        assert len(got) > 10_000_000
        assert LARGE.startswith(got)


@pytest.mark.parametrize("word", ["500", "silence"])
@pytest.mark.parametrize("content", [b"%PDF-", LARGE], ids=["small", "large"])
def test_t65_a_store_that_fails_while_sealing_is_told_and_leaves_nothing(
    sealed, store, settings, word, content
):
    with (
        faulty_way(settings, Fault("PUT", word=word, after=1 if content is LARGE else 0)),
        pytest.raises(StorageUnavailable),
    ):
        sealed(content, "letter.pdf")
    assert (store.keys(), store.uploads(), Attachment.objects.count()) == (set(), [], 0)


@pytest.mark.parametrize("query", ["uploads", "uploadId"])
def test_t65_a_store_that_fails_to_begin_or_to_complete_is_told(sealed, store, settings, query):
    with (
        faulty_way(settings, Fault("POST", word="500", query=query)),
        pytest.raises(StorageUnavailable),
    ):
        sealed(LARGE, "letter.pdf")
    assert (store.keys(), store.uploads(), Attachment.objects.count()) == (set(), [], 0)


def test_t65_one_failed_part_is_sent_again(sealed, store, settings):
    with faulty_way(settings, Fault("PUT", word="500", until=1)):
        attachment = sealed(LARGE, "letter.pdf")
    assert opened(attachment) == LARGE


@pytest.mark.parametrize("word", ["500", "silence"])
def test_t65_a_store_that_fails_before_the_first_byte_is_told_at_once(
    sealed, store, settings, word
):
    attachment = sealed()
    with faulty_way(settings, Fault("GET", word=word)), pytest.raises(StorageUnavailable):
        services.open_stream(attachment)


@pytest.mark.parametrize(
    ("word", "error"),
    [("cut", StorageUnavailable), ("slow", StorageUnavailable), ("bent", AttachmentDamaged)],
)
def test_t65_a_way_that_breaks_further_on_breaks_the_stream(sealed, store, settings, word, error):
    attachment = sealed(LARGE, "letter.pdf")
    with faulty_way(settings, Fault("GET", word=word)):
        got = bytearray()
        with pytest.raises(error):
            collect(services.open_stream(attachment), got)
    assert LARGE.startswith(got)
    assert got


def test_t65_a_store_that_is_down_is_told_within_seconds(sealed, store):
    attachment = sealed()
    with override_settings(S3_ENDPOINT_URL="http://127.0.0.1:1"):
        with pytest.raises(StorageUnavailable):
            sealed()
        with pytest.raises(StorageUnavailable):
            services.open_stream(attachment)


def test_t66_without_the_key_files_wait(sealed, store, settings, monkeypatch):
    monkeypatch.setattr(keyring, "files_aead", _no_key)
    with pytest.raises(StorageUnavailable):
        sealed()


def _no_key(_school):
    raise keyring.KeysUnavailable


def test_a_stream_that_nobody_finishes_lets_go_of_its_connection(sealed, store):
    stream = services.open_stream(sealed(LARGE, "letter.pdf"))
    assert next(stream)
    stream.close()
    with pytest.raises((AttachmentDamaged, StorageUnavailable, ValueError)):
        for _chunk in stream:
            pass


def test_no_file_name_and_no_key_in_any_log(sealed, store, settings, caplog):
    caplog.set_level(logging.INFO)
    attachment = sealed(LARGE, "Zebedee.pdf")
    opened(attachment)
    with pytest.raises(FileRefused):
        sealed(b"<html>", "Zebedee.pdf")
    with faulty_way(settings, Fault("PUT", word="500")), pytest.raises(StorageUnavailable):
        sealed(LARGE, "Zebedee.pdf")
    assert "Zebedee" not in caplog.text
