"""What people fill in."""

from safeguarding.forms.action import ActionForm
from safeguarding.forms.audit import AuditForm
from safeguarding.forms.case import CaseForm
from safeguarding.forms.draft import DraftDiscardForm
from safeguarding.forms.incident import IncidentForm
from safeguarding.forms.printed import PrintedForm
from safeguarding.forms.search import StudentSearchForm

__all__ = [
    "ActionForm",
    "AuditForm",
    "CaseForm",
    "DraftDiscardForm",
    "IncidentForm",
    "PrintedForm",
    "StudentSearchForm",
]
