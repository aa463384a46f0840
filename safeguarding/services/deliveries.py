"""What an email may say about the record, and what the record keeps of its delivery.

An email names who created the alert and the category, and nothing else: no student, no text, no
file (guide, section 2).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from core import clock
from core.tenancy import current_school
from safeguarding.models import Alert, Incident
from safeguarding.selectors.rows import category_names
from schools.models import Staff

LEFT = gettext_noop("Not sent: the account was deactivated before the email left.")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Everything that an email about an incident or an action may say, and to whom.

    Attributes:
        recipient: Email address.
        language: The one that they chose, empty where they chose none.
        is_registered: The recipient still works here.
        creator: Display name of who created the alert, or recorded the incident; may be empty.
        categories: Names of the incident's categories and of those that its actions added.
        word: ‘incident’ or ‘action’: what was newly added.
        link: The log-in page, which leads on to the incident.
    """

    recipient: str
    language: str
    is_registered: bool
    creator: str
    categories: tuple[str, ...]
    word: str
    link: str


def alert_notice(ref: UUID) -> Notice | None:
    """Return what to tell the person alerted; None if they were told already."""
    alerts = Alert.objects.select_related("incident", "recipient__user", "raised_by")
    alert: Any = alerts.annotate(names=category_names("incident_id")).get(ref=ref)
    if alert.emailed_at:
        return None
    word = "action" if alert.action_id else "incident"
    return _notice(alert.recipient, alert.raised_by, alert.incident, alert.names, word)


def assignment_notice(*, incident: UUID, staff: UUID) -> Notice | None:
    """Return what to tell the person assigned; None if it is somebody else's by now."""
    incidents = Incident.objects.select_related("author", "assignee__user")
    row: Any = incidents.annotate(names=category_names("pk")).get(ref=incident)
    if row.assignee is None or row.assignee.ref != staff:
        return None
    return _notice(row.assignee, row.author, row, row.names, "incident")


def note_emailed(ref: UUID) -> None:
    """Take down that the mail server took the alert's email."""
    Alert.objects.filter(ref=ref).update(emailed_at=clock.now(), email_refusal="")


def note_refusal(ref: UUID, reason: str) -> None:
    """Take down why the alert's email was given up; key holders see it on the incident."""
    Alert.objects.filter(ref=ref).update(email_refusal=reason[:300])


def refused_alerts() -> Iterable[Alert]:
    """Return the alerts whose email was given up, newest first."""
    return Alert.objects.exclude(email_refusal="").order_by("-raised_at", "-id")


def _notice(
    recipient: Staff, creator: Staff, incident: Incident, categories: Iterable[str], word: str
) -> Notice:
    return Notice(
        recipient=recipient.user.email,
        language=recipient.user.language,
        is_registered=recipient.is_active and recipient.user.is_active,
        creator=creator.display_name,
        categories=tuple(categories),
        word=word,
        link=f"{current_school().url}/login/?next=/incidents/{incident.ref}/",
    )
