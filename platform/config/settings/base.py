"""Settings of every environment, read from environment variables (the README has the table)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ

from config.logs import LOGGING_CONFIG as LOGGING_CONFIG
from config.logs import configure_logs
from config.pool import forget_school
from config.schemas import HISTORY_APPS as HISTORY_APPS
from config.schemas import INSTALLED_APPS as INSTALLED_APPS
from config.schemas import SHARED_APPS as SHARED_APPS
from config.schemas import TENANT_APPS as TENANT_APPS
from config.schemas import WITHOUT_HISTORY as WITHOUT_HISTORY

# Lets classes name what they hold (``QuerySet[Incident]``) at run time too.
django_stubs_ext.monkeypatch()

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]

SECRET_KEY = env("SECRET_KEY")
DEBUG = False
#: A child's record is no place for demo accounts: only the demo's own settings turn this on.
IS_DEMO = False

# Hosts -------------------------------------------------------------------------------------------
BASE_DOMAIN = env("BASE_DOMAIN").lower()
_port = env("PUBLIC_PORT", default="")
PUBLIC_SCHEME = env("PUBLIC_SCHEME", default="https")
#: Where links in emails lead; never taken from a request.
PUBLIC_ORIGIN = f"{PUBLIC_SCHEME}://{{host}}{':' + _port if _port else ''}"
ALLOWED_HOSTS = [BASE_DOMAIN, f".{BASE_DOMAIN}"]
PLATFORM_NAME = "Safeguarding"
#: Sites of the platform's own people, by the first label of their host names.
CONTROL_PLANE_FACES = {"helpdesk": "helpdesk.face.FACE", "ops": "tenants.face.FACE"}
#: How many proxies of ours stand in front and append to X-Forwarded-For; 0: it is not believed.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SUPPORT_TELEPHONE = "01756 797766"
SUPPORT_EMAIL = "support@cpoms.co.uk"
SUPPORT_ADDRESS = (
    "CPOMS Systems Limited",
    "Unit 7",
    "Acorn Business Park",
    "Skipton",
    "North Yorkshire",
    "BD23 2UE",
)

# Wiring ------------------------------------------------------------------------------------------
MIDDLEWARE = [
    "core.telemetry.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.languages.SpokenByBrowser",
    "tenants.middleware.SchoolFromHost",
    # Outside of all that writes a word, so that nothing is written before it.
    "ui.hidden_names.HideNames",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.accounts.middleware.LockedSessions",
    "core.accounts.middleware.SessionLimits",
    "schools.middleware.WhoActs",
    "support.middleware.SupportSessions",
    "core.faces.WhoActsAtFace",
    "core.languages.SpokenByPerson",
    "django.contrib.messages.middleware.MessageMiddleware",
    "core.entrances.DoorKeeper",
    "safeguarding.middleware.KeysOutOfReach",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.telemetry.NoStore",
]
ROOT_URLCONF = "config.urls.www"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "config.shell.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database: one schema and one role a school ------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **env.db("DATABASE_URL"),
        "ENGINE": "core.database",
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": env.int("DATABASE_POOL_SIZE", default=8),
                "timeout": 5,
                # A backend's memory grows with each school it has served.
                "max_lifetime": 900,
                "reset": forget_school,
            },
            "connect_timeout": 5,
            "application_name": "safeguarding",
            # No transaction outlives half an hour: the record's seals look back an hour.
            "options": (
                "-c search_path= -c statement_timeout=300s -c transaction_timeout=1800s"
                " -c idle_in_transaction_session_timeout=300s"
            ),
        },
    }
}
#: Whoever migrates and onboards is the schemas' owner; web and worker processes are not told.
if _owner_url := env("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = {
        **env.db_url_config(_owner_url),
        "ENGINE": "core.database",
        "OWNS_SCHEMAS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "safeguarding-owner"},
    }
# The library asks this connection where it is whenever a school's row is saved.
TENANT_DB_ALIAS = "owner" if _owner_url else "default"
GET_EXECUTOR_FUNCTION = "tenants.migrating.executor_for"
#: Empty schemas that wait for a school.
READY_SCHEMAS = env.int("READY_SCHEMAS", default=10)
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_MODEL = "tenants.School"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
SCHOOL_OF = "tenants.selectors.school_of"
OUTBOX_SCHOOLS_DUE = "tenants.selectors.schools_with_due_events"
#: Row ids of staged files that something holds, so that the sweep leaves them.
ATTACHMENTS_HELD = "safeguarding.selectors.drafts.held_files"
#: Opens a ticket's file for an agent: at the school, whose keys sealed it.
TICKET_FILES = "support.files.open_for_desk"
#: Names whoever is on a school's record without an account there.
NAMES_ON_RECORD = "support.selectors.access.names_on_record"
AUDIT_SCHOOLS_UNSEALED = "tenants.selectors.schools_with_unsealed_audit"

# Cache: keys carry the school's schema -----------------------------------------------------------
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env("CACHE_URL"),
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

# Queue -------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env("BROKER_URL")
CELERY_BROKER_TRANSPORT = "core.broker:Transport"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Workers and beat wait for the broker for as long as it takes; a page does not.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_TIME_LIMIT = 600
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A message is given to somebody else only when nobody can be at work on it any more.
    "visibility_timeout": CELERY_TASK_TIME_LIMIT + 60,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    # Celery's retry=False leaves the transport's own retries on: six seconds for a dead broker.
    "max_retries": 0,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
#: What needs the schemas' owner goes to a worker that was told DATABASE_OWNER_URL, and to no other.
FLEET_QUEUE = "fleet"
CELERY_TASK_ROUTES = {
    name: {"queue": FLEET_QUEUE} for name in ("tenants.keep_schemas_ready", "schools.bring_on")
}
CELERY_BEAT_SCHEDULE = {
    "bring-schools-on": {
        "task": "schools.bring_on",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "keep-schemas-ready": {
        "task": "tenants.keep_schemas_ready",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "sweep-outboxes": {
        "task": "core.outbox.sweep",
        "schedule": 5.0,
        # A sweep that waited longer than this has been overtaken by the next one.
        "options": {"expires": 5},
    },
    "sweep-records": {
        "task": "core.audit.sweep",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "anchor-records": {
        "task": "core.audit.anchor_everywhere",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "relay-of-the-control-plane": {
        "task": "core.outbox.relay_control_plane",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "discard-orphaned-files": {
        "task": "core.attachments.discard_everywhere",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "discard-old-drafts": {
        "task": "safeguarding.discard_old_drafts_everywhere",
        "schedule": 86400.0,
        "options": {"expires": 86400},
    },
    "expire-mis-uploads": {
        "task": "schools.expire_uploads_everywhere",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "deal-out-tickets": {
        "task": "helpdesk.deal_out",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget-tickets-of-the-helpdesk": {
        "task": "helpdesk.forget_tickets",
        "schedule": 86400.0,
        "options": {"expires": 86400},
    },
    "forget-webinar-places": {
        "task": "helpdesk.forget_places",
        "schedule": 86400.0,
        "options": {"expires": 86400},
    },
    "forget-tickets": {
        "task": "support.forget_tickets_everywhere",
        "schedule": 86400.0,
        "options": {"expires": 86400},
    },
    "close-completed-tickets": {
        "task": "helpdesk.close_completed",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "refresh-bank-holidays": {
        "task": "helpdesk.refresh_holidays",
        "schedule": 86400.0,
        "options": {"expires": 86400},
    },
    "rotate-keysets": {
        "task": "tenants.rotate_keysets",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
}

# Object store and keys ---------------------------------------------------------------------------
S3_ENDPOINT_URL = env("S3_ENDPOINT_URL", default=None)
S3_BUCKET = env("S3_BUCKET")
S3_ACCESS_KEY_ID = env("S3_ACCESS_KEY_ID", default=None)
S3_SECRET_ACCESS_KEY = env("S3_SECRET_ACCESS_KEY", default=None)
S3_REGION = env("S3_REGION", default="eu-west-2")
KMS_KEY_ID = env("KMS_KEY_ID", default=None)
#: Keys that still open what they wrapped, until ``rewrap_keysets`` has been through.
KMS_FORMER_KEY_IDS = env.list("KMS_FORMER_KEY_IDS", default=[])
KMS_ENDPOINT_URL = env("KMS_ENDPOINT_URL", default=None)
LOCAL_WRAPPING_KEY = env("LOCAL_WRAPPING_KEY", default=None)
#: A keyset gets a new key when its newest is older than this.
KEYSET_ROTATION_DAYS = env.int("KEYSET_ROTATION_DAYS", default=365)
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=100 * 1000 * 1000)
# A bucket with Object Lock; retention is in COMPLIANCE mode, which nobody can shorten.
AUDIT_ANCHOR_BUCKET = env("AUDIT_ANCHOR_BUCKET")
#: Fifteen years, leap days included.
AUDIT_ANCHOR_DAYS = env.int("AUDIT_ANCHOR_DAYS", default=5479)
#: An export from an MIS up to this size is checked and imported while the page waits.
MIS_UPLOAD_SMALL_BYTES = env.int("MIS_UPLOAD_SMALL_BYTES", default=1_500_000)
MIS_UPLOAD_KEPT = timedelta(days=1)
FILE_UPLOAD_HANDLERS = ["core.attachments.uploadhandler.SealingUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Mail --------------------------------------------------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env("SMTP_HOST", default="localhost")
EMAIL_PORT = env.int("SMTP_PORT", default=25)
EMAIL_HOST_USER = env("SMTP_USER", default="")
EMAIL_HOST_PASSWORD = env("SMTP_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("SMTP_STARTTLS", default=False)
EMAIL_TIMEOUT = 10
# How long the words and files of a closed ticket are kept: 24 months; of an official one 7 years.
TICKET_RETENTION_DAYS = env.int("TICKET_RETENTION_DAYS", default=731)
OFFICIAL_RETENTION_DAYS = env.int("OFFICIAL_RETENTION_DAYS", default=2557)
# How long after a webinar who had a place is kept.
WEBINAR_RETENTION_DAYS = env.int("WEBINAR_RETENTION_DAYS", default=90)
# To the right of the @ of the addresses that requesters can reply to; empty: nobody can.
INBOUND_MAIL_DOMAIN = env("INBOUND_MAIL_DOMAIN", default="").lower()
INBOUND_MAIL_MAX_BYTES = env.int("INBOUND_MAIL_MAX_BYTES", default=35_000_000)
DEFAULT_FROM_EMAIL = env("MAIL_FROM", default=f"Safeguarding <no-reply@{BASE_DOMAIN}>")

# People ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "core.accounts.passwords.GuessabilityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_ADAPTER = "core.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {"login": "core.accounts.forms.LoginForm"}
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "reset_password": "20/m/ip,5/h/key",
}
MFA_ADAPTER = "core.accounts.key_adapter.KeyAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "core.accounts.key_forms.AppForm",
    "add_webauthn": "core.accounts.key_forms.NewPasskeyForm",
}
#: A passkey is shown after the password, never in its place (guide 1.1).
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_PASSKEY_SIGNUP_ENABLED = False
#: Asked for, and not insisted on: the password was the first factor, a plain security key will do.
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
#: A telephone may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = PLATFORM_NAME

# Sessions and cookies: each school's own, bound to its host --------------------------------------
SESSION_ENGINE = "core.accounts.sessions"
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
#: A session ends so long after the log-in, and so long after its last use.
SESSION_COOKIE_AGE = env.int("SESSION_ABSOLUTE_SECONDS", default=8 * 60 * 60)
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
#: The screen goes blank so long after the last input, in every tab (guide 5.2) ...
BLANK_AFTER_SECONDS = 15 * 60
#: ... and the session locks when it has been blank for so long.
BLANK_LOCK_SECONDS = env.int("BLANK_LOCK_SECONDS", default=5 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
# Scripts take the token from the page.
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Browser -----------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# Language, time, files ---------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
#: Each in its own words. A further one needs a constraint of ``accounts.User`` and a catalogue.
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [ROOT / "platform" / "locale"]
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_HTTPONLY = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
STATIC_URL = "/static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(ROOT / "staticfiles"))
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Telemetry ---------------------------------------------------------------------------------------
LOG_FORMAT = env("LOG_FORMAT", default="json")
LOGGING = configure_logs(LOG_FORMAT, env("LOG_LEVEL", default="INFO"))
SENTRY_DSN = env("SENTRY_DSN", default="")
ENVIRONMENT = env("ENVIRONMENT", default="production")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
}
