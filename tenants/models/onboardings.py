"""Schools that are being brought on."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from core import clock
from core.identifiers import uuid7
from tenants.models.schools import SLUG_RULE, URN_RULE
from tenants.terms import MisSource, Plan, Step


class OnboardingQuerySet(models.QuerySet["Onboarding"]):
    """Which onboardings."""

    def unfinished(self) -> "OnboardingQuerySet":
        """Those whose school is not open yet."""
        return self.exclude(step=Step.OPENED)


class Onboarding(models.Model):
    """What was asked for, and how far it has come; it stays as the record of both.

    Attributes:
        batch: The same for all that were asked for together.
        step: What was done last; what is missing is done by whoever comes next.
        failure: Why the last attempt ended early, in words for ops; empty while there is none.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    batch = models.UUIDField(db_index=True)
    urn = models.CharField(max_length=6, unique=True, validators=[URN_RULE])
    slug = models.CharField(max_length=40, validators=[SLUG_RULE])
    name = models.CharField(max_length=200)
    admin_email = models.EmailField()
    admin_given_name = models.CharField(max_length=100, blank=True)
    admin_family_name = models.CharField(max_length=100, blank=True)
    plan = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Plan])
    mis_source = models.CharField(
        max_length=20, choices=[(one.value, one.value) for one in MisSource]
    )
    step = models.CharField(
        max_length=20, choices=[(one.value, one.value) for one in Step], default=Step.WAITING
    )
    failure = models.CharField(max_length=500, blank=True)
    asked_at = models.DateTimeField(default=clock.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[OnboardingQuerySet] = OnboardingQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def step_words(self) -> str:
        """What was done last, as ops read it."""
        return Step(self.step).words

    @property
    def host(self) -> str:
        """The school's host name, once it is open."""
        return f"{self.slug}.{settings.BASE_DOMAIN}"
