"""Maps that a school adds: a plan of its own on which markers are put."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.attachments.models import Attachment
from core.identifiers import uuid7


class SchoolMap(models.Model):
    """A map of the school's own (guide, section 4, “Maps”).

    Its image never changes, so that markers stay where they were put: a newer plan is another
    map, and the older one is retired.

    Attributes:
        image: Sealed with the school's key; made anew from what was sent.
        width: In pixels.
        height: In pixels.
        is_active: Whether it is offered for new incidents.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=60)
    image = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(is_active=True), name="school_map_name_once"
            ),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0), name="school_map_has_a_size"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)
