"""A form that is cut half-way is not saved as if it were whole."""

from io import BytesIO

import pytest

from core.whole_body import BodyCut, WholeBodies


def read_through(body: bytes, length: str, how: str = "read") -> bytes:
    """Return what an application reads of a body that says it has ``length`` bytes."""
    seen = bytearray()

    def application(environ, _start):
        while part := getattr(environ["wsgi.input"], how)(7):
            seen.extend(part)
        return []

    environ = {"CONTENT_LENGTH": length, "wsgi.input": BytesIO(body)}
    WholeBodies(application)(environ, lambda *_: None)
    return bytes(seen)


@pytest.mark.parametrize("how", ["read", "readline"])
def test_t43_a_whole_body_is_read_as_it_is(how):
    assert read_through(b"text=a+bruise\nand+more", "22", how) == b"text=a+bruise\nand+more"


@pytest.mark.parametrize("how", ["read", "readline"])
def test_t43_a_body_that_breaks_off_is_noticed(how):
    with pytest.raises(BodyCut):
        read_through(b"text=a+bru", "22", how)


def test_t43_a_request_without_a_body_is_left_alone():
    assert read_through(b"", "") == b""
