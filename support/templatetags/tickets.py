"""Words on the pages of tickets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template
from django.utils import formats, timezone
from django.utils.translation import gettext

if TYPE_CHECKING:
    from datetime import datetime

    from schools.models import Staff
    from support.models import TicketMessage

register = template.Library()


@register.simple_tag
def day_and_time(instant: datetime, seen_from: datetime | None = None) -> str:
    """An instant in the current zone: “14:30 today”, “10:30” or “Tuesday 30 March 08:30”.

    Args:
        instant: What is said.
        seen_from: An instant of whose day nothing more is said; “today” where it is now's.
    """
    local = timezone.localtime(instant)
    time = formats.date_format(local, "H:i")
    if seen_from is None or timezone.localdate(seen_from) != local.date():
        return formats.date_format(local, "l j F H:i")
    if timezone.localdate() == local.date():
        return gettext("%(time)s today") % {"time": time}
    return time


@dataclass(frozen=True)
class _Agent:
    display_name: str


@register.simple_tag
def sender(message: TicketMessage) -> Staff | _Agent | None:
    """Who wrote a message: its author, or an agent by name."""
    return _Agent(message.agent_name) if message.agent_name else message.author
