"""The digest can be made again without PostgreSQL and without this platform."""

import hashlib
from datetime import UTC

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.audit import chain, sealing
from core.audit.models import AuditEntry, AuditSeal
from tests.core.audit.conftest import write
from tests.core.audit.third_party import array, digest
from tests.factories import make_incident, make_staff

TEXTS = st.text(
    st.characters(blacklist_characters="\x00", blacklist_categories=["Cs"]), max_size=30
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


def proven(school):
    """Prove every entry in every seal from plain columns; return how many."""
    rows = {row["id"]: row for row in AuditEntry.objects.values()}
    count = 0
    for seal in AuditSeal.objects.order_by("number"):
        for place, number in enumerate(seal.ids):
            expected = bytes(seal.digests[32 * place : 32 * place + 32])
            assert digest(str(school.ref), rows[number]) == expected, rows[number]
            count += 1
    return count


def test_every_digest_can_be_made_again_by_anybody(record):
    make_incident(
        make_staff(), text="“Späße”\n\t\\ \x07 \x7f </script> \U0001f98a", agencies=["Police"]
    )
    write(3, n=1, ref=record.ref, many=[1, "two"])
    sealing.seal_all()
    assert proven(record) == AuditEntry.objects.count() > 20


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    facts=st.dictionaries(TEXTS, JSON, max_size=4),
    changes=st.none() | st.dictionaries(TEXTS, JSON, max_size=3),
    verb=TEXTS,
    address=st.none() | st.ip_addresses().map(str),
    at=st.datetimes(timezones=st.just(UTC)),
    students=st.lists(st.uuids(), max_size=3),
)
def test_whatever_an_entry_holds(record, facts, changes, verb, address, at, students):
    AuditEntry.objects.create(
        facts=facts, changes=changes, verb=verb, address=address, happened_at=at, students=students
    )
    sealing.seal_all()
    row = AuditEntry.objects.latest("id")
    sealed = AuditSeal.objects.latest("number")
    entry = AuditEntry.objects.values().get(pk=row.pk)
    assert digest(str(record.ref), entry) == bytes(sealed.digests[-32:])


def test_a_seal_can_be_made_again_by_anybody(record):
    write(3)
    sealing.seal_all()
    previous = chain.GENESIS
    for seal in AuditSeal.objects.order_by("number"):
        awaited = "{" + ",".join(f"[{r.lower},{r.upper})" for r in seal.awaited) + "}"
        listed = [
            *(str(record.ref), seal.number, bytes(seal.previous).hex(), seal.sealed_at, seal.ids),
            *(bytes(seal.digests).hex(), seal.highest, awaited, seal.entries),
        ]
        assert bytes(seal.previous) == previous
        assert hashlib.sha256(array(listed).encode()).digest() == bytes(seal.hash)
        previous = bytes(seal.hash)
