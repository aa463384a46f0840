"""One machine: the demo and development, over plain HTTP on loopback."""

from config.settings.base import *  # noqa: F403 - settings are layered by star import

IS_DEMO = True
ENVIRONMENT = "demo"
