"""Accounts: an email address, a password that its owner chose, nothing about what they may do."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

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
    email = models.EmailField(_("email address"), max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    #: Counts the password links sent, so that a newer one ends the older ones.
    password_links_sent = models.PositiveIntegerField(default=0)
    #: Counts what was done to the person's keys: each change ends the sessions begun before it.
    key_changes = models.PositiveIntegerField(default=0)
    #: When the person said that they have lost their key, until they show one or set one up.
    key_reported_lost_at = models.DateTimeField(null=True, blank=True)

    #: What the person is spoken to in, a code of ``settings.LANGUAGES``; empty: their browser's.
    language = models.CharField(max_length=10, blank=True, default="", db_default="")

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(language__in=("", "cy", "en-gb")),
                name="user_language_is_one_of_ours",
            ),
        ]

    def __str__(self) -> str:
        return str(self.ref)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's, over the password, with the keys besides: a session holds its own and is
        # nobody's as soon as the two differ.
        salt = "core.accounts.models.User.get_session_auth_hash"
        what = f"{self.password}\x1f{self.key_changes}"
        return salted_hmac(salt, what, secret=secret, algorithm="sha256").hexdigest()


#: How long after a reset a new key may be set up on the password alone.
RESET_IS_OPEN = timedelta(hours=24)


class KeyReset(models.Model):
    """A colleague made sure in person who somebody is, and took their keys away for new ones.

    Attributes:
        helper: Whose account it was; None for the people who run the platform.
        open_until: Until when a new key may be set up.
    """

    ref = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="key_resets")
    helper = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reset_at = models.DateTimeField(default=clock.now, editable=False)
    open_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(open_until__gt=models.F("reset_at")),
                name="key_reset_is_open_for_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(helper=models.F("user")) | models.Q(helper__isnull=True),
                name="key_reset_is_never_ones_own",
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
