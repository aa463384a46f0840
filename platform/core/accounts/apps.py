"""The accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People's accounts: log-in, first password, key."""

    name = "core.accounts"
    label = "accounts"
