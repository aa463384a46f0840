"""What may come in, by content and name (t39)."""

import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.attachments import containers
from core.attachments.errors import FileRefused
from core.attachments.gate import Gate
from core.attachments.kinds import ALLOWED, HEAD
from tests.core.attachments import samples


def judged(name, content, *, step=4096):
    gate = Gate(name)
    for start in range(0, len(content), step):
        gate.feed(content[start : start + step])
    return gate.finish()


@pytest.mark.parametrize(
    ("name", "content", "content_type"), samples.GOOD, ids=samples.ids(samples.GOOD)
)
@pytest.mark.parametrize("step", [7, 4096, 1 << 20])
def test_t39_a_file_of_an_allowed_kind_comes_in(name, content, content_type, step):
    assert judged(name, content, step=step).content_type == content_type


@pytest.mark.parametrize(("name", "content", "words"), samples.BAD, ids=samples.ids(samples.BAD))
@pytest.mark.parametrize("step", [4096, 1 << 20])
def test_t39_anything_else_is_refused_with_the_reason(name, content, words, step):
    with pytest.raises(FileRefused) as refused:
        judged(name, content, step=step)
    assert words in str(refused.value)


def test_t39_a_refusal_never_holds_the_files_name():
    for name, content, _words in samples.BAD:
        with pytest.raises(FileRefused) as refused:
            judged(f"Zebedee {name}", content)
        assert "Zebedee" not in str(refused.value)
    with pytest.raises(FileRefused) as refused:
        Gate("report.Zebedee")
    assert "zebedee" not in str(refused.value).lower()


def test_the_sentence_names_every_kind_that_may_come_in():
    assert all(word in ALLOWED for word in ("JPEG", "PDF", "Word", "plain text", "EML", "MP4"))


def test_t39_text_is_watched_to_its_end():
    text = b"Hello there\n" * 100_000
    assert judged("note.txt", text).content_type == "text/plain"
    with pytest.raises(FileRefused, match="not plain text"):
        judged("note.txt", text + b"\0")


def test_t39_an_office_file_of_any_size_is_known_by_its_ends():
    film = ("word/media/film.mp4", b"\1" * (HEAD * 8))
    large = samples.zipped(
        [
            ("[Content_Types].xml", _types_of_docx()),
            ("word/document.xml", "<document/>"),
            film,
        ],
        compression=zipfile.ZIP_STORED,
    )
    assert judged("note.docx", large).extensions == ("docx",)


def test_t39_macros_at_the_end_of_a_large_office_file_are_seen():
    film = ("word/media/film.mp4", b"\1" * (HEAD * 8))
    parts = [("[Content_Types].xml", _types_of_docx()), film, ("word/vbaProject.bin", b"x")]
    with pytest.raises(FileRefused, match="macros"):
        judged("note.docx", samples.zipped(parts, compression=zipfile.ZIP_STORED))


def test_t39_a_part_that_cannot_be_seen_is_a_refusal_not_a_guess():
    film = b"\1" * (HEAD * 8)
    types = ("[Content_Types].xml", _types_of_docx())
    parts = [("word/media/1.mp4", film), types, ("word/media/2.mp4", film)]
    with pytest.raises(FileRefused, match="cannot be checked"):
        judged("note.docx", samples.zipped(parts, compression=zipfile.ZIP_STORED))


def test_t39_a_zip_bomb_is_not_unpacked_and_not_let_in(monkeypatch):
    monkeypatch.setattr(containers, "_MAX_UNPACKED", 10_000_000)
    bomb = samples.ooxml("docx", parts=[("word/media/a", bytes(11_000_000))])
    assert len(bomb) < 100_000
    with pytest.raises(FileRefused, match="cannot be checked"):
        judged("note.docx", bomb)


def test_t39_a_locked_zip_is_refused():
    locked = bytearray(samples.ooxml("docx"))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(signature)
        while at >= 0:
            locked[at + flags] |= 1
            at = locked.find(signature, at + 1)
    with pytest.raises(FileRefused, match="password"):
        judged("note.docx", bytes(locked))


def test_an_ole_entry_across_two_pieces_is_seen():
    assert judged("note.doc", samples.ole("WordDocument", before=600), step=1000)


@given(st.binary(max_size=2000), st.sampled_from(["", ".docx", ".doc", ".txt", ".mp4", ".eml"]))
@example(b"PK\x03\x04PK\x05\x06" + bytes(18), ".docx")
def test_t39_any_bytes_get_a_kind_or_a_refusal(content, extension):
    for start in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\0\0\0\x18ftyp"):
        try:
            judged(f"a{extension}", start + content)
        except FileRefused:
            continue


@given(st.data())
def test_t39_a_bent_office_file_gets_a_kind_or_a_refusal(data):
    bent = bytearray(samples.ooxml("docx"))
    for _ in range(data.draw(st.integers(1, 8))):
        bent[data.draw(st.integers(4, len(bent) - 1))] = data.draw(st.integers(0, 255))
    try:
        judged("a.docx", bytes(bent))
    except FileRefused:
        return


def _types_of_docx():
    with zipfile.ZipFile(io.BytesIO(samples.ooxml("docx"))) as package:
        return package.read("[Content_Types].xml")
