"""A school's tickets to the helpdesk; their texts and files stay in the school's schema."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core import clock
from core.attachments.models import Attachment
from core.attachments.names import MAX_LENGTH
from core.identifiers import uuid7
from helpdesk.terms import TicketState, Topic
from schools.models import Staff, Student
from support.policies import TicketFacts
from support.querysets import SchoolTicketQuerySet
from support.terms import LONGEST_RATING, LONGEST_REASON, LONGEST_SUBJECT, TOPICS


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
