"""Which tables live in which schema."""

#: The control plane's schema, ``public``.
PUBLIC_APPS = [
    # Before the library, whose command ``migrate_schemas`` it replaces.
    "tenants",
    "django_tenants",
    "helpdesk",
]

#: Every schema has its own: people's accounts, sessions, the record, the outbox.
KERNEL_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "core.accounts",
    "core.audit",
    "core.outbox",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

#: A school's schema.
SCHOOL_APPS = [
    "core.attachments",
    "schools",
    "safeguarding",
    "support",
]

#: No tables.
TABLELESS_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.humanize",
    "rest_framework",
    "ui",
    "notifications",
]

SHARED_APPS = [*PUBLIC_APPS, *KERNEL_APPS, *TABLELESS_APPS]
TENANT_APPS = [*KERNEL_APPS, *SCHOOL_APPS]
INSTALLED_APPS = list(dict.fromkeys([*SHARED_APPS, *TENANT_APPS]))

#: Apps whose rows have their history on record, written by triggers (`core.audit.guards`) ...
HISTORY_APPS = ["core.accounts", "tenants", "helpdesk", "schools", "safeguarding", "support"]
#: ... apart from these tables, and why.
WITHOUT_HISTORY = {
    "accounts_passwordlinkrequest": "anybody may ask for any address, and nothing comes of it",
    "schools_studentsearch": "folded by the database out of names, whose own history is on record",
    "schools_staffsearch": "likewise",
    "safeguarding_draft": "not submitted yet, sealed, and its author's alone",
    "safeguarding_draftfile": "likewise: which files a draft holds",
    "safeguarding_sentform": "keeps a late save from bringing a draft back; gone after two days",
    "tenants_blueprint": "made of the migrations, which the repository keeps",
    "tenants_establishment": "the DfE's register, which is public",
    "tenants_onboarding": "who asked for it is on record, and its steps stand in it",
    "tenants_readyschema": "an empty schema, before it is a school's",
    "tenants_schoolmigration": "a record itself, only ever added to",
    "helpdesk_ticketevent": "a ticket's own history, only ever added to",
    "helpdesk_ticketfile": "the message that brought it is on record, and names are not",
    "helpdesk_bankholiday": "copied from the government's list, and known to everybody",
    "helpdesk_schoolcard": "a copy of what the school's own record holds, told anew with each ticket",
}
