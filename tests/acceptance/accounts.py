"""What people do on the account pages."""

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

from django.test import Client

from core.accounts.models import User
from tests.acceptance.page import Page

GOOD = "plover umbrella kettle ninety"


def user_of(actor: Any) -> User:
    return User.objects.get(pk=actor.user_id)


def give_password(actor: Any, password: str = GOOD) -> User:
    user = user_of(actor)
    user.set_password(password)
    user.save()
    return user


def ask(client: Client, email: str) -> Any:
    return Page(client.get("/login/link/")).form("Reset Password").submit(client, email=email)


def link_in(mails: list[Any]) -> str:
    (letter,) = mails
    (line,) = (line for line in letter.body.splitlines() if "/login/link/" in line)
    return str(line.removeprefix("http://greenwood.localhost"))


def log_in(client: Client, email: str, password: str, *, follow: bool = False) -> Any:
    form = Page(client.get("/login/")).form("Login")
    return form.submit(client, follow=follow, login=email, password=password)


def create_password(
    client: Client, link: str, password: str = GOOD, *, follow: bool = False
) -> Any:
    form = Page(client.get(link, follow=True)).form("Create password")
    return form.submit(client, follow=follow, new_password1=password, new_password2=password)


def is_logged_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def works(client: Client, link: str) -> bool:
    return "Create password" in str(client.get(link, follow=True).content)


def code_of(secret: str) -> str:
    """What an authenticator app shows (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 0xF
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def enrol(client: Client) -> tuple[str, Page]:
    """Set the key up; return its secret and the page with the recovery codes."""
    page = Page(client.get("/", follow=True))
    assert "Set up your key" in page.text
    secret = page.text.split("Secret: ")[1].split()[0]
    answer = page.form("Set up key").submit(client, follow=True, code=code_of(secret))
    return secret, Page(answer)
