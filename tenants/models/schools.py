"""Schools as tenants: which host leads to which schema, with which keys."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Coalesce, Lower, Replace
from django_tenants.models import DomainMixin, TenantMixin

from core import clock
from core.identifiers import uuid7
from core.keyring import Keysets
from tenants.schema_state import is_behind
from tenants.slugs import ALIKE
from tenants.terms import RESERVED_SLUGS, MisSource, Plan, SchoolState

SLUG_RULE = RegexValidator(
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z",
    "Use lower-case letters, digits and single hyphens, beginning with a letter.",
)
URN_RULE = RegexValidator(
    r"^[0-9]{6}\Z", "A URN is six digits, as in Get Information About Schools."
)


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


def _likeness() -> models.Func:
    said: models.Func = Lower("slug")
    for letters, instead in ALIKE:
        said = Replace(said, models.Value(letters), models.Value(instead))
    return said


def new_schema_name() -> str:
    """Return an opaque schema name, so that a renamed or re-used slug never meets old rows."""
    return f"s_{secrets.token_hex(8)}"


class SchoolQuerySet(models.QuerySet["School"]):
    """Which schools."""

    def open(self) -> "SchoolQuerySet":
        """Schools that are onboarded and not suspended."""
        return self.filter(state=SchoolState.OPEN)

    def with_keys(self) -> "SchoolQuerySet":
        """Schools whose keysets were not destroyed."""
        return self.filter(keys_destroyed_at=None)

    def rotating_since(self, moment: datetime) -> "SchoolQuerySet":
        """Schools whose newest keys joined before ``moment`` and do not seal yet."""
        return self.with_keys().filter(keys_rotated_at__lte=moment, keys_promoted_at=None)

    def last_rotated_before(self, moment: datetime) -> "SchoolQuerySet":
        """Open schools whose newest keys are older than ``moment`` and seal."""
        return (
            self.open()
            .with_keys()
            .annotate(newest=Coalesce("keys_rotated_at", "created_at"))
            .filter(newest__lt=moment)
            .exclude(keys_rotated_at__isnull=False, keys_promoted_at=None)
        )

    def wrapped_otherwise(self, wrapping_key: str) -> "SchoolQuerySet":
        """Schools whose keysets another key than ``wrapping_key`` wrapped."""
        return self.with_keys().exclude(keys_wrapped_by=wrapping_key)


class School(TenantMixin, models.Model):  # type: ignore[misc, django-manager-missing] # django-tenants ships no types
    """A school: a host, a schema, two keysets.

    Attributes:
        slug: First label of the school's host name.
        likeness: The slug where letters that look alike are one; no two schools' are the same.
        urn: Unique Reference Number of the DfE's register, six digits.
        time_zone: IANA name; “midnight” and “now” on the school's pages are in it.
        text_keyset: Wrapped Tink keyset for texts kept outside the record (drafts).
        files_keyset: Wrapped Tink keyset for attachments.
        keys_wrapped_by: Name of the key that wrapped the two; empty where that was not noted.
        keys_rotated_at: When the newest keys joined the keysets; None before the first rotation.
        keys_promoted_at: When they became those that seal; None while a rotation is under way.
        keys_destroyed_at: When the keysets were destroyed; both are empty from then on.
        plan: What it has bought.
        mis_source: Where its pupils and staff come from.
        phase, local_authority, trust, address: As the DfE's register had them when it was onboarded.
        migrated_to: The newest migration of each app that its schema has, by app label.
    """

    auto_create_schema = False
    auto_drop_schema = False

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    schema_name = models.CharField(max_length=63, unique=True, default=new_schema_name)
    slug = models.CharField(max_length=40, unique=True, validators=[SLUG_RULE])
    likeness = models.GeneratedField(
        expression=_likeness(),
        output_field=models.CharField(max_length=40),
        db_persist=True,
        unique=True,
    )
    name = models.CharField(max_length=200)
    urn = models.CharField(max_length=6, unique=True, validators=[URN_RULE])
    time_zone = models.CharField(max_length=50, default="Europe/London")
    state = models.CharField(
        max_length=20,
        choices=_choices(SchoolState),
        default=SchoolState.ONBOARDING,
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    text_keyset = models.BinaryField()
    files_keyset = models.BinaryField()
    keys_wrapped_by = models.CharField(max_length=2048, blank=True, default="", db_default="")
    keys_rotated_at = models.DateTimeField(null=True, blank=True)
    keys_promoted_at = models.DateTimeField(null=True, blank=True)
    keys_destroyed_at = models.DateTimeField(null=True, blank=True)
    plan = models.CharField(
        max_length=20, choices=_choices(Plan), default=Plan.STANDARD, db_default=Plan.STANDARD.value
    )
    mis_source = models.CharField(
        max_length=20,
        choices=_choices(MisSource),
        default=MisSource.NONE,
        db_default=MisSource.NONE.value,
    )
    phase = models.CharField(max_length=200, blank=True, default="", db_default="")
    local_authority = models.CharField(max_length=200, blank=True, default="", db_default="")
    trust = models.CharField(max_length=200, blank=True, default="", db_default="")
    address = models.CharField(max_length=1300, blank=True, default="", db_default="")
    migrated_to = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), blank=True, editable=False
    )

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
            models.CheckConstraint(
                condition=models.Q(keys_promoted_at=None) | models.Q(keys_rotated_at__isnull=False),
                name="school_keys_promoted_after_rotation",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    keys_destroyed_at=None, text_keyset__gt=b"", files_keyset__gt=b""
                )
                | models.Q(keys_destroyed_at__isnull=False, text_keyset=b"", files_keyset=b""),
                name="school_keys_empty_once_destroyed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    @property
    def is_open(self) -> bool:
        """Whether its pages and its tasks are served."""
        return self.state == SchoolState.OPEN and not self.is_behind

    @property
    def is_behind(self) -> bool:
        """Whether its schema lacks a migration that this process needs."""
        return is_behind(self.migrated_to)

    @property
    def is_rotating(self) -> bool:
        """Whether the newest keys do not seal yet."""
        return self.keys_rotated_at is not None and self.keys_promoted_at is None

    def take(self, keysets: Keysets) -> None:
        """Hold other keysets; the caller saves."""
        self.text_keyset, self.files_keyset = keysets.text, keysets.files
        self.keys_wrapped_by = keysets.wrapped_by

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
