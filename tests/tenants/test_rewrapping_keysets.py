"""All schools' keysets under another wrapping key, and not one object touched."""

import os
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import keyring
from core.attachments import storage
from core.tenancy import in_control_plane
from tenants.management.commands import rewrap_keysets as the_command
from tenants.models import School
from tenants.services import keys
from tests.core.keys import InventedKms
from tests.tenants.keys import NOBODY, assert_opens, row_of, seal


@pytest.fixture
def next_key(settings):
    """The platform's wrapping key, beside the one that wrapped everything so far."""
    for step in ("add", "promote"):
        settings.LOCAL_WRAPPING_KEY = keyring.next_local_wrapping_key(
            settings.LOCAL_WRAPPING_KEY, step
        )
    return keyring.wrapping_key()


def rewrap(*arguments):
    told, said = StringIO(), StringIO()
    try:
        call_command("rewrap_keysets", *arguments, stdout=told, stderr=said)
    except SystemExit as end:
        return told.getvalue() + said.getvalue(), end.code
    return told.getvalue(), 0


def object_of(sealed, settings):
    client = storage.client()
    return client.get_object(Bucket=settings.S3_BUCKET, Key=sealed.file.object_key)["Body"].read()


def test_everything_opens_afterwards_and_the_objects_are_the_same_byte_for_byte(
    school_a, school_b, settings, next_key
):
    sealed = {school: seal(row_of(school)) for school in (school_a, school_b)}
    before = {school: object_of(sealed[school], settings) for school in sealed}
    older = {school: row_of(school) for school in sealed}
    assert "Wrapped anew: 2 schools" in rewrap()[0]
    settings.LOCAL_WRAPPING_KEY = keyring.next_local_wrapping_key(
        settings.LOCAL_WRAPPING_KEY, "drop"
    )
    for school, one in sealed.items():
        row = row_of(school)
        assert row.keys_wrapped_by == next_key
        assert bytes(row.text_keyset) != bytes(older[school].text_keyset)
        assert_opens(row, one)
        assert object_of(one, settings) == before[school]
        with pytest.raises(keyring.KeysetRefused):
            keyring.text_aead(older[school])


def test_who_holds_the_row_as_it_was_works_on(school_a, next_key):
    older = row_of(school_a)
    rewrap()
    sealed = seal(older)
    assert_opens(older, sealed)
    assert_opens(row_of(school_a), sealed)


def test_what_is_wrapped_so_already_is_left_alone(school_a, school_b, next_key):
    assert "Wrapped anew: 2 schools" in rewrap()[0]
    before = row_of(school_a)
    assert "Wrapped anew: 0 schools" in rewrap()[0]
    assert bytes(row_of(school_a).text_keyset) == bytes(before.text_keyset)


def test_t68_a_run_that_was_stopped_goes_on_where_it_was(school_a, school_b, next_key, monkeypatch):
    class Killed(BaseException):
        pass

    done, service = [], keys.rewrap_keysets

    def once(**asked):
        if done:
            raise Killed
        done.append(asked)
        return service(**asked)

    monkeypatch.setattr(the_command.keys, "rewrap_keysets", once)
    with pytest.raises(Killed):
        rewrap("--batch", "1")
    monkeypatch.undo()
    assert {row_of(s).keys_wrapped_by == next_key for s in (school_a, school_b)} == {True, False}
    assert "Wrapped anew: 1 schools" in rewrap("--batch", "1")[0]
    assert row_of(school_a).keys_wrapped_by == row_of(school_b).keys_wrapped_by == next_key


def test_a_school_whose_keysets_do_not_open_is_named_and_holds_no_other_up(
    school_a, school_b, next_key
):
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(text_keyset=b"nonsense")
    told, code = rewrap()
    assert code == 1
    assert "Wrapped anew: 1 schools. Refused: 1." in told
    assert str(school_a.ref) in told
    assert bytes(row_of(school_a).text_keyset) == b"nonsense"
    assert row_of(school_b).keys_wrapped_by == next_key


def test_t66_kms_down_stops_the_run_and_says_what_is_left(school_a, school_b, settings, kms):
    service = InventedKms.behind(kms)
    settings.LOCAL_WRAPPING_KEY = the_local_key(settings)
    sealed = seal(row_of(school_a))
    service.refuses_with = "KMSInternalException"
    with pytest.raises(CommandError, match="0 schools are done; run it again"):
        rewrap()
    service.refuses_with = None
    assert "Wrapped anew: 2 schools" in rewrap()[0]
    settings.LOCAL_WRAPPING_KEY = None
    assert_opens(row_of(school_a), sealed)


def the_local_key(settings):
    """The key under which the schools of the tests were onboarded."""
    return os.environ["LOCAL_WRAPPING_KEY"]


def test_a_keyset_in_rotation_is_rewrapped_with_both_its_keys(school_a, next_key):
    keys.begin_rotation(actor=NOBODY, school_ref=school_a.ref)
    before = seal(row_of(school_a))
    assert not keys.rewrap_keysets(actor=NOBODY, school_ref=school_a.ref)
    with in_control_plane():
        School.objects.filter(pk=school_a.pk).update(keys_wrapped_by="")
    assert keys.rewrap_keysets(actor=NOBODY, school_ref=school_a.ref)
    with in_control_plane():
        row = School.objects.get(pk=school_a.pk)
        row.take(keyring.with_newest_sealing(row))
    assert_opens(row, before)
    assert row.is_rotating
