"""Addresses of the helpdesk."""

from django.urls import path

from helpdesk.views import access, deeds, live, office, official, people, queues, reports, tickets

urlpatterns = [
    path("", queues.console, name="dashboard"),
    path("search/", queues.search, name="search_tickets"),
    path("presence/", queues.presence, name="presence"),
    path("live/", live.live, name="live"),
    path("tickets/<uuid:ref>/", tickets.ticket, name="ticket"),
    path("tickets/<uuid:ref>/say/", tickets.say, name="say"),
    path("tickets/<uuid:ref>/promises/", tickets.promises, name="ticket_promises"),
    path("tickets/<uuid:ref>/sort/", tickets.sort_ticket, name="sort_ticket"),
    path("tickets/<uuid:ref>/take/", deeds.take, name="take_ticket"),
    path("tickets/<uuid:ref>/assign/", deeds.assign, name="assign_ticket"),
    path("tickets/<uuid:ref>/complete/", deeds.complete, name="complete_ticket"),
    path("tickets/<uuid:ref>/official/complete/", official.complete, name="complete_official"),
    path("calls/", official.call_list, name="calls"),
    path("calls/note/", official.note_call, name="note_call"),
    path("tickets/<uuid:ref>/reopen/", deeds.reopen, name="reopen_ticket"),
    path("tickets/<uuid:ref>/priority/", deeds.change_priority, name="change_priority"),
    path("tickets/<uuid:ref>/topic/", deeds.change_topic, name="change_topic"),
    path("tickets/<uuid:ref>/team/", deeds.change_team, name="change_team"),
    path("tickets/<uuid:ref>/tags/", deeds.tag, name="tag_ticket"),
    path("tickets/<uuid:ref>/tags/remove/", deeds.untag, name="untag_ticket"),
    path("tickets/<uuid:ref>/notice/", deeds.link_notice, name="link_notice"),
    path("tickets/<uuid:ref>/merge/", deeds.merge, name="merge_ticket"),
    path("ticket-messages/<uuid:ref>/undo/", deeds.undo_send, name="undo_send"),
    path("alarms/<uuid:ref>/acknowledge/", deeds.acknowledge, name="acknowledge_alarm"),
    path("ticket-files/<uuid:ref>/", tickets.ticket_file, name="ticket_file"),
    path("reports/", reports.reports, name="reports"),
    path("reports/download/", reports.download, name="download_report"),
    path("people/", people.people_page, name="people"),
    path("people/teams/", people.add_team, name="add_team"),
    path("people/topics/", people.set_topics, name="set_topics"),
    path("people/<uuid:ref>/", people.agent, name="agent"),
    path("tickets/<uuid:ref>/access/", access.ask, name="ask_access"),
    path("access/<uuid:ref>/open/", access.open_site, name="open_site"),
    path("access/<uuid:ref>/end/", access.withdraw, name="end_access"),
    path("office/", office.office_page, name="office"),
    path("office/week/", office.week, name="office_week"),
    path("office/days/", office.special_day, name="special_day"),
    path("office/days/remove/", office.remove_special_day, name="remove_special_day"),
    path("office/targets/", office.target, name="office_target"),
    path("office/notices/", office.notices, name="open_notice"),
    path("office/notices/<uuid:ref>/close/", office.close_notice, name="close_notice"),
    path("office/canned/", office.canned_replies, name="add_canned_reply"),
    path("office/canned/<uuid:ref>/", office.canned_reply, name="canned_reply"),
    path(
        "office/canned/<uuid:ref>/remove/", office.remove_canned_reply, name="remove_canned_reply"
    ),
]
