"""Somebody with a key, at a browser of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.test import Client

from core.accounts.models import User
from core.audit.models import AuditEntry
from tests.acceptance.accounts import GOOD, code_of, log_in
from tests.factories import make_staff

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def clock(db: None) -> Any:
    """Stand still at nine on a Thursday; throttles begin at nothing."""
    with time_machine.travel(datetime(2026, 1, 15, 9, tzinfo=UTC), tick=False) as moved:
        cache.clear()
        yield moved
        cache.clear()


@dataclass
class Holder:
    """A key holder with an authenticator app."""

    actor: Any
    browse: Callable[..., Client]
    clock: Any

    @property
    def user(self) -> User:
        return User.objects.get(pk=self.actor.user_id)

    def half_logged_in(self, **headers: str) -> Client:
        """Return a browser after the password, before the key."""
        client = self.browse()
        client.defaults.update(headers)
        log_in(client, self.user.email, GOOD)
        return client

    def logged_in(self, **headers: str) -> Client:
        """Return a browser that has logged in; the app's code is used up, so time goes on."""
        client = self.half_logged_in(**headers)
        assert client.post("/login/key/", {"code": code_of(SECRET)}).status_code == 302
        assert client.get("/").status_code == 200
        self.clock.shift(31)
        return client

    def show_key(self, client: Client) -> None:
        """Show the key again, in a session that has it."""
        answer = client.post("/account/key/show/", {"code": code_of(SECRET)})
        assert answer.status_code == 302
        self.clock.shift(31)


@pytest.fixture
def holder(browse: Any, clock: Any, in_school_a: Any) -> Holder:
    """A key holder."""
    actor = make_staff("holder", kind="key_holder")
    user = User.objects.get(pk=actor.user_id)
    user.set_password(GOOD)
    user.save()
    TOTP.activate(user, SECRET)
    return Holder(actor, browse, clock)


@pytest.fixture
def entries(in_school_a: Any) -> Callable[..., list[AuditEntry]]:
    """Return the record's entries of a verb, oldest first."""

    def of(verb: str) -> list[AuditEntry]:
        return list(AuditEntry.objects.filter(verb=verb).order_by("id"))

    return of


def is_in(client: Client) -> bool:
    """Say whether a browser is logged in with its key."""
    return client.get("/").status_code == 200
