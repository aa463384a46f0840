"""Invented tickets for the demo: what staff of two schools ask the helpdesk in a week.

Nobody here is real. “{pupil}” becomes the name of an invented student, which the privacy guard masks.
"""

from dataclasses import dataclass
from enum import StrEnum

from helpdesk.terms import Topic


class Turn(StrEnum):
    """What happens to a ticket after it was raised."""

    REPLY = "reply"
    ASK = "ask"
    NOTE = "note"
    COMPLETE = "complete"
    LINK = "link"
    RATE = "rate"


@dataclass(frozen=True, kw_only=True)
class InventedTicket:
    """One invented ticket.

    Attributes:
        school: The demo school's slug.
        by: Its author, by the demo's account names.
        raised: How much working time ago, in minutes.
        turns: What happened then: how long ago likewise, what, and its words.
    """

    school: str
    by: str
    topic: Topic
    subject: str
    text: str
    raised: int
    is_urgent: bool = False
    telephone: str = ""
    turns: tuple[tuple[int, Turn, str], ...] = ()


NOTICE = (
    "Emails arrive late",
    "A provider of ours is slow. Alerts are safe on every dashboard; their emails follow.",
)
CANNED = (
    (
        "Which page",
        "Hello {requester},\n\nwhich page did you open, and what did it say?\n\n{agent}",
    ),
    (
        "Emails arrive late",
        (
            "Hello {requester},\n\nemails arrive late today at {school} and elsewhere. The alerts themselves are on the"
            " dashboard. We write again on {number} once it is over.\n\n{agent}"
        ),
    ),
)
#: By how much working time ago they were raised, the oldest first.
TICKETS = (
    InventedTicket(
        school="greenwood",
        by="teacher",
        topic=Topic.LOGGING_IN,
        subject="My code is refused",
        text="The six digits of my new phone are refused every time.",
        raised=2_400,
        turns=(
            (
                2_360,
                Turn.REPLY,
                "The clock of the phone is four minutes slow: set it to automatic.",
            ),
            (2_300, Turn.COMPLETE, ""),
            (2_290, Turn.RATE, "Solved within the hour."),
        ),
    ),
    InventedTicket(
        school="hillside",
        by="head",
        topic=Topic.STAFF,
        subject="A colleague comes back from leave",
        text="How do I give her access again without a new account?",
        raised=1_500,
        turns=(
            (1_440, Turn.NOTE, "Same question as last term: worth a help sheet."),
            (1_430, Turn.REPLY, "Open her page under Administration and choose ‘Bring back’."),
            (1_300, Turn.COMPLETE, ""),
        ),
    ),
    InventedTicket(
        school="greenwood",
        by="head",
        topic=Topic.KEY,
        subject="A deputy needs the key on Monday",
        text="Our new deputy starts on Monday and should hold the key from the first hour.",
        raised=900,
        turns=(
            (840, Turn.ASK, "Has she created her password yet? Only then can a key be set up."),
        ),
    ),
    InventedTicket(
        school="hillside",
        by="teacher",
        topic=Topic.STUDENTS,
        subject="{pupil} is there twice",
        text="{pupil} is in the list twice, once in 9A and once in 9C. Which of the two is right?",
        raised=420,
        turns=(
            (360, Turn.REPLY, "Your MIS holds two rows. Which UPN is right, your office can tell."),
        ),
    ),
    InventedTicket(
        school="hillside",
        by="head",
        topic=Topic.OFFICIAL,
        subject="We move to another MIS at the end of term",
        text="Whom do we tell, and what happens to our imports in between?",
        raised=240,
    ),
    InventedTicket(
        school="hillside",
        by="dsl",
        topic=Topic.EMAIL,
        subject="Alerts come hours later",
        text="Since this morning the emails about alerts come two hours late.",
        raised=110,
        turns=(
            (100, Turn.LINK, ""),
            (98, Turn.REPLY, "You are not the only school. We are on it."),
        ),
    ),
    InventedTicket(
        school="greenwood",
        by="ta",
        topic=Topic.EMAIL,
        subject="No email about my alert",
        text="A colleague says that she alerted me at nine. No email came.",
        raised=95,
        turns=((90, Turn.LINK, ""),),
    ),
    InventedTicket(
        school="greenwood",
        by="teacher",
        topic=Topic.MIS_IMPORT,
        subject="The import leaves Year 3 out",
        text="Every class is there but 3B, which was split after half-term.",
        raised=75,
        telephone="01756 555010",
    ),
    InventedTicket(
        school="greenwood",
        by="dsl",
        topic=Topic.RECORDING,
        subject="An alert cannot be opened",
        text="One alert shows an error instead of the incident. The others open.",
        raised=12,
        is_urgent=True,
        telephone="01756 555011",
    ),
)
