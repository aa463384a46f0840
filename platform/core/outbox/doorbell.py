"""Rings for a worker once something was appended.

The bell is a courtesy: if the broker is down, or loses the message, the sweep that runs every few
seconds finds the event in the database.
"""

import structlog
from celery import current_app
from kombu.exceptions import OperationalError

from core.tenancy import current_school

RELAY_TASK = "core.outbox.relay"

log = structlog.get_logger(__name__)


def ring() -> None:
    """Ask a worker to look at the current school's outbox, without waiting for a dead broker."""
    try:
        current_app.send_task(RELAY_TASK, args=[str(current_school().ref)], retry=False)
    except OperationalError:
        log.warning("outbox_bell_not_heard")
