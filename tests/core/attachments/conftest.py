"""The object store as an onlooker sees it."""

import itertools

import pytest

from core.attachments import services, storage


class Store:
    """Looks at the bucket below one school's prefix, at what came since it was made.

    Objects outlive the rolled-back rows of the tests before.
    """

    def __init__(self, settings, school):
        self._bucket, self._prefix = settings.S3_BUCKET, f"{school.ref}/"
        self._before = self._all_keys()

    def keys(self):
        return self._all_keys() - self._before

    def _all_keys(self):
        pages = storage.client().get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self._bucket, Prefix=self._prefix)
        return {one["Key"] for page in found for one in page.get("Contents", [])}

    def uploads(self):
        answer = storage.client().list_multipart_uploads(Bucket=self._bucket, Prefix=self._prefix)
        return [one["Key"] for one in answer.get("Uploads", [])]

    def read(self, key):
        return storage.client().get_object(Bucket=self._bucket, Key=key)["Body"].read()

    def write(self, key, content):
        storage.client().put_object(Bucket=self._bucket, Key=key, Body=content)

    def delete(self, key):
        storage.client().delete_object(Bucket=self._bucket, Key=key)


@pytest.fixture
def store(settings, in_school_a):
    found = Store(settings, in_school_a)
    yield found
    left = found.keys()
    for key in left:
        found.delete(key)


@pytest.fixture
def sealed(actor):
    """Seal ``content`` under ``filename`` and return the staged file."""

    def seal(content=b"Hello\n", filename="note.txt", step=50_000, **changed):
        chunks = (content[start : start + step] for start in itertools.count(0, step))
        whole = itertools.takewhile(bool, chunks)
        return services.seal(**{"actor": actor, "filename": filename, "chunks": whole, **changed})

    return seal
