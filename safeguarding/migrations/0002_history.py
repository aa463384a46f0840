from django.db import migrations

from core.audit.guards import keep_history

_OF_INCIDENT = ("incident_id", "safeguarding_incident")
_OF_ACTION = ("action_id", "safeguarding_action")


def _rows_of(parent, *names):
    return [
        keep_history(f"safeguarding_{one}", f"safeguarding.{one}", parent=parent) for one in names
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("safeguarding", "0001_initial"),
        ("audit", "0003_chain"),
    ]

    operations = [
        keep_history("safeguarding_incident", "safeguarding.incident"),
        *_rows_of(
            _OF_INCIDENT,
            "incident_categories",
            "incident_agencies",
            "incidentfile",
            "incidentlink",
        ),
        keep_history("safeguarding_action", "safeguarding.action"),
        *_rows_of(_OF_ACTION, "action_categories", "action_agencies", "actionfile"),
        keep_history("safeguarding_alert", "safeguarding.alert"),
        keep_history("safeguarding_monitoring", "safeguarding.monitoring"),
    ]
