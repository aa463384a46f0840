"""The record of who saw and who changed what."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Cast, Now
from typing_extensions import override

from core import clock
from core.identifiers import uuid7


class CurrentTransaction(models.Func):
    """The number of the transaction, which its every row has in common."""

    function = "pg_current_xact_id"
    template = "%(function)s()"
    output_field = models.TextField()


class AuditEntry(models.Model):
    """One thing that somebody saw or did; only ever inserted.

    Attributes:
        happened_at: By the clock of the process that wrote it (UTC).
        recorded_at: By the clock of the database (UTC).
        transaction: Number of the database's transaction: what was changed in it, and the entry
            that says by whom, have it in common.
        key: Which second factor had been shown, as ``kind:row id``; empty for none.
        students: References of the students whose data was seen or changed.
        changes: By column, the value before and after; only where a row was changed.
        verb: What was done, e.g. ``incident.viewed``.
        subject_kind: What it was done to, e.g. ``safeguarding.incident``.
        subject_ref: Its public reference.
        facts: References and counts; never a name, a text or a file name.
    """

    id = models.BigAutoField(primary_key=True)
    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    happened_at = models.DateTimeField(default=clock.now, editable=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    transaction = models.BigIntegerField(
        db_default=Cast(Cast(CurrentTransaction(), models.TextField()), models.BigIntegerField()),
        editable=False,
    )
    user_id = models.BigIntegerField(null=True, blank=True)
    had_key = models.BooleanField(default=False)
    key = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=100, blank=True)
    subject_ref = models.UUIDField(null=True, blank=True)
    students = ArrayField(models.UUIDField(), default=list, blank=True)
    facts = models.JSONField(default=dict)
    changes = models.JSONField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index("subject_ref", "id", name="audit_entry_subject"),
            models.Index("user_id", "id", name="audit_entry_user"),
            models.Index("happened_at", "id", name="audit_entry_when"),
            models.Index("transaction", name="audit_entry_transaction"),
            GinIndex("students", condition=~models.Q(students=[]), name="audit_entry_students"),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class IdRanges(models.Field[Any, Any]):
    """Ranges of ids: PostgreSQL's ``int8multirange``."""

    @override
    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "int8multirange"


class AuditSeal(models.Model):
    """A seal over entries of the record, which holds the hash of the seal before; only inserted.

    ``core.audit.chain`` says how digests and hashes are made.

    Attributes:
        number: 1, 2, 3 ... at each school.
        previous: Hash of the seal before; 32 zero bytes at the first.
        hash: SHA-256 over the school's reference and everything else in the row.
        sealed_at: By the clock of the database (UTC).
        ids: Of the entries, ascending.
        digests: SHA-256 of each entry, 32 bytes each, in the order of ``ids``.
        highest: The highest id that any seal holds so far.
        awaited: Ids below it that had not appeared, and that a slow transaction may still commit.
        entries: Number of entries sealed so far, these included.
    """

    number = models.BigIntegerField(primary_key=True)
    previous = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()
    ids = ArrayField(models.BigIntegerField())
    digests = models.BinaryField()
    highest = models.BigIntegerField()
    awaited = IdRanges()
    entries = models.BigIntegerField()

    class Meta:
        indexes = [models.Index("sealed_at", name="audit_seal_when")]

    def __str__(self) -> str:
        return str(self.number)
