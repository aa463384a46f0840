"""A deployment: HTTPS, HSTS, everything from the environment."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403 - settings are layered by star import
from config.settings.base import KMS_KEY_ID, LOCAL_WRAPPING_KEY, SENTRY_DSN
from core.telemetry import start_sentry

if not (KMS_KEY_ID or LOCAL_WRAPPING_KEY):
    raise ImproperlyConfigured("Set KMS_KEY_ID: without it no school's keyset can be opened.")

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
# Preloading, which can hardly be undone, is for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

start_sentry(SENTRY_DSN)
