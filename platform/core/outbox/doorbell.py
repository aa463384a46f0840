"""Rings for a worker once something was appended.

The bell is a courtesy: if the broker is down, or loses the message, the sweep that runs every few
seconds finds the event in the database. So nothing here may fail, or hold up, what was saved.
"""

import structlog
from celery import current_app
from django.core.cache import cache

from core.tenancy import place_ref

RELAY_TASK = "core.outbox.relay"
CONTROL_PLANE_TASK = "core.outbox.relay_control_plane"

#: How often the sweep looks, in seconds; a bell that nobody answered rings again after as long.
SWEEP_EVERY = 5
#: A bell that waited longer than this has long been overtaken by the sweep.
_BELL_LASTS = 60
# The cache's keys carry the school.
_RANG = "outbox-bell"

log = structlog.get_logger(__name__)


def ring() -> None:
    """Ask a worker to look at the current school's outbox, or at the control plane's.

    One bell is enough for all that happens until somebody answers it: five hundred appends must
    not put five hundred messages before the only one of another school.
    """
    school = place_ref()
    task, args = (RELAY_TASK, [str(school)]) if school else (CONTROL_PLANE_TASK, [])
    try:
        if cache.add(_RANG, True, timeout=SWEEP_EVERY):
            # Without retries: a dead broker answers at once, and the sweep is there.
            current_app.send_task(task, args=args, retry=False, expires=_BELL_LASTS)
    except Exception as silence:  # noqa: BLE001 - a courtesy must not fail what was saved
        log.warning("outbox_bell_not_heard", error=type(silence).__name__)


def answer() -> None:
    """Let the next event at the current school ring again; before looking at the outbox."""
    try:
        cache.delete(_RANG)
    except Exception as silence:  # noqa: BLE001 - it expires by itself
        log.warning("outbox_bell_not_answered", error=type(silence).__name__)
