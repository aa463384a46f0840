"""Addresses of ‘Support’."""

from django.urls import path

from support.views import access, contact, guide, official, official_calls, tickets, webinars

urlpatterns = [
    path("", guide.support, name="support"),
    path("contact/", contact.contact_support, name="contact_support"),
    path("contact/sheets/", contact.help_sheets, name="help_sheets"),
    path("access/enter/", access.enter, name="enter_support"),
    path("access/leave/", access.leave, name="leave_support"),
    path("tickets/", tickets.tickets, name="tickets"),
    path("tickets/<uuid:ref>/", tickets.ticket, name="ticket"),
    path("tickets/<uuid:ref>/answers/", tickets.answer_ticket, name="answer_ticket"),
    path("tickets/<uuid:ref>/rating/", tickets.rate_ticket, name="rate_ticket"),
    path("files/<uuid:ref>/", tickets.ticket_file, name="ticket_file"),
    path("articles/", guide.articles, name="articles"),
    path("articles/<slug:page>/", guide.article, name="article"),
    path("webinars/<slug:page>/", webinars.webinar, name="webinar"),
    path("webinars/<slug:page>/place/", webinars.webinar_place, name="webinar_place"),
    path("webinars/<slug:page>/calendar/", webinars.webinar_calendar, name="webinar_calendar"),
    path("official/", official.official_requests, name="official_requests"),
    path("official/new/", official.ask_official, name="ask_official"),
    path("official/<uuid:ref>/", official.official_request, name="official_request"),
    path("official/<uuid:ref>/decision/", official.decide_official, name="decide_official"),
    path("official/calls/<uuid:ref>/", official_calls.official_call, name="official_call"),
    path(
        "official/calls/<uuid:ref>/answer/", official_calls.answer_call, name="answer_official_call"
    ),
    path("<slug:page>/", guide.support_page, name="support_page"),
]
