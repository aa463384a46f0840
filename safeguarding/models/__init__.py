"""The record: incidents, actions, alerts; rows are added and corrected by new rows."""

from safeguarding.models.actions import Action, ActionFile
from safeguarding.models.alerts import Alert
from safeguarding.models.corrections import Amendment, CategoryChange
from safeguarding.models.drafts import Draft
from safeguarding.models.incidents import Incident, IncidentFile, IncidentLink, Monitoring

__all__ = [
    "Action",
    "ActionFile",
    "Alert",
    "Amendment",
    "CategoryChange",
    "Draft",
    "Incident",
    "IncidentFile",
    "IncidentLink",
    "Monitoring",
]
