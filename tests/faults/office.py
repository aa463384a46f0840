"""Somebody who records incidents, as a web process would.

Reads one JSON object a line and answers with one, in a process of its own, so that the services
it talks to are those of the fault tests. Needs Django set up before it is imported.
"""

import json
import sys
import time
from io import StringIO
from typing import Any

from django.core.management import call_command

from core.outbox import doorbell
from core.tenancy import in_school
from safeguarding.models import Alert
from schools.actors import StaffActor
from schools.models import Staff
from tenants.selectors import school_by_slug
from tests.factories import GREENWOOD, acting, make_incident, make_staff, onboard, staff_row


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        answer = _DOES[order.pop("do")](**order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _open_school() -> dict[str, str]:
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    return {"schema": onboard(GREENWOOD).schema_name}


def _alert(*, emails: list[str], incidents: int) -> dict[str, Any]:
    """Record incidents, each alerting everybody, and say how long each submit took."""
    took: list[float] = []
    refs: list[tuple[Any]] = []
    with in_school(school_by_slug(GREENWOOD)):
        author = _somebody("author@example.test")
        recipients = [staff_row(_somebody(email)) for email in emails]
        for _ in range(incidents):
            began = time.perf_counter()
            incident = make_incident(author, recipients=recipients)
            took.append(time.perf_counter() - began)
            refs += Alert.objects.filter(incident=incident).order_by("id").values_list("ref")
    return {"took": took, "refs": [str(ref) for (ref,) in refs]}


def _somebody(email: str) -> StaffActor:
    found = Staff.objects.filter(user__email=email).first()
    return acting(found) if found else make_staff(email=email)


def _ring() -> float:
    """Ring for a worker, as the first append does after a bell was answered; say how long it took."""
    with in_school(school_by_slug(GREENWOOD)):
        doorbell.answer()
        began = time.perf_counter()
        doorbell.ring()
        return time.perf_counter() - began


def _failures() -> dict[str, Any]:
    """Run the fleet command."""
    said = StringIO()
    try:
        call_command("failed_deliveries", stdout=said)
    except SystemExit as end:
        return {"code": end.code, "said": said.getvalue()}
    return {"code": 0, "said": said.getvalue()}


_DOES: dict[str, Any] = {
    "open_school": _open_school,
    "alert": _alert,
    "ring": _ring,
    "failures": _failures,
}
