"""A school's tickets to the helpdesk; their texts and files stay in the school's schema."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import clock
from core.attachments.models import Attachment
from core.attachments.names import MAX_LENGTH
from core.identifiers import uuid7
from helpdesk.terms import MOST_HOURS, AccessScope, TicketState, Topic
from schools.models import Staff, Student
from support.policies import AccessFacts, TicketFacts
from support.querysets import SchoolTicketQuerySet, SupportAccessQuerySet
from support.terms import (
    ENDERS,
    LONGEST_RATING,
    LONGEST_REASON,
    LONGEST_SUBJECT,
    SCOPES,
    SHOWN,
    STANDINGS,
    TOPICS,
    Ender,
    Standing,
)


class Ticket(models.Model):
    """A ticket, the same as the helpdesk's of the same reference.

    Attributes:
        submission: Made when the form was shown; the same one never makes two tickets.
        subject: As it was handed over: masked, unless it was sent anyway.
        number: “T-000123”; empty until the helpdesk has it.
        promised_at: When the next thing is promised (UTC); null where nothing is.
        rating: 1 to 5, with a sentence; null until it is rated.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    submission = models.UUIDField(unique=True, editable=False)
    author = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="tickets")
    topic = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Topic])
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    telephone = models.CharField(max_length=40, blank=True)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(
        max_length=20,
        choices=[(one.value, one.value) for one in TicketState],
        default=TicketState.NEW.value,
    )
    number = models.CharField(max_length=20, blank=True)
    promised_at = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField(default=clock.now, editable=False)
    completed_at = models.DateTimeField(null=True, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_words = models.CharField(max_length=LONGEST_RATING, blank=True)

    objects: ClassVar[SchoolTicketQuerySet] = SchoolTicketQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5),
                name="ticket_rating_is_1_to_5",
            ),
            models.UniqueConstraint("number", condition=~Q(number=""), name="ticket_number_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["author", "-raised_at"], name="ticket_of_author"),
            models.Index(fields=["-raised_at"], name="ticket_raised_at"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    def facts(self) -> TicketFacts:
        """Return what the policies know of it."""
        return TicketFacts(
            author_id=self.author_id,
            state=TicketState(self.state),
            completed_at=self.completed_at,
            is_official=self.topic == Topic.OFFICIAL,
        )

    @property
    def topic_words(self) -> str:
        """What it is about, to be translated."""
        return TOPICS[Topic(self.topic)]


class TicketMessage(models.Model):
    """One message of a ticket's thread, of the requester or of an agent.

    Attributes:
        submission: Of the form it was sent by; null for an agent's.
        author: Of the requester's; null for an agent's.
        agent_name: Of an agent's; else empty.
        text: As it was handed over, or as it came.
        is_question: The ticket waits for an answer to it.
        masked: Number of places that were masked, file names included.
        sent_anyway: Number of places and files with a student's data that were not.
        reason: Why they were sent anyway; stays at the school.
        by_email: It came as an email.
        left_out: Number of its files that were not taken or tell of a student.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    submission = models.UUIDField(unique=True, null=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    agent_name = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    sent_at = models.DateTimeField(default=clock.now)
    is_question = models.BooleanField(default=False)
    masked = models.PositiveIntegerField(default=0)
    sent_anyway = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True)
    by_email = models.BooleanField(default=False)
    left_out = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(author__isnull=False, submission__isnull=False, agent_name="")
                | (Q(author__isnull=True, submission__isnull=True) & ~Q(agent_name="")),
                name="ticket_message_is_of_one",
            ),
            models.CheckConstraint(
                condition=Q(sent_anyway=0, reason="") | (Q(sent_anyway__gt=0) & ~Q(reason="")),
                name="ticket_message_anyway_has_a_reason",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ticket", "sent_at"], name="ticket_message_in_order"),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class TicketFile(models.Model):
    """A file of a message.

    Attributes:
        name: As it was handed over; its own name stays on the attachment.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    message = models.ForeignKey(TicketMessage, on_delete=models.PROTECT, related_name="files")
    attachment = models.OneToOneField(
        Attachment, on_delete=models.PROTECT, related_name="ticket_file"
    )
    name = models.CharField(max_length=MAX_LENGTH)

    def __str__(self) -> str:
        return str(self.ref)


class TicketPupil(models.Model):
    """A student of whom a ticket speaks.

    Attributes:
        letter: Of “Pupil A”, by which the helpdesk knows them; empty where they were sent anyway.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="pupils")
    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="+")
    letter = models.CharField(max_length=3, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("ticket", "student", "letter", name="ticket_pupil_once"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SupportAccess(models.Model):
    """An agent asks to look at the school's site; granted, this row alone opens it.

    It is read again at every request of theirs.

    Attributes:
        ref: The same at the helpdesk.
        hours: For how long it is asked.
        granted_by: Who let them in.
        ends_at: When it ends by itself (UTC).
        refused_at: UTC.
        ended_at: When it ended, or was taken back (UTC); noted of one that ended by itself too.
        ended_by: An ``Ender``.
        passed_at: When the pass that was taken last was issued (UTC); older ones are worth nothing.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="accesses")
    agent_ref = models.UUIDField()
    agent_name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=500)
    scope = models.CharField(max_length=10, choices=[(one.value, one.value) for one in AccessScope])
    hours = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    granted_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(
        max_length=10, blank=True, choices=[(one.value, one.value) for one in Ender]
    )
    passed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[SupportAccessQuerySet] = SupportAccessQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope__in=[one.value for one in AccessScope]),
                name="support_access_scope_known",
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None, granted_at=None, ends_at=None)
                | Q(
                    granted_by__isnull=False,
                    granted_at__isnull=False,
                    refused_at=None,
                    ends_at__lte=models.F("granted_at") + timedelta(hours=MOST_HOURS),
                ),
                name="support_access_granted_for_hours",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ends_at"], name="support_access_ends"),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def scope_words(self) -> str:
        """What may be looked at, to be translated."""
        return SCOPES[AccessScope(self.scope)]

    @property
    def shown(self) -> tuple[str, ...]:
        """What the agent sees and what not, in sentences to be translated."""
        return SHOWN[AccessScope(self.scope)]

    @property
    def standing(self) -> Standing:
        """How it stands now, its ticket aside."""
        if self.refused_at:
            return Standing.REFUSED
        if self.granted_at:
            return Standing.LIVE if self.is_live() else Standing.ENDED
        return Standing.TAKEN_BACK if self.ended_at else Standing.WAITING

    @property
    def standing_words(self) -> str:
        """How it stands, to be translated."""
        return STANDINGS[self.standing][0]

    @property
    def standing_kind(self) -> str:
        """The kind of tag that says how it stands."""
        return STANDINGS[self.standing][1]

    @property
    def over_at(self) -> datetime | None:
        """When what was granted was over; None while it is not."""
        return None if self.is_live() else self.ended_at or self.ends_at

    @property
    def over_words(self) -> str:
        """Why it is over, to be translated."""
        return ENDERS[Ender(self.ended_by or Ender.TIME)]

    @property
    def is_answered(self) -> bool:
        """Whether there is nothing left to answer."""
        return any((self.granted_at, self.refused_at, self.ended_at))

    def is_live(self) -> bool:
        """Say whether it opens the site now, its ticket aside."""
        return self.ended_at is None and self.ends_at is not None and clock.now() < self.ends_at

    def facts(self) -> AccessFacts:
        """Return what the policies know of it."""
        return AccessFacts(hours=self.hours, is_answered=self.is_answered)
