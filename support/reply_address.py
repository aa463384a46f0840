"""The address to which a requester can reply: it leads to one ticket, of one person.

``reply+`` and 56 letters and digits stay below the 64 octets of a local part (RFC 5321,
4.5.3.1.1), and base 32 outlives a mail server that makes everything lower case.
"""

import base64
import binascii
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from core.tenancy import current_school

_PREFIX = "reply+"
#: Bytes of the school's reference, of the ticket's row id and of the seal.
_SCHOOL, _TICKET, _SEAL = 16, 5, 14


@dataclass(frozen=True, kw_only=True)
class ReplyToken:
    """What an address says; nothing of it is proved before ``is_genuine``."""

    school_ref: UUID
    ticket_id: int
    seal: bytes


def reply_address(*, ticket_id: int, ticket_ref: UUID, requester_ref: UUID) -> str:
    """Return the address of a ticket of the current school; empty where no mail comes in."""
    if not settings.INBOUND_MAIL_DOMAIN:
        return ""
    seal = _seal(settings.SECRET_KEY, ticket_ref, requester_ref)
    packed = current_school().ref.bytes + ticket_id.to_bytes(_TICKET, "big") + seal
    token = base64.b32encode(packed).decode().lower()
    return f"{_PREFIX}{token}@{settings.INBOUND_MAIL_DOMAIN}"


def token_in(address: str) -> ReplyToken | None:
    """Return what an address says, if it is one of ours."""
    local, _, domain = address.strip().strip("<>").rpartition("@")
    is_ours = settings.INBOUND_MAIL_DOMAIN and domain.lower() == settings.INBOUND_MAIL_DOMAIN
    if not is_ours or not local.lower().startswith(_PREFIX):
        return None
    try:
        packed = base64.b32decode(local[len(_PREFIX) :].upper().encode())
    except (binascii.Error, ValueError):
        return None
    if len(packed) != _SCHOOL + _TICKET + _SEAL:
        return None
    return ReplyToken(
        school_ref=UUID(bytes=packed[:_SCHOOL]),
        ticket_id=int.from_bytes(packed[_SCHOOL : _SCHOOL + _TICKET], "big"),
        seal=packed[-_SEAL:],
    )


def is_genuine(token: ReplyToken, *, ticket_ref: UUID, requester_ref: UUID) -> bool:
    """Say whether we gave this address out, for this ticket and person of the current school."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(
        constant_time_compare(token.seal, _seal(key, ticket_ref, requester_ref)) for key in keys
    )


def _seal(key: str, ticket_ref: UUID, requester_ref: UUID) -> bytes:
    salt = f"ticket-reply:{current_school().ref}"
    value = f"{ticket_ref}:{requester_ref}"
    return salted_hmac(salt, value, secret=key, algorithm="sha256").digest()[:_SEAL]
