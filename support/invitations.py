"""A webinar for somebody's own calendar."""

from datetime import UTC

from django.conf import settings
from icalendar import Calendar, Event

from core import clock
from helpdesk.knowledge import WebinarTold


def invitation(webinar: WebinarTold) -> bytes:
    """Return a webinar as an iCalendar file (RFC 5545), to be taken by whoever has a place.

    Its times are in UTC, which every calendar turns into its owner's own.
    """
    event = Event()
    event.add("uid", f"{webinar.ref}@{settings.BASE_DOMAIN}")
    event.add("dtstamp", clock.now().astimezone(UTC))
    event.add("last-modified", webinar.changed_at.astimezone(UTC))
    event.add("sequence", webinar.version)
    event.add("dtstart", webinar.starts_at.astimezone(UTC))
    event.add("dtend", webinar.ends_at.astimezone(UTC))
    event.add("summary", webinar.title)
    event.add("description", f"{webinar.summary}\n\n{webinar.join_url}")
    event.add("location", webinar.join_url)
    event.add("url", webinar.join_url)
    event.add("status", "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.PLATFORM_NAME}//Webinars//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
