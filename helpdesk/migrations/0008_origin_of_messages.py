"""Which ticket a message was written on, where that was merged into another."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("helpdesk", "0007_official"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticketmessage",
            name="origin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="helpdesk.ticket",
            ),
        ),
    ]
