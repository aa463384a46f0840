"""Official requests of a school: only ever added to, as the database sees to (``core.audit.stays``)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7
from helpdesk.official import LONGEST_WORDS, OfficialKind
from schools.models import Staff
from support.models.tickets import Ticket
from support.official import CallAnswer, RequestState, Verdict
from support.policies import CallFacts, RequestFacts
from support.querysets import OfficialQuerySet
from support.terms import LONGEST_REASON

_KINDS = [(one.value, one.value) for one in OfficialKind]


class OfficialCall(models.Model):
    """A telephone call that an agent noted, for the person to confirm in whose name it came.

    Attributes:
        ref: The same at the helpdesk.
        addressee: The authorised person of the address that the caller gave.
        caller_name: As the caller gave it.
        words: What the agent noted.
        called_at: UTC.
        lapses_at: When it can be answered no more (UTC).
        answer: A ``CallAnswer``; empty until there is one.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    addressee = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=_KINDS)
    caller_name = models.CharField(max_length=200)
    words = models.TextField(max_length=LONGEST_WORDS)
    agent_name = models.CharField(max_length=200)
    called_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    answer = models.CharField(
        max_length=10, blank=True, choices=[(one.value, one.value) for one in CallAnswer]
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[OfficialQuerySet] = OfficialQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="official_call_answered_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def is_open(self) -> bool:
        """Whether it can still be confirmed or denied."""
        return not self.answer and clock.now() < self.lapses_at

    def facts(self) -> CallFacts:
        """Return what the policies know of it."""
        return CallFacts(
            addressee_id=self.addressee_id,
            is_answered=bool(self.answer),
            lapses_at=self.lapses_at,
        )


class OfficialRequest(models.Model):
    """What an authorised person officially asks of the helpdesk.

    Attributes:
        submission: Made when the form was shown; the same one never makes two requests.
        details: What the form of its kind asks, by name: a code, a day (ISO), a colleague.
        text: In their own words; masked where it told of a student.
        masked: Number of places that were masked.
        pupils: Letter and reference of each student for whom a letter stands.
        lapses_at: When it lapses unless it is approved (UTC); null where nobody needs to.
        call: The telephone call that it confirms.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=_KINDS)
    details = models.JSONField(default=dict)
    text = models.TextField(max_length=LONGEST_WORDS)
    masked = models.PositiveIntegerField(default=0)
    pupils = models.JSONField(default=list)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    lapses_at = models.DateTimeField(null=True, blank=True)
    call = models.OneToOneField(
        OfficialCall, on_delete=models.PROTECT, null=True, blank=True, related_name="request"
    )

    objects: ClassVar[OfficialQuerySet] = OfficialQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-asked_at"], name="official_request_asked"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def state(self) -> RequestState:
        """How it stands now; a request whose time is over has lapsed, noted or not."""
        if hasattr(self, "completion"):
            return RequestState.COMPLETED
        if hasattr(self, "decision"):
            return Verdict(self.decision.verdict).state
        if self.lapses_at is not None and self.lapses_at <= clock.now():
            return RequestState.LAPSED
        return RequestState.WAITING

    def facts(self) -> RequestFacts:
        """Return what the policies know of it."""
        return RequestFacts(
            author_id=self.author_id,
            is_decided=hasattr(self, "decision"),
            lapses_at=self.lapses_at,
        )


class OfficialDecision(models.Model):
    """What became of a request at its school, once.

    Attributes:
        by: Who approved or declined it; null where nobody had to, and where it lapsed.
        reason: Why it was declined; stays at the school.
        ticket: With which it went to the helpdesk.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    request = models.OneToOneField(
        OfficialRequest, on_delete=models.PROTECT, related_name="decision"
    )
    verdict = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Verdict])
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    decided_at = models.DateTimeField(default=clock.now, editable=False)
    ticket = models.OneToOneField(
        Ticket, on_delete=models.PROTECT, related_name="official", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="approved", by__isnull=False, ticket__isnull=False)
                | Q(verdict="direct", by=None, ticket__isnull=False)
                | Q(verdict="declined", by__isnull=False, ticket=None)
                | Q(verdict="lapsed", by=None, ticket=None),
                name="official_decision_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class OfficialCompletion(models.Model):
    """What the helpdesk did about a request, as its agent wrote it down.

    Attributes:
        ref: The same at the helpdesk.
        done_at: UTC.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    request = models.OneToOneField(
        OfficialRequest, on_delete=models.PROTECT, related_name="completion"
    )
    done = models.TextField(max_length=LONGEST_WORDS)
    agent_name = models.CharField(max_length=200)
    done_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.ref)
