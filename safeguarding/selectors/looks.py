"""Who has looked at a student's data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Max, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext

from core.audit.models import AuditEntry
from safeguarding.querysets import AuditQuerySet
from safeguarding.selectors.audit import names_on_record
from safeguarding.terms import LOOKS, verbs_of
from schools.models import Staff, Student
from schools.policies import Reader

#: People on a student's page; the audit page has them all.
MOST_PEOPLE = 50


@dataclass(frozen=True, kw_only=True)
class Onlooker:
    """One person, and how often they were shown a student's data.

    Attributes:
        person: None for accounts without a member of staff.
        helper: Name of whoever of the helpdesk it was, whom the school had let in; else empty.
        times: By kind of look, in the order of ``LOOKS``: its word and how often.
        last_at: When it last was (UTC).
    """

    person: Staff | None
    helper: str
    times: list[tuple[str, int]]
    last_at: datetime

    @property
    def said(self) -> list[str]:
        """How often in words: “record 3”."""
        return [f"{gettext(word)} {times}" for word, times in self.times]


@dataclass(frozen=True, kw_only=True)
class Onlookers:
    """Those who looked last, and whether there are more."""

    people: list[Onlooker]
    has_more: bool


def who_has_looked(reader: Reader, student: Student) -> Onlookers:
    """Return who was shown a student's data, who looked last first.

    One query, and one more where somebody of the helpdesk looked. Nothing for whoever does not
    hold the key.
    """
    looks = AuditQuerySet(AuditEntry).visible_to(reader).of_students(student.ref)
    counted = {
        kind.value: Count("id", filter=Q(verb__in=verbs_of(kind))) for kind in LOOKS
    }  # fmt: skip
    person = Staff.objects.filter(user_id=OuterRef("user_id"))
    # Whoever has no account here looked with what let them in, which stands in a key's place.
    helper = Case(When(user_id=None, then="key"), default=Value(""))
    rows = (
        looks.filter(verb__in=verbs_of(*LOOKS))
        .exclude(user_id=None, key="")
        .values("user_id", helper=helper)
        .annotate(last_at=Max("happened_at"), **counted)
        .annotate(
            ref=Subquery(person.values("ref")[:1]),
            given_name=Subquery(person.values("given_name")[:1]),
            family_name=Subquery(person.values("family_name")[:1]),
        )
        .order_by("-last_at", "user_id", "helper")
    )
    found = list(rows[: MOST_PEOPLE + 1])
    names = names_on_record({row["helper"] for row in found})
    return Onlookers(
        people=[_onlooker(row, names) for row in found[:MOST_PEOPLE]],
        has_more=len(found) > MOST_PEOPLE,
    )


def _onlooker(row: dict[str, Any], names: dict[str, str]) -> Onlooker:
    person = Staff(**{name: row[name] for name in ("ref", "given_name", "family_name")})
    return Onlooker(
        person=person if row["ref"] else None,
        helper=names.get(row["helper"], ""),
        times=[(word, row[kind.value]) for kind, word in LOOKS.items() if row[kind.value]],
        last_at=row["last_at"],
    )
