"""Rows of the helpdesk, in public: its people, its office hours, its tickets."""

from helpdesk.models.access import AccessRequest
from helpdesk.models.agents import Agent
from helpdesk.models.notices import Alarm, CannedReply, IncidentNotice, Tag
from helpdesk.models.office import BankHoliday, OfficeCalendar, SpecialDay, Target, WeeklyHours
from helpdesk.models.official import OfficialCall, OfficialCompletion, OfficialRecord
from helpdesk.models.schools import SchoolCard
from helpdesk.models.teams import Team, TopicTeam
from helpdesk.models.tickets import Ticket, TicketEvent, TicketFile, TicketMessage

__all__ = [
    "AccessRequest",
    "Agent",
    "Alarm",
    "BankHoliday",
    "CannedReply",
    "IncidentNotice",
    "OfficeCalendar",
    "OfficialCall",
    "OfficialCompletion",
    "OfficialRecord",
    "SchoolCard",
    "SpecialDay",
    "Tag",
    "Target",
    "Team",
    "Ticket",
    "TicketEvent",
    "TicketFile",
    "TicketMessage",
    "TopicTeam",
    "WeeklyHours",
]
