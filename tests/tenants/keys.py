"""What a school seals, and whether it opens for a process that holds a row of the school."""

from dataclasses import dataclass
from typing import Any

from core import keyring
from core.accounts.models import User
from core.actors import Actor
from core.attachments import services as attachments
from core.tenancy import in_control_plane, in_school
from tenants.models import School
from tests.core.keys import cleartext_keyset

#: More than one segment of a sealed file.
CONTENT = b"Quiet words.\n" * 100_000
NOBODY = Actor(request_id="test")


@dataclass(kw_only=True)
class Sealed:
    """One file and one text."""

    file: Any
    text: bytes


def row_of(school):
    """The school as a process that begins now holds it."""
    with in_control_plane():
        return School.objects.get(ref=school.ref)


def uploader(school):
    with in_school(school):
        user, _ = User.objects.get_or_create(email="uploader@example.test")
        return Actor(user_id=user.pk)


def seal(row):
    """Seal a file and a text with the keys of a row."""
    actor = uploader(row)
    with in_school(row):
        file = attachments.seal(actor=actor, filename="note.txt", chunks=[CONTENT])
        return Sealed(file=file, text=keyring.text_aead(row).encrypt(b"a draft", b"its place"))


def assert_opens(row, *sealed):
    """Open all with the keys of a row, in a process that has opened nothing yet."""
    keyring.forget_opened_keysets()
    for one in sealed:
        with in_school(row):
            assert b"".join(attachments.open_stream(one.file)) == CONTENT
            assert keyring.text_aead(row).decrypt(one.text, b"its place") == b"a draft"


def sealing_keys(row):
    """The ids of the two keys that seal."""
    return [
        cleartext_keyset(row, wrapped).primary_key_id
        for wrapped in (row.text_keyset, row.files_keyset)
    ]
