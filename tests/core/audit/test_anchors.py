"""Anchors in a real store with Object Lock (threat t45)."""

import json
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError
from django.conf import settings

from core import clock
from core.actors import Actor
from core.attachments.storage import client
from core.audit import anchors, sealing, services
from core.audit.models import AuditSeal


@pytest.fixture
def anchored(in_school_a):
    """The one anchor of a record with one seal, as its key and version."""
    services.record(Actor(), "tests.happened")
    sealing.seal_all()
    assert anchors.anchor_head() == 1
    return newest(in_school_a)


def where(school):
    return {"Bucket": settings.AUDIT_ANCHOR_BUCKET, "Prefix": f"anchors/{school.ref}/"}


def newest(school):
    head = AuditSeal.objects.latest("number")
    found = client().list_object_versions(**where(school))["Versions"]
    [mine] = [one for one in found if bytes(head.hash).hex() in one["Key"]]
    return {"Key": mine["Key"], "VersionId": mine["VersionId"], "Bucket": where(school)["Bucket"]}


def test_the_head_is_anchored_once_and_its_name_says_what_it_proves(anchored, in_school_a):
    head = AuditSeal.objects.latest("number")
    assert anchored["Key"] == (
        f"anchors/{in_school_a.ref}/{head.number:012d}-{bytes(head.hash).hex()}.json"
    )
    said = json.loads(client().get_object(**anchored)["Body"].read())
    assert said["school"] == str(in_school_a.ref)
    assert (said["number"], said["hash"]) == (head.number, bytes(head.hash).hex())
    assert said["entries"] == head.entries
    assert anchors.anchor_head() == 0
    assert (head.number, bytes(head.hash)) in {(one.number, one.hash) for one in anchors.anchors()}


def test_a_record_without_a_seal_has_nothing_to_anchor(in_school_a):
    assert anchors.anchor_head() == 0


def test_t45_an_anchor_is_locked_for_as_long_as_the_setting_says(anchored):
    kept = client().get_object_retention(**anchored)["Retention"]
    assert kept["Mode"] == "COMPLIANCE"
    due = clock.now() + timedelta(days=settings.AUDIT_ANCHOR_DAYS)
    assert abs(kept["RetainUntilDate"] - due) < timedelta(minutes=5)


def test_t45_an_anchor_can_neither_be_deleted_nor_let_go_early(anchored):
    with pytest.raises(ClientError, match="AccessDenied"):
        client().delete_object(**anchored)
    with pytest.raises(ClientError, match="AccessDenied"):
        client().delete_object(**anchored, BypassGovernanceRetention=True)
    for mode, days in (("COMPLIANCE", 0.1), ("GOVERNANCE", 2)):
        with pytest.raises(ClientError, match="AccessDenied"):
            client().put_object_retention(
                **anchored,
                Retention={
                    "Mode": mode,
                    "RetainUntilDate": clock.now() + timedelta(days=days),
                },
                BypassGovernanceRetention=True,
            )
    with pytest.raises(ClientError):
        client().delete_bucket(Bucket=anchored["Bucket"])
    assert client().get_object(**anchored)["Body"].read()


def test_t45_what_is_put_over_an_anchor_hides_nothing(anchored, in_school_a):
    before = {(one.number, one.hash) for one in anchors.anchors()}
    place = {"Bucket": anchored["Bucket"], "Key": anchored["Key"]}
    client().put_object(**place, Body=b"{}")
    client().delete_object(**place)
    assert client().get_object(**anchored)["Body"].read() != b"{}"
    assert before <= {(one.number, one.hash) for one in anchors.anchors()}


def test_a_store_out_of_reach_postpones_the_anchor(in_school_a, settings):
    services.record(Actor(), "tests.happened")
    sealing.seal_all()
    there = settings.S3_ENDPOINT_URL
    settings.S3_ENDPOINT_URL = "http://127.0.0.1:9"
    assert anchors.anchor_head() == 0
    settings.S3_ENDPOINT_URL = there
    assert anchors.anchor_head() == 1
