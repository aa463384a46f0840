"""Many rows at once, for counting queries: written past the services, which take their time."""

from datetime import timedelta
from typing import Any

from core import clock
from core.attachments.models import Attachment
from core.identifiers import uuid7
from safeguarding.models import (
    Action,
    ActionFile,
    Alert,
    Incident,
    IncidentFile,
    IncidentLink,
    Monitoring,
)
from schools.models import Agency, Category, Student


def students(number: int) -> list[Student]:
    """Students on roll."""
    return Student.objects.bulk_create(
        Student(given_name="Maddy", family_name=f"Row{one:03}", year_group="1", class_name="1A")
        for one in range(number)
    )


def incidents(number: int, author: Any, **facts: Any) -> list[Incident]:
    """Incidents, each about a student of its own unless said, with two categories and a file."""
    about = [facts.pop("student")] * number if "student" in facts else students(number)
    now = clock.now()
    rows = Incident.objects.bulk_create(
        Incident(
            submission=uuid7(),
            student=student,
            text=f"Text {one}.",
            occurred_at=now - timedelta(minutes=one),
            recorded_at=now - timedelta(minutes=one),
            author_id=author.staff_id,
            **facts,
        )
        for one, student in enumerate(about)
    )
    _categorise(Incident, rows)
    IncidentFile.objects.bulk_create(
        IncidentFile(incident=row, attachment=file)
        for row, file in zip(rows, _files(author, number), strict=True)
    )
    return rows


def actions(number: int, author: Any, on: list[Incident]) -> list[Action]:
    """Actions on each incident, each with categories, an agency and a file."""
    now = clock.now()
    rows = Action.objects.bulk_create(
        Action(
            submission=uuid7(),
            incident=incident,
            text=f"Action {one}.",
            occurred_at=now,
            recorded_at=now,
            author_id=author.staff_id,
            on_linked_students=True,
            shares_documents=True,
        )
        for incident in on
        for one in range(number)
    )
    _categorise(Action, rows)
    agency, _ = Agency.objects.get_or_create(name="Police")
    Action.agencies.through._default_manager.bulk_create(
        Action.agencies.through(action_id=row.pk, agency_id=agency.pk) for row in rows
    )
    ActionFile.objects.bulk_create(
        ActionFile(action=row, attachment=file)
        for row, file in zip(rows, _files(author, len(rows)), strict=True)
    )
    return rows


def alerts(on: list[Incident], recipients: list[Any], author: Any) -> None:
    """Unread alerts to each incident."""
    Alert.objects.bulk_create(
        Alert(incident=row, recipient_id=one.staff_id, raised_by_id=author.staff_id)
        for row in on
        for one in recipients
    )


def links(number: int, incident: Incident, author: Any) -> None:
    """Linked students, each monitored."""
    linked = students(number)
    IncidentLink.objects.bulk_create(
        IncidentLink(incident=incident, student=student, shares_documents=True)
        for student in linked
    )
    category = Category.objects.get(name="Attendance")
    Monitoring.objects.bulk_create(
        Monitoring(
            student=student, category=category, incident=incident, started_by_id=author.staff_id
        )
        for student in linked
    )


def _categorise(model: Any, rows: list[Any]) -> None:
    through = model.categories.through
    name = f"{model._meta.model_name}_id"
    chosen = Category.objects.filter(name__in=["Medical", "SEND"])
    through._default_manager.bulk_create(
        through(**{name: row.pk, "category_id": category.pk}) for row in rows for category in chosen
    )


def _files(author: Any, number: int) -> list[Attachment]:
    return Attachment.objects.bulk_create(
        Attachment(
            object_key=f"{uuid7()}/{uuid7()}",
            filename="letter.pdf",
            content_type="application/pdf",
            size=1,
            created_by_id=author.user_id,
            attached_at=clock.now(),
        )
        for _ in range(number)
    )
