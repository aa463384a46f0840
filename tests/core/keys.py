"""Schools that are only keys, and a KMS that answers as AWS says it does."""

import base64
import html
import io
import json
import re
import secrets
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from google.protobuf import text_format
from tink import proto_keyset_format, secret_key_access
from tink.proto import tink_pb2

from core import keyring


@dataclass(kw_only=True)
class AnySchool:
    """What the keyring needs to know of a school."""

    ref: UUID = field(default_factory=uuid4)
    text_keyset: bytes
    files_keyset: bytes

    def take(self, keysets):
        self.text_keyset, self.files_keyset = keysets.text, keysets.files


def a_school():
    """A school with new keysets."""
    ref = uuid4()
    made = keyring.new_keysets(ref)
    return AnySchool(ref=ref, text_keyset=made.text, files_keyset=made.files)


def cleartext_keyset(school, wrapped):
    """The keyset itself, as no program but a test should ever have it."""
    handle = proto_keyset_format.parse_encrypted(
        bytes(wrapped), keyring.wrapping.wrapper(), school.ref.bytes
    )
    return tink_pb2.Keyset.FromString(
        proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
    )


def cleartext_keys(school):
    """Every key of a school's two keysets, without what surrounds it."""
    return [
        key.key_data.value[-32:] if len(key.key_data.value) >= 32 else key.key_data.value
        for wrapped in (school.text_keyset, school.files_keyset)
        for key in cleartext_keyset(school, wrapped).key
    ]


def is_told(key, text):
    """Whether a text holds a part of a key, in any of the ways in which bytes are written down."""
    written = html.unescape(text.decode("latin-1") if isinstance(text, bytes) else text)
    # Long bytes are printed in pieces.
    written = re.sub(r"'\s+b'", "", written)
    return any(
        spelling in written
        for start in (0, 10, 20)
        for spelling in _spellings(key[start : start + 12])
    )


def _spellings(part):
    return [
        part.decode("latin-1"),
        part.hex(),
        part.hex().upper(),
        repr(part)[2:-1],
        # As protobuf prints bytes: "\\ooo", or a letter's own sign.
        text_format.text_encoding.CEscape(part, as_utf8=False),
        # Whatever stood before: the middle, at each of the three offsets.
        *[base64.b64encode(part[start : start + 9]).decode() for start in range(3)],
    ]


class InventedKms:
    """Answers as KMS would, below boto3's own checks of what is sent."""

    def __init__(self):
        self._wrapped = {}
        self.asked = []
        self.refuses_with = None
        self.refuses = {}

    @classmethod
    def behind(cls, client):
        service = cls()
        client.meta.events.register("before-send.kms", service.answer)
        return service

    def answer(self, request, **_event):
        asked = json.loads(request.body)
        operation = request.headers["X-Amz-Target"].decode().split(".")[1]
        self.asked.append(operation)
        if code := self.refuses.get(operation, self.refuses_with):
            return _answered({"__type": code}, status=400)
        return getattr(self, f"_{operation}")(asked)

    def _Encrypt(self, asked):  # noqa: N802 - KMS names it so
        if len(base64.b64decode(asked["Plaintext"])) > 4096:
            return _answered({"__type": "ValidationException"}, status=400)
        return self._kept(asked["KeyId"], asked["EncryptionContext"], asked["Plaintext"])

    def _Decrypt(self, asked):  # noqa: N802 - KMS names it so
        return self._opened(asked, "KeyId", "EncryptionContext") or _answered(
            {"Plaintext": self._wrapped[asked["CiphertextBlob"]][2], "KeyId": asked["KeyId"]}
        )

    def _ReEncrypt(self, asked):  # noqa: N802 - KMS names it so
        return self._opened(asked, "SourceKeyId", "SourceEncryptionContext") or self._kept(
            asked["DestinationKeyId"],
            asked["DestinationEncryptionContext"],
            self._wrapped[asked["CiphertextBlob"]][2],
        )

    def _kept(self, key_id, context, plaintext):
        blob = base64.b64encode(secrets.token_bytes(48)).decode()
        self._wrapped[blob] = (key_id, context, plaintext)
        return _answered({"CiphertextBlob": blob, "KeyId": key_id})

    def _opened(self, asked, key, context):
        if asked["CiphertextBlob"] not in self._wrapped:
            return _answered({"__type": "InvalidCiphertextException"}, status=400)
        key_id, bound, _plaintext = self._wrapped[asked["CiphertextBlob"]]
        if key_id != asked[key]:
            return _answered({"__type": "IncorrectKeyException"}, status=400)
        if bound != asked[context]:
            return _answered({"__type": "InvalidCiphertextException"}, status=400)
        return None

    def contexts(self):
        return {(key_id, context["school"]) for key_id, context, _ in self._wrapped.values()}

    def plaintexts(self):
        return [base64.b64decode(plaintext) for _, _, plaintext in self._wrapped.values()]


def _answered(body, status=200):
    content = json.dumps(body).encode()
    return AWSResponse("http://127.0.0.1:1", status, HTTPHeaders(), _Streamed(content))


class _Streamed(io.BytesIO):
    def stream(self):
        yield self.read()
