"""A ticket to the helpdesk can be a draft."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("safeguarding", "0005_amendments"),
    ]

    operations = [
        migrations.AlterField(
            model_name="draft",
            name="form",
            field=models.CharField(
                choices=[("incident", "incident"), ("action", "action"), ("ticket", "ticket")],
                max_length=20,
            ),
        ),
    ]
