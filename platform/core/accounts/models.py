"""Accounts: an email address, a password that its owner chose, nothing about what they may do."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from core import clock
from core.identifiers import uuid7


class UserManager(BaseUserManager["User"]):
    """Makes accounts without a usable password (guide 1.1: nobody is ever given one)."""

    def create_user(self, *, email: str) -> "User":
        """Make an account; its owner sets the password through the first-time link."""
        user = self.model(email=email.strip().lower())
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person's account at one school (or at the control plane)."""

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField("email address", max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    #: Counts the password links sent, so that a newer one ends the older ones.
    password_links_sent = models.PositiveIntegerField(default=0)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)


class PasswordLinkRequest(models.Model):
    """Somebody asked for a password link; the address may or may not be known.

    The page writes this row for every address alike, and a worker looks the address up, so that
    neither the words nor the time of the answer tell whether it is known (guide 1.1).
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    requested_at = models.DateTimeField(default=clock.now, editable=False)

    def __str__(self) -> str:
        return str(self.ref)
