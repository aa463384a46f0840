"""What a school sealed is gone with its keys, for good and for everybody."""

import json
import os
import subprocess
import sys

import pytest
from django.db import IntegrityError, transaction

from core import keyring
from core.attachments import services as attachments
from core.attachments.errors import StorageUnavailable
from core.audit.models import AuditEntry
from core.refusals import Refused
from core.tenancy import in_control_plane, in_school
from tenants import tasks
from tenants.models import School
from tenants.services import keys
from tenants.terms import KeysRefusal, SchoolState
from tests.architecture.sources import ROOT
from tests.tenants.keys import NOBODY, assert_opens, row_of, seal


def suspend(school):
    with in_control_plane():
        School.objects.filter(pk=school.pk).update(state=SchoolState.SUSPENDED)


def destroy(school):
    keys.destroy_keysets(actor=NOBODY, school_ref=school.ref)


@pytest.mark.parametrize("state", [SchoolState.OPEN, SchoolState.ONBOARDING])
def test_only_a_suspended_schools_keys_can_be_destroyed(school_a, state):
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(state=state)
    sealed = seal(row_of(school_a))
    with pytest.raises(Refused) as refused:
        destroy(school_a)
    assert refused.value.why == KeysRefusal.NOT_SUSPENDED
    assert_opens(row_of(school_a), sealed)
    suspend(school_a)
    destroy(school_a)
    assert row_of(school_a).keys_destroyed_at


def test_every_file_and_every_text_is_unreadable_afterwards_and_no_other_schools(
    school_a, school_b
):
    mine = [seal(row_of(school_a)) for _ in range(3)]
    theirs = seal(row_of(school_b))
    row = row_of(school_a)
    keyring.text_aead(row)  # this process has the keys at hand
    suspend(school_a)
    destroy(school_a)
    gone = row_of(school_a)
    assert (bytes(gone.text_keyset), bytes(gone.files_keyset)) == (b"", b"")
    with in_school(gone):
        for one in mine:
            with pytest.raises(StorageUnavailable, match="keys were destroyed"):
                attachments.open_stream(one.file)
    with pytest.raises(keyring.KeysDestroyed):
        keyring.text_aead(gone)
    assert keyring._open.cache_info().currsize == 0
    assert_opens(row_of(school_b), theirs)
    with in_control_plane():
        entries = AuditEntry.objects.filter(subject_ref=school_a.ref, verb="keys.destroyed")
        assert entries.count() == 1
    destroy(school_a)
    with in_control_plane():
        assert entries.count() == 1


OPENER = """
import json, sys, types, uuid
import django; django.setup()
from core import keyring
asked = json.load(sys.stdin)
school = types.SimpleNamespace(
    ref=uuid.UUID(asked["ref"]),
    text_keyset=bytes.fromhex(asked["text"]), files_keyset=bytes.fromhex(asked["files"]))
try:
    print(keyring.text_aead(school).decrypt(bytes.fromhex(asked["sealed"]), b"its place").decode())
except keyring.KeysDestroyed as error:
    print(error)
"""


def another_process_opens(row, sealed):
    told = subprocess.run(
        [sys.executable, "-c", OPENER],
        input=json.dumps(
            {
                "ref": str(row.ref),
                "text": bytes(row.text_keyset).hex(),
                "files": bytes(row.files_keyset).hex(),
                "sealed": sealed.text.hex(),
            }
        ),
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return told.stdout.strip()


def test_another_process_reads_nothing_either(school_a):
    sealed = seal(row_of(school_a))
    assert another_process_opens(row_of(school_a), sealed) == "a draft"
    suspend(school_a)
    destroy(school_a)
    told = another_process_opens(row_of(school_a), sealed)
    assert told == "This school's keys were destroyed."


def test_no_step_of_a_rotation_and_no_rewrapping_brings_keys_back(school_a):
    keys.begin_rotation(actor=NOBODY, school_ref=school_a.ref)
    suspend(school_a)
    destroy(school_a)
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(
            state=SchoolState.OPEN, keys_rotated_at="2000-01-01T00:00:00Z"
        )
    assert not keys.rewrap_keysets(actor=NOBODY, school_ref=school_a.ref)
    for step in (keys.promote_keys, keys.begin_rotation):
        with pytest.raises((keyring.KeysDestroyed, Refused)):
            step(actor=NOBODY, school_ref=school_a.ref)
    tasks.rotate_keysets.run()
    assert bytes(row_of(school_a).text_keyset) == b""


def test_the_database_holds_no_half_destroyed_school(school_a):
    halves = [
        {"text_keyset": b""},
        {"keys_destroyed_at": "2026-01-01T00:00:00Z"},
        {"keys_destroyed_at": "2026-01-01T00:00:00Z", "text_keyset": b""},
        {"keys_promoted_at": "2026-01-01T00:00:00Z"},
    ]
    with in_control_plane():
        for half in halves:
            with pytest.raises(IntegrityError), transaction.atomic():
                School.objects.filter(pk=school_a.pk).update(**half)


def test_no_command_destroys_keys():
    naming = [
        path.name
        for path in ROOT.glob("**/management/commands/*.py")
        if ".venv" not in path.parts and "destroy_keysets" in path.read_text()
    ]
    assert naming == []
