"""Messages that came by email."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("support", "0001_tickets"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticketmessage",
            name="by_email",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="ticketmessage",
            name="left_out",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
