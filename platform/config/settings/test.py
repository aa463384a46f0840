"""The tests: as production, with cheap password hashes."""

from config.settings.base import *  # noqa: F403 - settings are layered by star import

ENVIRONMENT = "test"
IS_DEMO = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
