"""File names as people gave them, made harmless (t39, t41)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attachments import names


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("Mum’s café – £5 😀.jpg", "Mum’s café – £5 😀.jpg"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Ann\\photo.jpg", "photo.jpg"),
        ("a\0b\r\nc\x7f.jpg", "abc.jpg"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\u2066photo\u2069.jpg", "photo.jpg"),
        ("  photo.jpg . ", "photo.jpg"),
        ("a\u2028b.jpg", "ab.jpg"),
        ("", "file"),
        ("..", "file"),
        ("folder/", "file"),
        ('say "hi"; x=1.pdf', 'say "hi"; x=1.pdf'),
    ],
)
def test_t39_a_name_keeps_what_people_read_and_nothing_else(given_name, kept):
    assert names.clean(given_name) == kept


def test_t39_a_name_of_300_characters_keeps_its_extension():
    assert names.clean("a" * 300 + ".docx") == "a" * 250 + ".docx"
    assert names.clean("a." + "b" * 300) == "a." + "b" * 253


@given(st.text(max_size=400))
def test_t39_a_cleaned_name_is_stable_short_and_one_line(name):
    cleaned = names.clean(name)
    assert names.clean(cleaned) == cleaned
    assert 0 < len(cleaned) <= names.MAX_LENGTH
    assert not set(cleaned) & set("/\\\0\r\n\u202e")
    cleaned.encode()
