"""The control plane's rows: schools, their schemas, and who looks after them."""

from tenants.models.fleet import Blueprint, ReadySchema, SchoolMigration
from tenants.models.onboardings import Onboarding
from tenants.models.people import Operator
from tenants.models.register import Establishment
from tenants.models.schools import Domain, School, SchoolQuerySet, new_schema_name

__all__ = [
    "Blueprint",
    "Domain",
    "Establishment",
    "Onboarding",
    "Operator",
    "ReadySchema",
    "School",
    "SchoolMigration",
    "SchoolQuerySet",
    "new_schema_name",
]
