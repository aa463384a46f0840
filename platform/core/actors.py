"""Who acts: the person, the key shown in this session, the address and the request."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does something, as far as every face of the platform knows.

    Attributes:
        user_id: Row id of the account, None when nobody is logged in.
        has_key: Whether a second factor was shown in this session.
        has_confirmed_key: Whether it was shown in the last five minutes (step-up).
        key: Which one, as ``kind:row id`` of the second factor; empty when none was shown.
        address: The client's IP address, None outside a request.
        request_id: Groups everything that one request or task did.
    """

    user_id: int | None = None
    has_key: bool = False
    has_confirmed_key: bool = False
    key: str = ""
    address: str | None = None
    request_id: str = ""
