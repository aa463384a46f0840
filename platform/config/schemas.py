"""Which tables live in which schema."""

#: The control plane's schema, ``public``.
PUBLIC_APPS = [
    "django_tenants",
    "tenants",
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
