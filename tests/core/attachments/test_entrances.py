"""Files coming in over HTTP and going out again."""

import io
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.http.request import UnreadablePostError
from django.test import RequestFactory, override_settings
from django.test.client import encode_multipart

from core.actors import Actor
from core.attachments import services, storage
from core.attachments.errors import AttachmentDamaged
from core.attachments.models import Attachment
from core.attachments.responses import file_response
from core.attachments.uploadhandler import SealedUpload
from core.attachments.views import upload
from core.tenancy import in_control_plane
from tests.core.attachments import samples

LARGE = b"%PDF-1.7\n" + bytes(range(1, 255)) * 60_000


class Cable(io.BytesIO):
    """A body that notes how it was read, and may break off."""

    def __init__(self, content, *, breaks_at=None):
        super().__init__(content[:breaks_at])
        self.largest = 0

    def read(self, size=-1):
        self.largest = max(self.largest, size if size >= 0 else 1 << 62)
        return super().read(size)


def put(actor, content, name="letter.pdf", *, breaks_at=None):
    cable = Cable(content, breaks_at=breaks_at)
    headers: dict[str, Any] = {
        "wsgi.input": cable,
        "CONTENT_LENGTH": str(len(content)),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",  # never parsed
        "HTTP_CONTENT_DISPOSITION": f"attachment; filename*=UTF-8''{quote(name)}",
    }
    request: Any = RequestFactory().put("/files/", **headers)
    request.actor, request.cable = actor, cable
    return request


def test_a_file_is_sealed_from_the_bare_body(actor, store):
    request = put(actor, LARGE, "Brief für Zoë – £5.pdf")
    response = upload(request)
    assert response.status_code == 201
    attachment = Attachment.objects.get()
    assert _json(response) == {
        "ref": str(attachment.ref),
        "name": "Brief für Zoë – £5.pdf",
        "size": len(LARGE),
    }
    assert b"".join(services.open_stream(attachment)) == LARGE
    assert request.cable.largest <= 256 * 1024


def test_only_put_is_answered(actor):
    request: Any = RequestFactory().post("/files/", data=b"x", content_type="text/plain")
    request.actor = actor
    assert upload(request).status_code == 405


@pytest.mark.parametrize(
    ("content", "name", "status", "words"),
    [
        (b"<html>", "photo.jpg", 415, "a web page"),
        (b"MZ" + bytes(99), "setup.exe", 415, "You can attach"),
        (b"", "note.txt", 415, "empty"),
        (LARGE, "letter.pdf", 413, "larger than 5 MB"),
    ],
)
def test_t39_a_refusal_is_said_after_the_body_was_read(
    actor, store, settings, content, name, status, words
):
    settings.ATTACHMENT_MAX_BYTES = 5_000_000 if status == 413 else 100_000_000
    request = put(actor, content, name)
    response = upload(request)
    assert response.status_code == status
    assert words in _json(response)["error"]
    if status != 413:
        assert request.cable.read() == b""
    assert (store.keys(), Attachment.objects.count()) == (set(), 0)


def test_t43_a_body_that_breaks_off_is_not_a_file(actor, store):
    response = upload(put(actor, LARGE, breaks_at=12_000_000))
    assert response.status_code == 400
    assert (store.keys(), store.uploads(), Attachment.objects.count()) == (set(), [], 0)


def test_t65_a_store_that_is_down_is_a_503(actor, in_school_a):
    with override_settings(S3_ENDPOINT_URL="http://127.0.0.1:1"):
        response = upload(put(actor, b"Hello\n", "note.txt"))
    assert response.status_code == 503
    assert "Try again" in _json(response)["error"]


def test_an_upload_without_a_name_is_called_file(actor, store):
    request = put(actor, b"Hello\n")
    del request.META["HTTP_CONTENT_DISPOSITION"]
    assert _json(upload(request))["name"] == "file"


def form(actor, *files, breaks_at=None, **fields):
    content = encode_multipart("cut-here", {**fields, "new_files": list(files)})
    headers: dict[str, Any] = {
        "wsgi.input": Cable(content, breaks_at=breaks_at),
        "CONTENT_LENGTH": str(len(content)),
        "CONTENT_TYPE": "multipart/form-data; boundary=cut-here",
    }
    request: Any = RequestFactory().post("/incidents/new/", **headers)
    request.actor = actor
    return request


def a_file(name, content):
    held = io.BytesIO(content)
    held.name = name
    return held


