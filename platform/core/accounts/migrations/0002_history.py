from django.db import migrations

from core.audit.guards import keep_history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("audit", "0003_chain"),
    ]

    operations = [
        # Never the password.
        keep_history("accounts_user", "accounts.user", only=("id", "ref", "email", "is_active")),
    ]
