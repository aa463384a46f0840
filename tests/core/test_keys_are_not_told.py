"""Keys are in no log, error report, database dump, message or printed object."""

import base64
import copy
import html
import io
import json
import logging
import pickle
import pprint
import subprocess
import sys
import traceback
from uuid import uuid4

import pytest
import sentry_sdk
from botocore.exceptions import EndpointConnectionError
from django.conf import settings as django_settings
from django.db import connections
from django.test import RequestFactory, override_settings
from django.views.debug import ExceptionReporter
from kombu.utils.json import dumps
from tink import TinkError
from tink.proto import tink_pb2

from config.celery import app
from core import keyring
from core.keyring import changes
from core.telemetry import scrubbed
from core.tenancy import in_control_plane
from infra.embedded.postgres import _program
from tenants import tasks
from tenants.models import School
from tenants.services import keys
from tests.core.keys import (
    InventedKms,
    a_school,
    cleartext_keys,
    cleartext_keyset,
    is_told,
)
from tests.owner import owners_cursor
from tests.tenants.keys import NOBODY, row_of

pytestmark = pytest.mark.usefixtures("may_become_owner")


def told_of(keys, text):
    """Which of the keys a text tells."""
    return [key for key in keys if is_told(key, text)]


def test_this_test_would_find_a_key(own_local_key):
    school = a_school()
    ours = cleartext_keys(school)
    assert len(ours) == 2
    keyset = cleartext_keyset(school, school.text_keyset)
    for text in (
        keyset.SerializeToString(),
        keyset.SerializeToString().hex(),
        repr(keyset.SerializeToString()),
        str(keyset),
        pprint.pformat(keyset.SerializeToString(), width=40),
        html.escape(repr(keyset.SerializeToString())),
        base64.b64encode(keyset.SerializeToString()),
    ):
        assert told_of(ours, text) == ours[:1]


# Failures ----------------------------------------------------------------------------------------


def failing_ways(school, service, monkeypatch):
    """Everything that is done with keys, each failing where cleartext is near."""
    for change in (keyring.rewrapped, keyring.with_new_keys, keyring.with_newest_sealing):
        for code in ("KMSInternalException", "InvalidCiphertextException"):
            # Opened already: what fails is the wrapping of what was changed.
            keyring.forget_opened_keysets()
            service.refuses_with = code
            yield lambda change=change: change(school)
            service.refuses_with = None
    keyring.text_aead(school)
    keyring.files_aead(school)
    service.refuses = {"Encrypt": "KMSInternalException"}
    yield lambda: keyring.with_new_keys(school)
    yield lambda: keyring.with_newest_sealing(school)
    yield lambda: keyring.new_keysets(school.ref)
    service.refuses = {}
    with monkeypatch.context() as patched:
        patched.setattr(changes, "MOST_BYTES", 10)
        yield lambda: keyring.with_new_keys(school)


def errors_of(ways):
    for way in ways:
        try:
            way()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is looked at
            yield error
        else:
            pytest.fail("nothing failed")


def reports_of(error):
    """What logs, pages of errors and Sentry make of an error."""
    info = (type(error), error, error.__traceback__)
    for debug in (True, False):
        with override_settings(DEBUG=debug):
            reporter = ExceptionReporter(RequestFactory().get("/"), *info)
            yield reporter.get_traceback_html()
            yield reporter.get_traceback_text()
    yield "".join(traceback.format_exception(*info))
    event, hint = sentry_sdk.utils.event_from_exception(
        error, client_options={**sentry_sdk.consts.DEFAULT_OPTIONS, "include_local_variables": True}
    )
    yield dumps(event, default=repr)
    yield dumps(scrubbed(event, hint), default=repr)
    yield repr(error) + str(vars(error))


