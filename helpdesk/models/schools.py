"""What the helpdesk was told of schools."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from core import clock
from core.identifiers import uuid7


class SchoolCard(models.Model):
    """A school as its own side tells of it, with each ticket anew.

    Attributes:
        ref: The school's own.
        administrators: Names of those who administer the school.
        mail_failures: Emails of the last 30 days that could not be delivered.
        pushed_at: When it was told (UTC).
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=200)
    url = models.CharField(max_length=200)
    administrators = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    staff = models.PositiveIntegerField(default=0)
    key_holders = models.PositiveIntegerField(default=0)
    students = models.PositiveIntegerField(default=0)
    mail_failures = models.PositiveIntegerField(default=0)
    last_import_at = models.DateTimeField(null=True, blank=True)
    pushed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return str(self.ref)
