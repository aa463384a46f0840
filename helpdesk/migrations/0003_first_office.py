"""The office as it begins: its week, what it promises, its teams."""

from django.db import migrations

#: Monday to Thursday 08:30–17:30, Friday 08:30–17:00, in minutes after midnight.
WEEK = {0: (510, 1050), 1: (510, 1050), 2: (510, 1050), 3: (510, 1050), 4: (510, 1020)}
#: Minutes of working time until the first reply and until the end.
TARGETS = {"urgent": (30, 240), "high": (60, 480), "normal": (120, 960), "low": (480, 2400)}
TEAMS = {
    "Accounts": ("logging_in", "key", "staff", "email"),
    "Records": ("recording", "students", "mis_import", "other"),
    "Official requests": ("official",),
}
#: Of England and Wales.
BANK_HOLIDAYS = {
    "2026-01-01": "New Year’s Day",
    "2026-04-03": "Good Friday",
    "2026-04-06": "Easter Monday",
    "2026-05-04": "Early May bank holiday",
    "2026-05-25": "Spring bank holiday",
    "2026-08-31": "Summer bank holiday",
    "2026-12-25": "Christmas Day",
    "2026-12-28": "Boxing Day",
    "2027-01-01": "New Year’s Day",
    "2027-03-26": "Good Friday",
    "2027-03-29": "Easter Monday",
    "2027-05-03": "Early May bank holiday",
    "2027-05-31": "Spring bank holiday",
    "2027-08-30": "Summer bank holiday",
    "2027-12-27": "Christmas Day",
    "2027-12-28": "Boxing Day",
}
#: Title, topic and text.
CANNED_REPLIES = (
    (
        "A new password link",
        "logging_in",
        "Dear {requester},\n\non your school’s log-in page choose ‘Forgotten your password or using CPOMS for the first"
        " time?’ and enter your email address. The link that arrives works until midnight.\n\n{agent}",
    ),
    (
        "A lost key",
        "key",
        "Dear {requester},\n\nan administrator or a key holder of {school} can reset your key under"
        " ‘Colleagues’ keys’. You set up a new one when you next log in.\n\n{agent}",
    ),
    (
        "No student’s name, please",
        "",
        "Dear {requester},\n\nplease do not send us students’ names: we never need them to help you. Tell us"
        " what you see on the page instead.\n\n{agent}",
    ),
)


def open_office(apps, _schema_editor):
    def rows(name):
        return apps.get_model("helpdesk", name).objects

    calendar = rows("OfficeCalendar").create(name="Office", is_default=True)
    for weekday, (opens, closes) in WEEK.items():
        rows("WeeklyHours").create(calendar=calendar, weekday=weekday, opens=opens, closes=closes)
    for on, name in BANK_HOLIDAYS.items():
        rows("BankHoliday").create(division="england-and-wales", on=on, name=name)
    for priority, (first_reply, resolution) in TARGETS.items():
        rows("Target").create(
            priority=priority, first_reply_minutes=first_reply, resolution_minutes=resolution
        )
    for title, topic, text in CANNED_REPLIES:
        rows("CannedReply").create(title=title, topic=topic, text=text)
    for name, topics in TEAMS.items():
        team = rows("Team").create(name=name)
        for topic in topics:
            rows("TopicTeam").create(topic=topic, team=team)


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0002_tickets")]

    operations = [migrations.RunPython(open_office, migrations.RunPython.noop)]
