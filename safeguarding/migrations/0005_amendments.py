import django.db.models.deletion
from django.db import migrations, models

import core.clock
import core.identifiers
from core.audit.guards import keep_history

_OF_INCIDENT = ("incident_id", "safeguarding_incident")
#: What was said before is never changed or deleted, whoever asks.
_ONLY_ADDED = """
CREATE TRIGGER amendment_refuse_change BEFORE DELETE OR UPDATE ON safeguarding_amendment
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
ALTER TABLE safeguarding_amendment ENABLE ALWAYS TRIGGER amendment_refuse_change;
"""


def _belongs_to(model, related_name, **how):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=model, **how
    )


def _first_fields():
    return [
        (
            "id",
            models.BigAutoField(
                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
            ),
        ),
        (
            "ref",
            models.UUIDField(default=core.identifiers.uuid7, editable=False, unique=True),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("safeguarding", "0004_monitoring_ends"),
        ("schools", "0005_access_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                *_first_fields(),
                ("submission", models.UUIDField(editable=False, unique=True)),
                ("reason", models.TextField(max_length=1000)),
                ("moves_student", models.BooleanField(default=False)),
                ("text", models.TextField(max_length=500000)),
                ("occurred_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(default=core.clock.now, editable=False)),
                (
                    "action",
                    _belongs_to("safeguarding.action", "amendments", blank=True, null=True),
                ),
                ("author", _belongs_to("schools.staff", "amendments")),
                ("incident", _belongs_to("safeguarding.incident", "amendments")),
                (
                    "student",
                    _belongs_to("schools.student", "moved_incidents", blank=True, null=True),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="amendment_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("moves_student", False), ("action__isnull", True), _connector="OR"
                        ),
                        name="amendment_moves_incidents_alone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CategoryChange",
            fields=[
                *_first_fields(),
                ("is_removal", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(default=core.clock.now, editable=False)),
                ("author", _belongs_to("schools.staff", "+")),
                ("category", _belongs_to("schools.category", "+")),
                ("incident", _belongs_to("safeguarding.incident", "category_changes")),
            ],
        ),
        keep_history("safeguarding_amendment", "safeguarding.amendment", parent=_OF_INCIDENT),
        keep_history(
            "safeguarding_categorychange", "safeguarding.categorychange", parent=_OF_INCIDENT
        ),
        migrations.RunSQL(
            _ONLY_ADDED,
            "DROP TRIGGER amendment_refuse_change ON safeguarding_amendment",
        ),
    ]
