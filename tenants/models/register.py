"""The DfE's register of establishments, as it was loaded last."""

from django.db import models

from tenants.models.schools import URN_RULE


def _word() -> "models.CharField[str, str]":
    return models.CharField(max_length=200, blank=True, default="")


class Establishment(models.Model):
    """One establishment of Get Information About Schools; fields as ``tenants.register.Entry``.

    Attributes:
        loaded_at: When it stood in the register last.
    """

    urn = models.CharField(max_length=6, unique=True, validators=[URN_RULE])
    name = models.CharField(max_length=200)
    status = _word()
    kind = _word()
    phase = _word()
    local_authority_code = _word()
    local_authority = _word()
    trust_code = _word()
    trust = _word()
    ukprn = _word()
    street = _word()
    locality = _word()
    address3 = _word()
    town = _word()
    county = _word()
    postcode = _word()
    website = _word()
    telephone = _word()
    head_title = _word()
    head_given_name = _word()
    head_family_name = _word()
    low_age = models.PositiveIntegerField(null=True, blank=True)
    high_age = models.PositiveIntegerField(null=True, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    loaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["trust_code"], name="establishment_trust")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def address(self) -> str:
        """Street to postcode on one line."""
        parts = (self.street, self.locality, self.address3, self.town, self.county, self.postcode)
        return ", ".join(filter(None, parts))

    @property
    def is_open(self) -> bool:
        """Whether it teaches now, though it may be about to close."""
        return self.status.startswith("Open")
