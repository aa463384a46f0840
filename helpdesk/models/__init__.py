"""Rows of the helpdesk, in public: its people, office hours, tickets and knowledge base."""

from helpdesk.models.access import AccessRequest
from helpdesk.models.agents import Agent
from helpdesk.models.knowledge import Article, ArticleVersion
from helpdesk.models.notices import Alarm, CannedReply, IncidentNotice, Tag
from helpdesk.models.office import BankHoliday, OfficeCalendar, SpecialDay, Target, WeeklyHours
from helpdesk.models.official import OfficialCall, OfficialCompletion, OfficialRecord
from helpdesk.models.schools import SchoolCard
from helpdesk.models.teams import Team, TopicTeam
from helpdesk.models.tickets import Ticket, TicketEvent, TicketFile, TicketMessage
from helpdesk.models.webinars import Webinar, WebinarPlace

__all__ = [
    "AccessRequest",
    "Agent",
    "Alarm",
    "Article",
    "ArticleVersion",
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
    "Webinar",
    "WebinarPlace",
    "WeeklyHours",
]
