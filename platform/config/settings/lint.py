"""For the type checker and commands on files, which load the settings but reach no service."""

import os

for _name, _value in {
    "SECRET_KEY": "lint",
    "BASE_DOMAIN": "localhost",
    "DATABASE_URL": "postgres://nobody@localhost/nothing",
    "CACHE_URL": "redis://localhost/1",
    "BROKER_URL": "redis://localhost/0",
    "S3_BUCKET": "nothing",
    "AUDIT_ANCHOR_BUCKET": "nothing",
}.items():
    os.environ.setdefault(_name, _value)

from config.settings.test import *  # noqa: E402, F403 - the variables come first
