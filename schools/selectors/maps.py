"""A school's own maps, and our figures, as pages and forms need them."""

from uuid import UUID

from django.db.models.functions import Lower
from django.urls import reverse_lazy

from core.attachments.models import Attachment
from schools.models import SchoolMap
from ui.maps import MapSheet, body_maps, image_map


def school_maps() -> list[SchoolMap]:
    """Return every map of the school's own, those offered first."""
    return list(SchoolMap.objects.order_by("-is_active", Lower("name"), "id"))


def school_map(ref: UUID) -> SchoolMap:
    """Return a map of the school's own.

    Raises:
        SchoolMap.DoesNotExist: Absent.
    """
    return SchoolMap.objects.get(ref=ref)


def map_image(ref: UUID) -> Attachment:
    """Return the image of a map, retired or not: older incidents show it.

    Raises:
        SchoolMap.DoesNotExist: Absent.
    """
    return SchoolMap.objects.select_related("image").get(ref=ref).image


def sheet_of(one: SchoolMap) -> MapSheet:
    """Return a map of the school's own, ready for markers."""
    return image_map(
        str(one.ref),
        one.name,
        reverse_lazy("map_image", kwargs={"ref": one.ref}),
        width=one.width,
        height=one.height,
        is_offered=one.is_active,
    )


def map_sheets() -> list[MapSheet]:
    """Return our figures, then the school's own maps; retired ones are marked as not offered."""
    return [*body_maps(), *(sheet_of(one) for one in school_maps())]
