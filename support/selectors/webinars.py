"""Webinars as somebody of the school sees them."""

from uuid import UUID

from core import clock
from core.tenancy import current_school
from helpdesk.knowledge import Guest, WebinarTold, webinars_for
from schools.actors import StaffActor
from schools.models import Staff


def webinars(actor: StaffActor) -> tuple[list[WebinarTold], list[WebinarTold]]:
    """Return the webinars to come, the next one first, and the recordings, the newest first."""
    now = clock.now()
    told = webinars_for(ref_of(actor), now=now)
    coming = [one for one in told if one.ends_at > now]
    return coming, [one for one in reversed(told) if one.ends_at <= now]


def webinar(actor: StaffActor, slug: str) -> WebinarTold:
    """Return a webinar that somebody sees.

    Raises:
        LookupError: There is none of this name, or none for them.
    """
    told = webinars_for(ref_of(actor), now=clock.now())
    found = next((one for one in told if one.slug == slug), None)
    if found is None:
        raise LookupError("There is no such webinar.")
    return found


def ref_of(actor: StaffActor) -> UUID:
    """Return the reference by which the helpdesk knows somebody; an agent who looks is nobody."""
    return actor.staff_ref or UUID(int=0)


def guest(actor: StaffActor) -> Guest:
    """Return what the helpdesk is told of a member of staff who takes part."""
    staff = Staff.objects.select_related("user").get(pk=actor.staff_id)
    school = current_school()
    return Guest(
        school_ref=school.ref,
        school_name=school.name,
        staff_ref=staff.ref,
        name=staff.display_name,
        email=staff.user.email,
    )