def test_no_failure_tells_a_key(kms, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    service = InventedKms.behind(kms)
    school = a_school()
    ours = cleartext_keys(school)
    seen = 0
    for error in errors_of(failing_ways(school, service, monkeypatch)):
        for report in reports_of(error):
            assert report
            assert not told_of({*ours, *keys_seen_by(service)}, report), type(error)
        seen += 1
    assert seen == 10
    assert not told_of({*ours, *keys_seen_by(service)}, caplog.text)


def keys_seen_by(service):
    """The last 32 bytes of each key that KMS was given to wrap."""
    return [
        key.key_data.value[-32:]
        for plaintext in service.plaintexts()
        for key in tink_pb2.Keyset.FromString(plaintext).key
    ]


def test_t66_a_kms_out_of_reach_tells_no_key_of_what_it_was_to_wrap(kms, caplog):
    caplog.set_level(logging.DEBUG)
    sent = []

    def cut(request, **_event):
        sent.append(bytes(request.body))
        raise EndpointConnectionError(endpoint_url="http://127.0.0.1:1")

    kms.meta.events.register("before-send.kms", cut)
    # Not raised through this test's own frame, which holds what was sent.
    (failed,) = errors_of([lambda: keyring.new_keysets(uuid4())])
    assert isinstance(failed, keyring.KeysUnavailable)
    assert sent
    wanted = [key_in(one) for one in sent]
    for report in (*reports_of(failed), caplog.text):
        assert not told_of(wanted, report)
    assert failed.__cause__ is None


def key_in(body):
    """The key that a request would have had KMS wrap."""
    keyset = tink_pb2.Keyset.FromString(base64.b64decode(json.loads(body)["Plaintext"]))
    return keyset.key[0].key_data.value[-32:]


# Objects -----------------------------------------------------------------------------------------


def test_no_object_with_a_key_is_printed_or_packed(own_local_key):
    school = a_school()
    ours = cleartext_keys(school)
    local = keyring.wrapping.wrapper()
    for held in (keyring.text_aead(school), keyring.files_aead(school), local, local._aead):
        assert not told_of(ours, repr(held) + str(held))
        for pack in (pickle.dumps, copy.deepcopy, lambda it: dumps(it, default=None)):
            with pytest.raises((TypeError, TinkError, AttributeError)):
                pack(held)
    made = keyring.Keysets(text=school.text_keyset, files=school.files_keyset, wrapped_by="x")
    assert not told_of(ours, repr(made))


def test_the_wrapping_key_is_hidden_in_djangos_own_reports(own_local_key, settings):
    from django.views.debug import SafeExceptionReporterFilter

    shown = SafeExceptionReporterFilter().get_safe_settings()
    assert shown["LOCAL_WRAPPING_KEY"] != settings.LOCAL_WRAPPING_KEY
    assert settings.LOCAL_WRAPPING_KEY not in repr(shown)


# Messages ----------------------------------------------------------------------------------------


def test_no_message_to_a_worker_holds_more_than_a_reference():
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert not entry.get("args")
        assert not entry.get("kwargs")
    assert app.conf.task_ignore_result


def test_a_task_that_fails_at_keys_logs_no_key(school_a, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    row = row_of(school_a)
    ours = cleartext_keys(row)
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(created_at="2000-01-01T00:00:00Z")
    monkeypatch.setattr(changes, "MOST_BYTES", 10)
    assert tasks.rotate_keysets.run() == 0
    assert "KeysetFull" in caplog.text
    assert not told_of(ours, caplog.text)


# Dumps -------------------------------------------------------------------------------------------


def all_that_can_be_told(schools):
    local = cleartext_local_key()
    return [local, *[key for school in schools for key in cleartext_keys(row_of(school))]]


def cleartext_local_key():
    keyset = tink_pb2.Keyset.FromString(base64.b64decode(django_settings.LOCAL_WRAPPING_KEY))
    return keyset.key[0].key_data.value[-32:]


def test_a_dump_of_the_database_holds_no_key(school_a, school_b):
    own = connections["owner"].get_connection_params()
    dumped = subprocess.run(
        [
            _program("pg_dump"),
            *("--host", own["host"], "--port", str(own["port"]), "--username", own["user"]),
            own["dbname"],
        ],
        env={"PGPASSWORD": own["password"]},
        capture_output=True,
        timeout=120,
        check=True,
    ).stdout
    for school in (school_a, school_b):
        assert bytes(school.text_keyset).hex().encode() in dumped
        assert school.schema_name.encode() in dumped
    assert not told_of(all_that_can_be_told([school_a, school_b]), dumped)


def every_row():
    """All tables of all schemas as PostgreSQL copies them out, with what is not committed yet."""
    written = io.BytesIO()
    with in_control_plane(), owners_cursor() as cursor:
        cursor.execute(
            "SELECT schemaname, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table in cursor.fetchall():
            with cursor.copy(f'COPY "{schema}"."{table}" TO STDOUT') as rows:
                for row in rows:
                    written.write(row)
    return written.getvalue()


def test_no_table_holds_a_key_after_a_rotation(school_a, school_b):
    keys.begin_rotation(actor=NOBODY, school_ref=school_a.ref)
    row = row_of(school_a)
    assert len(cleartext_keys(row)) == 4
    rows = every_row()
    assert bytes(row.text_keyset).hex().encode() in rows
    assert not told_of(all_that_can_be_told([school_a, school_b]), rows)


@pytest.mark.parametrize("module", ["config.wsgi", "config.celery", "config.settings.base"])
def test_no_process_of_the_platform_leaves_a_core_dump(module):
    asked = (
        "import resource; was = resource.getrlimit(resource.RLIMIT_CORE);"
        "resource.setrlimit(resource.RLIMIT_CORE, (was[1], was[1]));"
        f"import {module}; print(resource.getrlimit(resource.RLIMIT_CORE))"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, timeout=60, check=True
    )
    assert told.stdout.strip() == "(0, 0)"
