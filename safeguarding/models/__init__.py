"""The record: incidents, actions, alerts; rows are added and corrected by new rows."""

from safeguarding.models.actions import Action, ActionFile
from safeguarding.models.alerts import Alert
from safeguarding.models.corrections import Amendment, CategoryChange
from safeguarding.models.drafts import Draft, DraftFile, SentForm
from safeguarding.models.incidents import Incident, IncidentFile, IncidentLink, Monitoring
from safeguarding.models.markers import Marker

__all__ = [
    "Action",
    "ActionFile",
    "Alert",
    "Amendment",
    "CategoryChange",
    "Draft",
    "DraftFile",
    "Incident",
    "IncidentFile",
    "IncidentLink",
    "Marker",
    "Monitoring",
    "SentForm",
]
