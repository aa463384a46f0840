"""The words that a school files incidents under."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from core.identifiers import uuid7
from schools.querysets import CategoryQuerySet


class Category(models.Model):
    """A category, or a sub-category of one; one no longer used is retired, never deleted."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    is_active = models.BooleanField(default=True)

    objects: ClassVar[CategoryQuerySet] = CategoryQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(parent__isnull=True), name="category_name_once"
            ),
            models.UniqueConstraint(
                Lower("name"),
                "parent",
                condition=Q(parent__isnull=False),
                name="sub_category_name_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class Agency(models.Model):
    """An outside body that is involved, as staff name it; a retired one is not suggested."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="agency_name_once")]

    def __str__(self) -> str:
        return str(self.ref)
