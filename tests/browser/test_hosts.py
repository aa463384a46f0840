"""Host names as no well-behaved client sends them, before the real web server (threat t14)."""

import socket

import pytest

pytestmark = [pytest.mark.system, pytest.mark.isolation]

OURS, THEIRS = "Greenwood Primary School", "Hillside Academy"


def answer(stack, *lines):
    """Send a request as it is written here; return the status and everything that comes back."""
    request = "\r\n".join([*lines, "Connection: close", "", ""])
    with socket.create_connection(("127.0.0.1", stack.port), timeout=20) as connection:
        connection.sendall(request.encode("latin-1"))
        said = b""
        while more := connection.recv(65536):
            said += more
    text = said.decode("utf-8", "replace")
    return int(text.split(" ", 2)[1]), text


def test_t14_one_host_header_leads_to_its_school(stack):
    status, text = answer(stack, "GET /login/ HTTP/1.1", "Host: greenwood.localhost")
    assert status == 200
    assert OURS in text
    assert THEIRS not in text


@pytest.mark.parametrize(
    "lines",
    [
        ("GET /login/ HTTP/1.1", "Host: greenwood.localhost", "Host: hillside.localhost"),
        ("GET /login/ HTTP/1.1", "Host: greenwood.localhost", "host: greenwood.localhost"),
        ("GET /login/ HTTP/1.1", "Host: greenwood.localhost,hillside.localhost"),
        ("GET /login/ HTTP/1.1", "Host : greenwood.localhost"),
        ("GET /login/ HTTP/1.1", "Host: greenwood.localhost", " hillside.localhost"),
        ("GET /login/ HTTP/1.1",),
        ("GET /login/ HTTP/1.0",),
        ("GET /login/ HTTP/1.1", "X-Forwarded-Host: greenwood.localhost"),
        ("GET /login/ HTTP/1.1", "Host_: greenwood.localhost"),
        ("GET http://greenwood.localhost/login/ HTTP/1.1",),
        ("GET //greenwood.localhost/login/ HTTP/1.1", "Host: nowhere.localhost"),
    ],
)
def test_t14_a_host_that_is_not_said_once_and_plainly_is_no_schools(lines, stack):
    status, text = answer(stack, *lines)
    assert status in {400, 404}
    assert OURS not in text
    assert THEIRS not in text
    assert "set-cookie" not in text.lower()


def test_t14_an_absolute_address_does_not_lead_from_one_school_to_another(stack):
    status, text = answer(
        stack, "GET http://hillside.localhost/login/ HTTP/1.1", "Host: greenwood.localhost"
    )
    assert status in {200, 400, 404}
    assert THEIRS not in text
    # Whatever is answered is of the school that the one header names.
    assert (OURS in text) is (status == 200)
