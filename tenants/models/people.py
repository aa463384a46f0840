"""Who looks after the platform."""

from django.conf import settings
from django.db import models

from core import clock
from core.identifiers import uuid7


class Operator(models.Model):
    """Somebody who brings schools on and looks after the platform: an account in public."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="operator"
    )
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return str(self.ref)
