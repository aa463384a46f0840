"""Invented concerns for the demo: what staff of a primary or secondary school write down in a term.

No child, family or event here is real. “{child}” and “{other}” become the given names of invented students.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Concern:
    """One invented incident.

    Attributes:
        days_ago: When it happened, in days before now.
        names_other: A second student is linked.
        actions: Texts of actions, in order.
        alerts: Whom it was told to, by the demo's account names.
    """

    days_ago: float
    categories: tuple[str, ...]
    text: str
    actions: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    names_other: bool = False
    is_monitored: bool = False
    is_closed: bool = False
    is_assigned: bool = False
    alerts: tuple[str, ...] = ("dsl",)


CONCERNS = (
    Concern(
        days_ago=0.1,
        categories=("Attendance",),
        text="{child} was late again, the fourth time in two weeks. Arrived alone at 9:25 without breakfast.",
        alerts=("dsl", "teacher"),
    ),
    Concern(
        days_ago=0.3,
        categories=("Child on Child", "Behaviour"),
        text=(
            "At lunch {child} told me that {other} has been calling them names every day this week and took"
            " their coat. {other} says it was a joke. Both were upset. I kept them apart for the afternoon."
        ),
        names_other=True,
        is_monitored=True,
        is_assigned=True,
        actions=("Spoke to both separately. {child} would like to move tables.",),
    ),
    Concern(
        days_ago=1,
        categories=("Mental Health and Wellbeing",),
        text=(
            "{child} wrote “nobody would notice if I was gone” in the back of an exercise book. When I asked"
            " quietly, {child} said that home has been hard since the baby came. I said that I would tell"
            " somebody who can help. Page copied and kept."
        ),
        agencies=("CAMHS",),
        is_assigned=True,
        actions=(
            "Spoke with {child} for half an hour. No plan or means. Safe to go home with dad, who knows.",
            "Referral to CAMHS sent at 15:10; reference number received.",
        ),
        alerts=("dsl", "head"),
    ),
    Concern(
        days_ago=2,
        categories=("Medical",),
        text="{child} had an asthma attack in PE. Own inhaler used, ten puffs. Better after ten minutes. Mum telephoned.",
        is_closed=True,
    ),
    Concern(
        days_ago=3,
        categories=("Home Issues", "Contact with Parents"),
        text=(
            "Mum told me at the gate that she and dad have separated and that dad may not collect {child} until"
            " the hearing. She will send the letter. Office told by word of mouth; needs to be on the register."
        ),
        agencies=("Family Court", "Children's Social Care"),
        actions=("Letter received and added. Office and class staff know who may collect.",),
    ),
    Concern(
        days_ago=5,
        categories=("Friendship Issues",),
        text="{child} and {other} would not work together. It began with a message on a phone last night.",
        names_other=True,
        is_closed=True,
        actions=("Talked it through with both; friends again by home time.",),
    ),
    Concern(
        days_ago=8,
        categories=("Safeguarding Concern", "Child Protection"),
        text=(
            "While changing for swimming I saw marks on {child}'s back, in a line, yellow and green. {child} said"
            " “I'm not supposed to say”. I did not ask more. Reported to the DSL in person at once."
        ),
        agencies=("Children's Social Care", "Police"),
        is_assigned=True,
        actions=(
            "Telephoned the multi-agency hub at 10:05. They will come at 13:00. Parents are not to be told yet.",
            "Social worker and police officer saw {child} in the quiet room from 13:10 to 13:50.",
            "Strategy meeting tomorrow at 9:00. {child} stays with grandmother tonight.",
        ),
        alerts=("dsl", "head"),
    ),
    Concern(
        days_ago=12,
        categories=("SEND",),
        text="Review of {child}'s plan: reading has gone up by two bands; noise in the hall is still too much.",
        is_closed=True,
        alerts=(),
    ),
    Concern(
        days_ago=15,
        categories=("Cause for Concern",),
        text="{child} has worn the same clothes since Monday and asked twice for more at lunch.",
        actions=("Spare uniform given. Breakfast club offered, mum said yes.",),
    ),
    Concern(
        days_ago=21,
        categories=("Contact with Safeguarding Partners",),
        text="Health visitor rang to ask how {child} has settled. Passed on attendance with mum's agreement.",
        agencies=("Health visiting service",),
        is_closed=True,
        alerts=(),
    ),
    Concern(
        days_ago=30,
        categories=("Behaviour",),
        text="{child} ran out of class and hid under the stairs for twenty minutes. Came back with the teaching assistant.",
    ),
    Concern(
        days_ago=41,
        categories=("Legacy",),
        text="Paper file from the previous school read and filed in the locked cabinet, drawer two.",
        is_closed=True,
        alerts=(),
    ),
)
