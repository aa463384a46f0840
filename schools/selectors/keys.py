"""Reads of colleagues' keys, for who can help when one is lost."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.paginator import Page
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from core.accounts.models import KeyReset
from core.accounts.selectors import key_facts, recovery_codes_left
from core.accounts.terms import KeyKind
from core.pages import page_of
from schools.models import Staff
from schools.policies import StaffKeyFacts

STAFF_PER_PAGE = 200


def staff_key_facts(staff: Staff) -> StaffKeyFacts:
    """Return what policies need to know of a member of staff whose key is to be reset."""
    facts = key_facts(staff.user)
    return StaffKeyFacts(staff_id=staff.pk, has_key=bool(facts.keys), was_reset=facts.was_reset)


@dataclass(frozen=True, kw_only=True)
class StaffKeys:
    """The keys of a member of staff, as colleagues who can help see them.

    Attributes:
        codes_left: Unused recovery codes; None where there are none at all.
        open_until: Until when a new key may be set up after a reset, where none has been yet.
    """

    person: Staff
    apps: int
    passkeys: int
    codes_left: int | None
    reported_lost_at: datetime | None
    open_until: datetime | None
    facts: StaffKeyFacts


def staff_keys_page(number: int) -> tuple["Page[Staff]", list[StaffKeys]]:
    """Return a page of the staff who need a key or have one, who have lost theirs first."""
    own = {"user_id": OuterRef("user_id")}
    needs = Q(access_group__holds_key=True) | Q(access_group__administers=True)
    has = Exists(Authenticator.objects.filter(**own)) | Exists(KeyReset.objects.filter(**own))
    staff = Staff.objects.registered().filter(needs | has).select_related("access_group", "user")
    in_order = staff.order_by(
        F("user__key_reported_lost_at").asc(nulls_last=True),
        Lower("family_name"),
        Lower("given_name"),
        "id",
    )
    rows = in_order.prefetch_related("user__authenticator_set", "user__key_resets")
    page = page_of(rows, number, per_page=STAFF_PER_PAGE)
    return page, [_staff_keys(person) for person in page]


def _staff_keys(person: Staff) -> StaffKeys:
    user: Any = person.user
    keys = user.authenticator_set.all()
    kinds = Counter(key.type for key in keys)
    apps, passkeys = kinds[KeyKind.APP], kinds[KeyKind.PASSKEY]
    last = max((reset.open_until for reset in user.key_resets.all()), default=None)
    return StaffKeys(
        person=person,
        apps=apps,
        passkeys=passkeys,
        codes_left=recovery_codes_left(keys),
        reported_lost_at=user.key_reported_lost_at,
        open_until=None if apps + passkeys else last,
        facts=StaffKeyFacts(
            staff_id=person.pk, has_key=bool(apps + passkeys), was_reset=last is not None
        ),
    )
