import django.contrib.postgres.fields
from django.db import migrations, models

import core.audit.models
from core.audit import guards

# The id comes from the guard alone: as a column's default it could be drawn now and used later.
_SEQUENCE = [
    "ALTER TABLE audit_auditentry ALTER COLUMN id DROP IDENTITY IF EXISTS",
    "CREATE SEQUENCE audit_auditentry_id_seq AS bigint OWNED BY audit_auditentry.id",
    "SELECT setval('audit_auditentry_id_seq', coalesce(max(id), 0) + 1, false)"
    " FROM audit_auditentry",
    "ALTER TABLE audit_auditseal ALTER COLUMN digests SET STORAGE EXTERNAL",
]


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_who_saw_whom"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
                ("sealed_at", models.DateTimeField()),
                (
                    "ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("digests", models.BinaryField()),
                ("highest", models.BigIntegerField()),
                ("awaited", core.audit.models.IdRanges()),
                ("entries", models.BigIntegerField()),
            ],
            options={
                "indexes": [models.Index(models.F("sealed_at"), name="audit_seal_when")],
            },
        ),
        migrations.RunSQL(_SEQUENCE, reverse_sql=migrations.RunSQL.noop),
        *guards.install(),
    ]
