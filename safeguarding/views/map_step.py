"""A map's step without JavaScript: the form comes back with it, and with all that was typed."""

from django.http import HttpRequest

from safeguarding.forms import IncidentForm
from schools.requests import actor_of, wants_list
from schools.selectors.maps import map_sheets
from ui.map_steps import after_step


def map_step(request: HttpRequest) -> IncidentForm:
    """Return the ‘Add Incident’ form as it was posted, with a map opened or a marker placed."""
    form = IncidentForm(
        after_step(request.POST, "maps", map_sheets()),
        request.FILES,
        actor=actor_of(request),
        as_list=wants_list(request),
    )
    form.leave_unjudged()
    return form
