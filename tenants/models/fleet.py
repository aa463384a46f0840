"""The schemas of all schools: what makes one, those that wait, and what was migrated."""

from django.db import models

from core import clock
from tenants.models.schools import School, new_schema_name


class Blueprint(models.Model):
    """What makes a school's schema in one go: the statements of each migration, as they were run.

    Written and executed by the schemas' owner alone.

    Attributes:
        fingerprint: Of the migrations; 64 hex digits.
        scripts: A list of objects as ``tenants.services.blueprints.Script`` has them.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    scripts = models.JSONField()
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return str(self.pk)


class ReadySchema(models.Model):
    """A schema with its role that waits for a school.

    Attributes:
        fingerprint: Of the migrations that it has, or will have.
        is_made: Whether it is there; its row comes first.
    """

    schema_name = models.CharField(max_length=63, unique=True, default=new_schema_name)
    fingerprint = models.CharField(max_length=64)
    is_made = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return str(self.pk)


class SchoolMigration(models.Model):
    """What one run of the fleet's migrations did at one school.

    Attributes:
        run: The same for all schools of a run.
        applied: Migrations that it applied, as ``app.name``.
        took: How long it was at work, waiting for locks included.
        failure: Why it ended early: a kind of error, its SQLSTATE and the migration; never a row.
    """

    run = models.UUIDField(db_index=True)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    took = models.DurationField()
    attempts = models.PositiveSmallIntegerField()
    applied = models.JSONField()
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["school", "-began_at"], name="school_migration_latest")]

    def __str__(self) -> str:
        return str(self.pk)
