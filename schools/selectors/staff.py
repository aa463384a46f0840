"""The staff list, for administrators."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.paginator import Page
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.db.models.functions import Lower

from core.accounts.models import KeyReset, User
from core.accounts.terms import KeyKind
from core.pages import page_of
from schools.models import AlertGroup, Staff
from schools.querysets import StaffQuerySet
from schools.terms import KeyStatus

STAFF_PER_PAGE = 100


@dataclass(frozen=True, kw_only=True)
class StaffFilter:
    """What the list is narrowed to; empty values narrow nothing.

    Attributes:
        group: Reference of an access group.
        key: A key status.
        who: ``new`` for those who have never logged in, ``left`` for those deactivated.
    """

    name: str = ""
    group: UUID | None = None
    key: str = ""
    who: str = ""


def staff_page(wanted: StaffFilter, number: int) -> "Page[Staff]":
    """Return a page of everybody who works or worked here, each with ``key_status``."""
    rows = _with_key_status(Staff.objects.select_related("access_group", "user"))
    if wanted.name:
        rows = rows.named(wanted.name)
    if wanted.group:
        rows = rows.filter(access_group__ref=wanted.group)
    if wanted.key:
        rows = rows.filter(Q(key_status=wanted.key))
    if wanted.who == "new":
        rows = rows.filter(is_active=True, user__last_login__isnull=True)
    elif wanted.who == "left":
        rows = rows.filter(is_active=False)
    in_order = rows.order_by("-is_active", Lower("family_name"), Lower("given_name"), "id")
    return page_of(in_order, number, per_page=STAFF_PER_PAGE)


def _with_key_status(rows: StaffQuerySet) -> StaffQuerySet:
    own = {"user_id": OuterRef("user_id")}
    has = Exists(Authenticator.objects.filter(**own, type__in=[KeyKind.APP, KeyKind.PASSKEY]))
    needs = Q(access_group__holds_key=True) | Q(access_group__administers=True)
    status: Any = Case(
        When(has, then=Value(KeyStatus.SET_UP.value)),
        When(Exists(KeyReset.objects.filter(**own)), then=Value(KeyStatus.RESET.value)),
        When(needs, then=Value(KeyStatus.MISSING.value)),
        default=Value(KeyStatus.NOT_NEEDED.value),
    )
    return rows.annotate(key_status=status)


def addresses_in_use(emails: list[str]) -> set[str]:
    """Return those of the addresses that an account here has."""
    return set(User.objects.filter(email__in=emails).values_list("email", flat=True))


def staff_in_no_group() -> list[Staff]:
    """Return the registered staff who are a member of no alert group that is offered."""
    grouped = AlertGroup.objects.filter(is_active=True, members=OuterRef("pk"))
    rows = Staff.objects.registered().filter(~Exists(grouped))
    return list(rows.order_by("family_name", "given_name", "id"))


@dataclass(frozen=True, kw_only=True)
class LeftBehind:
    """What stays somebody's when they are deactivated."""

    assigned: int
    unread: int


def left_behind(staff: Staff) -> LeftBehind:
    """Return how many open incidents are assigned to somebody, and how many alerts are unread."""
    # By the names that the record gives its relations to staff: it stands a storey higher.
    rows: Any = Staff.objects.filter(pk=staff.pk)
    assigned = rows.aggregate(n=Count(ASSIGNED, filter=~Q(**{f"{ASSIGNED}__status": "closed"})))[
        "n"
    ]
    unread = rows.aggregate(n=Count(ALERTS, filter=Q(**{f"{ALERTS}__read_at__isnull": True})))["n"]
    return LeftBehind(assigned=assigned, unread=unread)


ASSIGNED, ALERTS = "incidents_assigned", "alerts"
