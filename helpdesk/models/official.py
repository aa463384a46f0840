"""Official requests and telephone calls; what was asked and done stays (``core.audit.stays``)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7
from helpdesk.models.agents import Agent
from helpdesk.models.tickets import Ticket
from helpdesk.official import CONFIRM_WITHIN, LONGEST_WORDS, CallState, OfficialKind

_KINDS = [(one.value, one.value) for one in OfficialKind]


class OfficialCall(models.Model):
    """Somebody telephoned in a school's name; it becomes official when they confirm it in writing.

    Attributes:
        ref: The same at the school.
        school_ref: Of the school that the caller named.
        email: With which the caller says that they log in.
        words: What they asked, as the agent noted it; the school reads it.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    school_ref = models.UUIDField()
    school_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=_KINDS)
    caller_name = models.CharField(max_length=200)
    email = models.CharField(max_length=254)
    words = models.TextField(max_length=LONGEST_WORDS)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(default=clock.now)
    state = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in CallState],
        default=CallState.ASKED.value,
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in CallState]),
                name="helpdesk_call_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in OfficialKind]),
                name="helpdesk_call_kind_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-called_at"], name="helpdesk_call_newest"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def kind_words(self) -> str:
        """What was asked for, as agents read it."""
        return OfficialKind(self.kind).words

    @property
    def state_words(self) -> str:
        """How it stands, as agents read it."""
        is_over = self.called_at + CONFIRM_WITHIN <= clock.now()
        if self.state == CallState.ASKED and is_over:
            return "Not confirmed in time"
        return CallState(self.state).words

    @property
    def state_tone(self) -> str:
        """The kind of ``ui_tag`` for how it stands."""
        tones = {
            CallState.CONFIRMED: "ok",
            CallState.DENIED: "danger",
            CallState.ASKED: "attention",
        }
        return tones.get(CallState(self.state), "plain")


class OfficialRecord(models.Model):
    """What makes a ticket an official request.

    Attributes:
        text: In the requester's words, as the school handed them over.
        approved_by: Name; empty where nobody had to approve.
        details: Name and value of what the form of its kind asks.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.OneToOneField(Ticket, on_delete=models.PROTECT, related_name="official")
    kind = models.CharField(max_length=20, choices=_KINDS)
    asked_by = models.CharField(max_length=200)
    asked_by_role = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    approved_by = models.CharField(max_length=200, blank=True)
    approved_by_role = models.CharField(max_length=40, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    details = models.JSONField(default=list)
    text = models.TextField(blank=True)
    call = models.OneToOneField(
        OfficialCall, on_delete=models.PROTECT, null=True, blank=True, related_name="record"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in OfficialKind]),
                name="helpdesk_official_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def kind_words(self) -> str:
        """What is asked for, as agents read it."""
        return OfficialKind(self.kind).words


class OfficialCompletion(models.Model):
    """What an agent did about an official request; the school reads it.

    Attributes:
        ref: The same at the school.
        done_at: UTC.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    record = models.OneToOneField(
        OfficialRecord, on_delete=models.PROTECT, related_name="completion"
    )
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    done = models.TextField(max_length=LONGEST_WORDS)
    done_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.ref)
