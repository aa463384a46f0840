"""The record keeps no word of a ticket from here on: the record is for ever, a ticket is not."""

from django.db import migrations

from core.audit.guards import keep_history

OF_TICKETS = (
    "id", "ref", "submission", "author_id", "topic", "is_urgent", "state", "number", "promised_at",
    "raised_at", "completed_at", "rating",
)  # fmt: skip
OF_MESSAGES = (
    "id", "ref", "submission", "ticket_id", "author_id", "sent_at", "is_question", "masked",
    "sent_anyway", "by_email", "left_out",
)  # fmt: skip
OF_FILES = ("id", "ref", "message_id", "attachment_id")


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0002_by_email"),
    ]

    operations = [
        keep_history("support_ticket", "support.ticket", only=OF_TICKETS),
        keep_history("support_ticketmessage", "support.ticketmessage", only=OF_MESSAGES),
        keep_history("support_ticketfile", "support.ticketfile", only=OF_FILES),
    ]
