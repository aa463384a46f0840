import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safeguarding", "0004_drafts"), ("schools", "0002_history")]

    operations = [
        migrations.AddField("monitoring", "ended_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "monitoring",
            "ended_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="schools.staff",
            ),
        ),
        migrations.RemoveConstraint("monitoring", "monitoring_once"),
        migrations.AddConstraint(
            "monitoring",
            models.UniqueConstraint(
                fields=["student", "category"],
                condition=models.Q(("ended_at__isnull", True)),
                name="monitoring_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            "monitoring",
            models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", True), ("ended_by__isnull", True))
                | models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                name="monitoring_ended_with_when_and_by_whom",
            ),
        ),
    ]
