"""Somebody who records incidents, as a web process would: ``python -m tests.faults.office``.

Reads one JSON object a line and answers with one, in a process of its own, so that the services
it talks to are those of the fault tests.
"""

import json
import sys
import time
from typing import Any

import django


def main() -> None:
    """Answer until the input ends."""
    django.setup()
    for line in sys.stdin:
        order = json.loads(line)
        answer = _DOES[order.pop("do")](**order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _open_school() -> dict[str, str]:
    from django.core.management import call_command

    from tests.factories import GREENWOOD, onboard

    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    school = onboard(GREENWOOD)
    return {"schema": school.schema_name, "ref": str(school.ref)}


def _alert(*, emails: list[str], incidents: int) -> dict[str, Any]:
    """Record incidents, each alerting everybody, and say how long each submit took."""
    from core.tenancy import in_school
    from safeguarding.models import Alert
    from tenants.selectors import school_by_slug
    from tests.factories import GREENWOOD, make_incident

    took, refs = [], []
    with in_school(school_by_slug(GREENWOOD)):
        author, recipients = _staff("author@example.test"), [_row(email) for email in emails]
        for _ in range(incidents):
            began = time.perf_counter()
            incident = make_incident(author, recipients=recipients)
            took.append(time.perf_counter() - began)
            refs += [str(ref) for ref in Alert.objects.filter(incident=incident).values_list("ref", flat=True)]
    return {"took": took, "refs": refs}


def _staff(email: str) -> Any:
    from schools.models import Staff
    from tests.factories import acting, make_staff

    found = Staff.objects.filter(user__email=email).first()
    return acting(found) if found else make_staff(email=email)


def _row(email: str) -> Any:
    from tests.factories import staff_row

    return staff_row(_staff(email))


def _ring() -> None:
    """Ring for a worker, as the next append would."""
    from core.outbox import doorbell
    from core.tenancy import in_school
    from tenants.selectors import school_by_slug
    from tests.factories import GREENWOOD

    with in_school(school_by_slug(GREENWOOD)):
        doorbell.answer()
        doorbell.ring()


def _failures() -> dict[str, Any]:
    """Run the fleet command."""
    from io import StringIO

    from django.core.management import call_command

    said = StringIO()
    try:
        call_command("failed_deliveries", stdout=said)
    except SystemExit as end:
        return {"code": end.code, "said": said.getvalue()}
    return {"code": 0, "said": said.getvalue()}


_DOES = {"open_school": _open_school, "alert": _alert, "ring": _ring, "failures": _failures}

if __name__ == "__main__":
    main()
