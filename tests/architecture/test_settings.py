"""Settings on which the walls stand."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.cache import caches

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.architecture

_DEPLOYED = {
    "DJANGO_SETTINGS_MODULE": "config.settings.prod",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "BASE_DOMAIN": "safeguarding.example",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "CACHE_URL": "redis://127.0.0.1:1/1",
    "BROKER_URL": "redis://127.0.0.1:1/0",
    "S3_BUCKET": "attachments",
    "AUDIT_ANCHOR_BUCKET": "anchors",
    "KMS_KEY_ID": "alias/keysets",
    "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
    "PATH": os.environ.get("PATH", ""),
}


def deployed(*arguments, **environment):
    """Run Python with the production settings and nothing of this environment."""
    return subprocess.run(
        [sys.executable, *arguments],
        env=_DEPLOYED | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def place_of(name):
    return settings.MIDDLEWARE.index(name)


def test_the_school_is_chosen_before_sessions_and_people_and_the_door_before_the_form():
    in_order = [
        "core.telemetry.RequestLog",
        "django.middleware.security.SecurityMiddleware",
        "tenants.middleware.SchoolFromHost",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "schools.middleware.WhoActs",
        "core.faces.WhoActsAtFace",
        "core.entrances.DoorKeeper",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    places = [place_of(name) for name in in_order]
    assert places == sorted(places)
    assert len(settings.MIDDLEWARE) == len(set(settings.MIDDLEWARE))


def test_hosts_and_cookies_belong_to_one_school():
    assert settings.SESSION_COOKIE_DOMAIN is None
    assert settings.CSRF_COOKIE_DOMAIN is None
    assert settings.CSRF_TRUSTED_ORIGINS == []
    assert settings.USE_X_FORWARDED_HOST is False
    assert settings.USE_X_FORWARDED_PORT is False
    assert getattr(settings, "SHOW_PUBLIC_IF_NO_TENANT_FOUND", False) is False
    # The test runner adds one of its own.
    assert set(settings.ALLOWED_HOSTS) - {"testserver"} == {"localhost", ".localhost"}
    assert settings.SESSION_ENGINE == "core.accounts.sessions"
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        assert name.startswith("__Host-")


def test_every_cache_carries_the_school_in_its_keys():
    assert list(settings.CACHES) == ["default"]
    for name in settings.CACHES:
        assert caches[name].key_func.__module__ == "django_tenants.cache"


def test_no_school_is_dropped_and_none_sees_public():
    from tenants.models import School

    assert School.auto_drop_schema is False
    assert School.auto_create_schema is False
    assert getattr(settings, "PG_EXTRA_SEARCH_PATHS", []) == []


def test_the_settings_of_a_deployment_pass_djangos_own_check():
    checked = deployed("platform/manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert checked.returncode == 0, checked.stderr


def test_a_deployment_gives_no_demo_and_no_debugging():
    asked = (
        "from django.conf import settings as s;"
        "print(s.DEBUG, s.IS_DEMO, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 10**7,"
        " s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.PUBLIC_ORIGIN)"
    )
    told = deployed("-c", asked)
    assert told.stdout.split() == [
        *("False", "False", "True", "True", "True", "True"),
        "https://{host}",
    ], told.stderr


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "BASE_DOMAIN", "DATABASE_URL", "S3_BUCKET", "AUDIT_ANCHOR_BUCKET"]
)
def test_a_deployment_without_a_value_that_it_needs_does_not_start(name):
    missing = {key: value for key, value in _DEPLOYED.items() if key != name}
    started = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; settings.DEBUG"],
        env=missing,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert started.returncode != 0
    assert name in started.stderr
