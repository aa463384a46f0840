"""A security key in software: ES256, no attestation (WebAuthn Level 2, 6.5 and 8.7)."""

import hashlib
import json
import os
import re
import struct
from html import unescape
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.utils import websafe_encode

GREENWOOD = "http://greenwood.localhost"


class SoftPasskey:
    """Makes one credential and signs with it."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._id = os.urandom(16)

    def create(self, response: Any, origin: str = GREENWOOD) -> str:
        """Answer the page that sets a key up."""
        asked = options_of(response)
        numbers = self._private.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        public = cbor.encode({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        credential = bytes(16) + struct.pack(">H", len(self._id)) + self._id + public
        data = self._authenticator_data(asked["rp"]["id"], 0x45) + credential
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = _client_data("webauthn.create", asked["challenge"], origin)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def show(self, response: Any, origin: str = GREENWOOD) -> str:
        """Answer the page that asks for the key."""
        asked = options_of(response)
        data = self._authenticator_data(asked["rpId"], 0x05)
        client = _client_data("webauthn.get", asked["challenge"], origin)
        signed = data + hashlib.sha256(client).digest()
        signature = self._private.sign(signed, ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature)

    def _authenticator_data(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + struct.pack(">BI", flags, 1)

    def _answer(self, **parts: bytes) -> str:
        name = websafe_encode(self._id)
        response = {key: websafe_encode(value) for key, value in parts.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def options_of(response: Any) -> dict[str, Any]:
    """Return what a page asks the browser for."""
    (found,) = re.findall(r'data-options="([^"]*)"', response.content.decode())
    asked: dict[str, Any] = json.loads(unescape(found))["publicKey"]
    return asked


def _client_data(kind: str, challenge: str, origin: str) -> bytes:
    said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
    return json.dumps(said).encode()
