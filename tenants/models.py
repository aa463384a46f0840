"""Schools as tenants: which host leads to which schema, with which keys."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

from core import clock
from core.identifiers import uuid7
from tenants.terms import RESERVED_SLUGS, SchoolState

SLUG_RULE = RegexValidator(
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z",
    "Use lower-case letters, digits and single hyphens, beginning with a letter.",
)
URN_RULE = RegexValidator(
    r"^[0-9]{6}\Z", "A URN is six digits, as in Get Information About Schools."
)


def new_schema_name() -> str:
    """Return an opaque schema name, so that a renamed or re-used slug never meets old rows."""
    return f"s_{secrets.token_hex(8)}"


class SchoolQuerySet(models.QuerySet["School"]):
    """Which schools."""

    def open(self) -> "SchoolQuerySet":
        """Schools that are onboarded and not suspended."""
        return self.filter(state=SchoolState.OPEN)


class School(TenantMixin, models.Model):  # type: ignore[misc, django-manager-missing] # django-tenants ships no types
    """A school: a host, a schema, two keysets.

    Attributes:
        slug: First label of the school's host name.
        urn: Unique Reference Number of the DfE's register, six digits.
        time_zone: IANA name; “midnight” and “now” on the school's pages are in it.
        text_keyset: Wrapped Tink keyset for texts kept outside the record (drafts).
        files_keyset: Wrapped Tink keyset for attachments.
    """

    auto_create_schema = False
    auto_drop_schema = False

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    schema_name = models.CharField(max_length=63, unique=True, default=new_schema_name)
    slug = models.CharField(max_length=40, unique=True, validators=[SLUG_RULE])
    name = models.CharField(max_length=200)
    urn = models.CharField(max_length=6, unique=True, validators=[URN_RULE])
    time_zone = models.CharField(max_length=50, default="Europe/London")
    state = models.CharField(
        max_length=20,
        choices=[(state.value, state.value) for state in SchoolState],
        default=SchoolState.ONBOARDING,
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    text_keyset = models.BinaryField()
    files_keyset = models.BinaryField()

    objects: ClassVar[SchoolQuerySet] = SchoolQuerySet.as_manager()  # type: ignore[assignment] # a manager made of the queryset

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(slug__in=sorted(RESERVED_SLUGS)),
                name="school_slug_not_reserved",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in SchoolState]),
                name="school_state_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def is_open(self) -> bool:
        """Whether its pages and its tasks are served."""
        return self.state == SchoolState.OPEN

    @property
    def host(self) -> str:
        """The school's registered host name."""
        return f"{self.slug}.{settings.BASE_DOMAIN}"

    @property
    def url(self) -> str:
        """The school's registered address, without a closing slash."""
        return settings.PUBLIC_ORIGIN.format(host=self.host)


class Domain(DomainMixin):  # type: ignore[misc] # django-tenants ships no types
    """A host name that leads to a school."""

    def __str__(self) -> str:
        return str(self.domain)
