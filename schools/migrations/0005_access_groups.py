import django.contrib.postgres.fields
from django.db import migrations, models

from core.audit.guards import keep_history

# Who held the key could do all of this before there was a right to it.
_AS_BEFORE = "UPDATE schools_accessgroup SET can_assign = true, can_export = true WHERE holds_key"


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0004_finding"),
    ]

    operations = [
        migrations.AddField(
            "accessgroup", "sees_all_categories", models.BooleanField(default=True)
        ),
        migrations.AddField(
            "accessgroup",
            "categories",
            models.ManyToManyField(blank=True, related_name="+", to="schools.category"),
        ),
        migrations.AddField("accessgroup", "sees_all_years", models.BooleanField(default=True)),
        migrations.AddField(
            "accessgroup",
            "year_groups",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField("accessgroup", "can_add", models.BooleanField(default=True)),
        migrations.AddField("accessgroup", "can_assign", models.BooleanField(default=False)),
        migrations.AddField("accessgroup", "can_export", models.BooleanField(default=False)),
        migrations.RunSQL(_AS_BEFORE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "accessgroup",
            models.CheckConstraint(
                condition=models.Q(
                    ("holds_key", True),
                    models.Q(("can_assign", False), ("can_export", False)),
                    _connector="OR",
                ),
                name="access_group_rights_need_key",
            ),
        ),
        keep_history(
            "schools_accessgroup_categories",
            "schools.accessgroup_categories",
            parent=("accessgroup_id", "schools_accessgroup"),
        ),
    ]