def test_files_of_a_plain_form_are_sealed_while_it_is_read(actor, store):
    request = form(
        actor,
        a_file("letter.pdf", LARGE),
        a_file("photo.jpg", b"<html>"),
        a_file("note.txt", b"Hello\n"),
        text="What happened",
    )
    assert request.POST["text"] == "What happened"
    letter, photo, note = request.FILES.getlist("new_files")
    assert all(isinstance(one, SealedUpload) for one in (letter, photo, note))
    assert b"".join(services.open_stream(letter.attachment)) == LARGE
    assert (letter.name, letter.size, letter.error) == ("letter.pdf", len(LARGE), "")
    assert (photo.attachment, photo.name) == (None, "photo.jpg")
    assert "a web page" in photo.error
    assert note.attachment.created_by_id == actor.user_id
    assert letter.read() == b""
    assert len(store.keys()) == 2


@pytest.mark.parametrize("who", ["nobody", "no actor", "control plane"])
def test_without_a_person_at_a_school_nothing_is_sealed(actor, store, who):
    request = form(Actor() if who == "nobody" else actor, a_file("note.txt", b"Hello\n"), text="x")
    if who == "no actor":
        del request.actor
    if who == "control plane":
        with in_control_plane():
            assert "new_files" not in request.FILES
    assert request.POST["text"] == "x"
    assert "new_files" not in request.FILES
    assert store.keys() == set()


def test_files_of_other_fields_are_dropped(actor, store):
    request = form(actor, other=a_file("note.txt", b"Hello\n"), text="x")
    assert request.POST["text"] == "x"
    assert not request.FILES
    assert store.keys() == set()


@pytest.mark.parametrize("after", [11_000_000, 200])
def test_t43_a_form_that_breaks_off_within_a_file_is_not_a_form(actor, store, after):
    request = form(actor, a_file("letter.pdf", LARGE), text="x", breaks_at=after)
    with pytest.raises(UnreadablePostError):
        _ = request.POST
    assert (store.keys(), store.uploads(), Attachment.objects.count()) == (set(), [], 0)


def test_t65_a_form_says_that_files_cannot_be_stored(actor, in_school_a):
    with override_settings(S3_ENDPOINT_URL="http://127.0.0.1:1"):
        request = form(actor, a_file("note.txt", b"Hello\n"), text="x")
        (note,) = request.FILES.getlist("new_files")
    assert note.error == "Files cannot be stored just now. Try again in a few minutes."
    assert request.POST["text"] == "x"


def test_t44_a_form_takes_so_many_files_and_no_more(actor, store, monkeypatch):
    monkeypatch.setattr(services, "MOST_AT_ONCE", 2)
    request = form(actor, *(a_file("note.txt", b"Hello\n") for _ in range(3)))
    errors = [file.error for file in request.FILES.getlist("new_files")]
    assert errors == ["", "", "You can add up to 2 files at once."]


def test_t40_a_file_goes_out_under_its_name_and_nowhere_else(sealed, store):
    response = file_response(sealed(b"Hello\n" * 9, "Zoë’s note.txt"))
    assert response.getvalue() == b"Hello\n" * 9
    assert dict(response.headers) == {
        "Content-Type": "text/plain",
        "Content-Length": "54",
        "Content-Disposition": "attachment; filename*=utf-8''Zo%C3%AB%E2%80%99s%20note.txt",
        "Content-Security-Policy": response["Content-Security-Policy"],
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "none",
    }
    assert "sandbox" in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "content", "is_shown"),
    [
        ("photo.jpg", samples.JPEG, True),
        ("letter.pdf", samples.PDF, True),
        ("note.txt", b"Hello\n", False),
        ("note.docx", samples.ooxml("docx"), False),
        ("mail.eml", samples.EML, False),
    ],
)
def test_t40_only_images_and_pdf_are_shown_and_only_when_asked(
    sealed, store, name, content, is_shown
):
    attachment = sealed(content, name)
    asked = file_response(attachment, shown=True)["Content-Disposition"]
    assert asked == f'{"inline" if is_shown else "attachment"}; filename="{name}"'
    assert file_response(attachment)["Content-Disposition"] == f'attachment; filename="{name}"'


def test_t41_a_name_cannot_add_a_header(sealed, store):
    header = file_response(sealed(filename='a"; x\r\nSet-Cookie: y=1;.txt'))["Content-Disposition"]
    assert header == 'attachment; filename="a\\"; xSet-Cookie: y=1;.txt"'


def test_t65_a_damaged_file_never_becomes_a_response(sealed, store):
    attachment = sealed()
    store.write(attachment.object_key, b"nonsense")
    with pytest.raises(AttachmentDamaged):
        file_response(attachment)


def test_a_response_closed_early_lets_go_of_the_store(sealed, store, monkeypatch):
    closed = []
    real = storage.ObjectReader.close

    def close(reader):
        closed.append(reader)
        real(reader)

    monkeypatch.setattr(storage.ObjectReader, "close", close)
    response = file_response(sealed(LARGE, "letter.pdf"))
    assert not closed
    response.close()
    assert closed


def _json(response):
    return json.loads(response.content)
