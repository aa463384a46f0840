"""What a school and the helpdesk hand each other: frozen values, made and read in a worker.

Everything a school hands over has passed its privacy guard: masked subject, text, file names.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class FileHandover:
    """A file of a message; its contents stay at the school, sealed.

    Attributes:
        size: Bytes.
    """

    ref: UUID
    name: str
    size: int
    content_type: str


@dataclass(frozen=True, kw_only=True)
class SchoolCard:
    """What the helpdesk is told of a school: counts, and who administers it.

    Attributes:
        staff: Number of staff who may log in.
        key_holders: Number of them who hold the key.
        students: Number on roll.
        last_import_at: When students were last imported from the MIS (UTC), if ever.
        mail_failures: Number of emails of the last 30 days that could not be delivered.
        administrators: Names of those who administer the school.
    """

    staff: int
    key_holders: int
    students: int
    last_import_at: datetime | None
    mail_failures: int
    administrators: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OfficialHandover:
    """What makes a ticket an official request.

    Attributes:
        kind: A ``helpdesk.official.OfficialKind``.
        asked_at: UTC.
        approved_by: Name; empty where nobody had to approve.
        approved_at: UTC; None likewise.
        details: Name and value of what the form of its kind asks.
        call_ref: Of the telephone call that it confirms, if any.
    """

    kind: str
    asked_by: str
    asked_by_role: str
    asked_at: datetime
    approved_by: str
    approved_by_role: str
    approved_at: datetime | None
    details: tuple[tuple[str, str], ...]
    call_ref: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class TicketHandover:
    """A ticket as its school raises it.

    Attributes:
        ref: Of the ticket, the same on both sides.
        requester_role: “key holder”, “staff” or “administrator”.
        topic: A ``helpdesk.terms.Topic``.
        raised_at: UTC.
        masked: Number of places that the privacy guard masked.
        official: Of an official request alone.
    """

    ref: UUID
    school_ref: UUID
    school_name: str
    school_url: str
    requester_ref: UUID
    requester_name: str
    requester_role: str
    email: str
    telephone: str
    topic: str
    subject: str
    text: str
    is_urgent: bool
    raised_at: datetime
    masked: int
    files: tuple[FileHandover, ...]
    card: SchoolCard
    official: OfficialHandover | None = None


@dataclass(frozen=True, kw_only=True)
class AnswerHandover:
    """What the requester wrote later.

    Attributes:
        ref: Of the message, the same on both sides.
        ticket_ref: Of the ticket.
        written_at: UTC.
        masked: Number of places that the privacy guard masked.
    """

    ref: UUID
    ticket_ref: UUID
    text: str
    written_at: datetime
    masked: int = 0
    files: tuple[FileHandover, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReplyTold:
    """What an agent wrote to the requester.

    Attributes:
        sent_at: UTC.
        is_question: The ticket waits for an answer.
    """

    ticket_ref: UUID
    school_ref: UUID
    message_ref: UUID
    agent_name: str
    text: str
    sent_at: datetime
    is_question: bool
    files: tuple[FileHandover, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CompletionTold:
    """What was done about an official request.

    Attributes:
        ref: Of the record, the same on both sides.
        done_at: UTC.
    """

    ref: UUID
    done: str
    agent_name: str
    done_at: datetime


@dataclass(frozen=True, kw_only=True)
class CallTold:
    """A telephone call that an agent noted.

    Attributes:
        ref: Of the call, the same on both sides.
        kind: A ``helpdesk.official.OfficialKind``.
        email: With which the caller says that they log in.
        called_at: UTC.
    """

    ref: UUID
    school_ref: UUID
    kind: str
    caller_name: str
    email: str
    words: str
    agent_name: str
    called_at: datetime


@dataclass(frozen=True, kw_only=True)
class CallAnswer:
    """What came of such a call at its school.

    Attributes:
        state: A ``helpdesk.official.CallState``.
        answered_at: UTC.
    """

    ref: UUID
    state: str
    answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class TicketTold:
    """How a ticket stands, for its requester.

    Attributes:
        ref: Of the ticket.
        number: “T-000123”.
        state: A ``helpdesk.terms.TicketState``.
        promised_at: When the next thing is promised (UTC): the first reply while there is none,
            else the end; None while the ticket waits for the requester, or is settled.
        completed_at: UTC; None while it is not.
        completion: Of an official request that is completed.
    """

    ref: UUID
    school_ref: UUID
    number: str
    state: str
    promised_at: datetime | None
    completed_at: datetime | None
    completion: CompletionTold | None = None


@dataclass(frozen=True, kw_only=True)
class AccessTold:
    """An agent's request to look at a school's site.

    Attributes:
        ref: Of the request, the same on both sides.
        scope: A ``helpdesk.terms.AccessScope``.
        is_open: The helpdesk still asks for it.
    """

    ref: UUID
    school_ref: UUID
    ticket_ref: UUID
    agent_ref: UUID
    agent_name: str
    purpose: str
    scope: str
    hours: int
    asked_at: datetime
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class AccessAnswer:
    """What a school says to such a request.

    Attributes:
        state: A ``helpdesk.terms.AccessState``.
        answered_at: UTC.
        ends_at: Until when it is granted (UTC).
        ended_at: When it ended (UTC).
        ended_by: “school”, “agent”, “helpdesk” or “time”; empty while it has not ended.
    """

    ref: UUID
    state: str
    answered_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    ended_by: str
