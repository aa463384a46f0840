from django.db import migrations

from core.audit.guards import keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("schools", "0001_initial"),
        ("audit", "0003_chain"),
    ]

    operations = [
        keep_history("schools_accessgroup", "schools.accessgroup"),
        keep_history("schools_agency", "schools.agency"),
        keep_history("schools_alertgroup", "schools.alertgroup"),
        keep_history(
            "schools_alertgroup_members",
            "schools.alertgroup_members",
            parent=("alertgroup_id", "schools_alertgroup"),
        ),
        keep_history("schools_category", "schools.category"),
        keep_history("schools_staff", "schools.staff"),
        keep_history("schools_student", "schools.student"),
    ]
