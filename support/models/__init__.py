"""A school's side of the helpdesk."""

from support.models.official import (
    OfficialCall,
    OfficialCompletion,
    OfficialDecision,
    OfficialRequest,
)
from support.models.tickets import SupportAccess, Ticket, TicketFile, TicketMessage, TicketPupil

__all__ = [
    "OfficialCall",
    "OfficialCompletion",
    "OfficialDecision",
    "OfficialRequest",
    "SupportAccess",
    "Ticket",
    "TicketFile",
    "TicketMessage",
    "TicketPupil",
]
