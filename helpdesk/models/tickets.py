"""Tickets: what schools ask, what is answered, what happened."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from core import clock
from core.identifiers import uuid7
from helpdesk.models.agents import Agent
from helpdesk.models.notices import IncidentNotice, Tag
from helpdesk.models.schools import SchoolCard
from helpdesk.models.teams import Team
from helpdesk.policies import MessageFacts, TicketFacts
from helpdesk.querysets import SEARCHED_AS, TicketQuerySet
from helpdesk.terms import EventKind, MessageKind, Priority, TicketState, Topic

#: The kinds of ``ui_tag``, by code.
_STATE_TONES = {
    "new": "accent",
    "open": "primary",
    "waiting": "attention",
    "completed": "ok",
    "closed": "plain",
}
_PRIORITY_TONES = {"urgent": "danger", "high": "attention", "normal": "primary", "low": "plain"}
_KINDS = {
    "note": ("Internal note", "attention"),
    "question": ("Question", "accent"),
    "acknowledgement": ("Acknowledgement", "plain"),
}
_SETTLED = (TicketState.COMPLETED.value, TicketState.CLOSED.value)


def number_of(pk: int) -> str:
    """Return a ticket's number, “T-000123”, by its row id."""
    return f"T-{pk:06d}"


class Ticket(models.Model):
    """What somebody at a school asks of the helpdesk.

    Attributes:
        ref: The same at the school.
        requester_ref: Of the member of staff, at the school.
        agent: Who deals with it; None while it is queued.
        is_touched: Its agent did something with it, so that going off duty does not hand it back.
        raised_at: When the requester sent it (UTC).
        first_reply_due_at: Until when a first reply is promised (UTC).
        first_reply_met_at: When it was given.
        resolution_due_at: Until when the end is promised; None while it waits for the requester.
        completed_at: When it was completed, unless it was reopened since.
        masked: Number of places that the school's privacy guard masked.
        rating: 1 to 5, by the requester.
        updated_at: When somebody last did something with it; recomputed promises leave it alone.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    school = models.ForeignKey(SchoolCard, on_delete=models.PROTECT, related_name="tickets")
    requester_ref = models.UUIDField()
    requester_name = models.CharField(max_length=200)
    requester_role = models.CharField(max_length=40)
    email = models.CharField(max_length=254)
    telephone = models.CharField(max_length=40, blank=True)
    # What masks a name may be longer than the name.
    subject = models.CharField(max_length=300)
    topic = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Topic])
    priority = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in Priority],
        default=Priority.NORMAL.value,
    )
    state = models.CharField(
        max_length=10,
        choices=[(one.value, one.value) for one in TicketState],
        default=TicketState.NEW.value,
    )
    is_official = models.BooleanField(default=False)
    masked = models.PositiveIntegerField(default=0)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True)
    agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    is_touched = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    first_reply_due_at = models.DateTimeField(null=True, blank=True)
    first_reply_met_at = models.DateTimeField(null=True, blank=True)
    resolution_due_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=clock.now)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    notice = models.ForeignKey(
        IncidentNotice, on_delete=models.PROTECT, null=True, blank=True, related_name="tickets"
    )
    tags = models.ManyToManyField(Tag, related_name="tickets", blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)

    objects: ClassVar[TicketQuerySet] = TicketQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in TicketState]),
                name="ticket_state_known",
            ),
            models.CheckConstraint(
                condition=Q(priority__in=[one.value for one in Priority]),
                name="ticket_priority_known",
            ),
            models.CheckConstraint(
                condition=Q(topic__in=[one.value for one in Topic]), name="ticket_topic_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=_SETTLED, completed_at__isnull=False)
                | (~Q(state__in=_SETTLED) & Q(completed_at=None)),
                name="ticket_settled_once_completed",
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__gte=1, rating__lte=5),
                name="ticket_rating_1_to_5",
            ),
        ]
        indexes = [
            models.Index("state", "agent", "raised_at", name="ticket_queue"),
            models.Index("school", "raised_at", name="ticket_school"),
            models.Index("completed_at", name="ticket_completed"),
            models.Index("first_reply_due_at", name="ticket_first_reply"),
            models.Index("resolution_due_at", name="ticket_resolution"),
            GinIndex(SearchVector("subject", config=SEARCHED_AS), name="ticket_words"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def number(self) -> str:
        """“T-000123”: its row id, which a sequence gives."""
        return number_of(self.pk)

    @property
    def state_words(self) -> str:
        """How it stands, as agents read it."""
        return "Merged" if self.merged_into_id else self.state.capitalize()

    @property
    def state_tone(self) -> str:
        """The kind of ``ui_tag`` for how it stands."""
        return "plain" if self.merged_into_id else _STATE_TONES[self.state]

    @property
    def priority_words(self) -> str:
        """How soon it is dealt with, as agents read it."""
        return self.priority.capitalize()

    @property
    def priority_tone(self) -> str:
        """The kind of ``ui_tag`` for how soon it is dealt with."""
        return _PRIORITY_TONES[self.priority]

    @property
    def topic_words(self) -> str:
        """What it is about, as agents read it."""
        return Topic(self.topic).words

    @property
    def promised_at(self) -> datetime | None:
        """When the next thing is promised (UTC): the first reply while there is none, else the end.

        None while the ticket waits for its requester, and once it is settled.
        """
        if self.state not in (TicketState.NEW, TicketState.OPEN):
            return None
        return self.resolution_due_at if self.first_reply_met_at else self.first_reply_due_at

    @property
    def is_late(self) -> bool:
        """Whether the next thing that is promised is overdue."""
        return self.promised_at is not None and self.promised_at < clock.now()

    def facts(self) -> TicketFacts:
        """Return what the policies know of the ticket."""
        return TicketFacts(
            ticket_id=self.pk,
            school_id=self.school_id,
            requester_ref=self.requester_ref,
            state=TicketState(self.state),
            agent_id=self.agent_id,
            is_merged=self.merged_into_id is not None,
            is_official=self.is_official,
            completed_at=self.completed_at,
        )


class TicketMessage(models.Model):
    """Something said: by the requester, by an agent, or by the helpdesk itself.

    Attributes:
        ref: The same at the school.
        origin: Which ticket the requester wrote it on, where that was merged into this one: its
            files hang on that one at the school, and “Pupil A” is who it is there.
        agent: Who of the helpdesk wrote it; None for the requester and the helpdesk itself.
        written_at: UTC.
        send_at: When it goes to the requester (UTC); until then it can be taken back.
        undone_at: When it was taken back; nobody but agents ever saw it.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    origin = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in MessageKind])
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True)
    text = models.TextField()
    written_at = models.DateTimeField(default=clock.now)
    send_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in MessageKind]),
                name="ticket_message_kind_known",
            ),
        ]
        indexes = [
            models.Index("ticket", "written_at", name="ticket_message_thread"),
            GinIndex(SearchVector("text", config=SEARCHED_AS), name="ticket_message_words"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def is_of_requester(self) -> bool:
        """Whether somebody at the school wrote it."""
        return self.kind == MessageKind.REQUESTER

    @property
    def sender_name(self) -> str:
        """Who wrote it, as agents read it."""
        if self.is_of_requester:
            return self.ticket.requester_name
        return self.agent.name if self.agent else "Helpdesk"

    @property
    def origin_number(self) -> str:
        """The number of the ticket on which it was written, if that was merged into this one."""
        return number_of(self.origin_id) if self.origin_id else ""

    @property
    def kind_words(self) -> str:
        """What it is, as agents read it; nothing for what either side simply says."""
        return _KINDS.get(self.kind, ("", ""))[0]

    @property
    def kind_tone(self) -> str:
        """The kind of ``ui_tag`` for what it is."""
        return _KINDS.get(self.kind, ("", ""))[1]

    @property
    def can_be_undone(self) -> bool:
        """Whether it has not gone out yet."""
        return self.undone_at is None and self.send_at is not None and self.send_at > clock.now()

    def facts(self) -> MessageFacts:
        """Return what the policies know of the message."""
        return MessageFacts(
            agent_id=self.agent_id,
            send_at=self.send_at,
            is_undone=self.undone_at is not None,
        )


class TicketFile(models.Model):
    """A file of a message; its contents are at the school, sealed with the school's keys."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    message = models.ForeignKey(TicketMessage, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)

    def __str__(self) -> str:
        return str(self.ref)


class TicketEvent(models.Model):
    """One line of a ticket's log, from which its promises are worked out; only inserted.

    Attributes:
        facts: References, ids, codes and counts; never a name or a text.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in EventKind])
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, blank=True)
    happened_at = models.DateTimeField(default=clock.now)
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in EventKind]),
                name="ticket_event_kind_known",
            ),
        ]
        indexes = [models.Index("ticket", "id", name="ticket_event_log")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def what(self) -> str:
        """What happened, as agents read it."""
        return EventKind(self.kind).words
