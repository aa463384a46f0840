"""Drafts as one types: one for each form that is opened, its files, and what was sent just now."""

import core.clock
import core.identifiers
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attachments", "0001_initial"),
        ("safeguarding", "0003_maps"),
        ("schools", "0002_history"),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SentForm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("submission", models.UUIDField(editable=False)),
                ("sent_at", models.DateTimeField(default=core.clock.now, editable=False)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="draft",
            name="draft_one_a_form",
        ),
        migrations.AddField(
            model_name="draft",
            name="number",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="draft",
            name="page",
            field=models.UUIDField(default=core.identifiers.uuid7, editable=False),
        ),
        migrations.AddField(
            model_name="draft",
            name="submission",
            field=models.UUIDField(default=core.identifiers.uuid7, editable=False),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(models.F("saved_at"), name="draft_saved_at"),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                models.F("author"), models.F("submission"), name="draft_one_a_form_opened"
            ),
        ),
        # A default is worked out once for all rows.
        migrations.RunSQL(
            "UPDATE safeguarding_draft SET submission = ref, page = ref", migrations.RunSQL.noop
        ),
        migrations.AddField(
            model_name="draftfile",
            name="attachment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="attachments.attachment",
            ),
        ),
        migrations.AddField(
            model_name="draftfile",
            name="draft",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="draft_files",
                to="safeguarding.draft",
            ),
        ),
        migrations.AddField(
            model_name="sentform",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.staff"
            ),
        ),
        migrations.AddConstraint(
            model_name="draftfile",
            constraint=models.UniqueConstraint(
                models.F("draft"), models.F("attachment"), name="draft_file_once"
            ),
        ),
        migrations.AddIndex(
            model_name="sentform",
            index=models.Index(models.F("sent_at"), name="sent_form_sent_at"),
        ),
        migrations.AddConstraint(
            model_name="sentform",
            constraint=models.UniqueConstraint(
                models.F("author"), models.F("submission"), name="sent_form_once"
            ),
        ),
    ]
