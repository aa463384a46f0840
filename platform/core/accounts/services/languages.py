"""The language in which somebody is spoken to."""

from django.db import transaction

from core.accounts.models import User
from core.actors import Actor
from core.audit import services as audit


@transaction.atomic(durable=True)
def choose_language(*, actor: Actor, user: User, language: str) -> None:
    """Keep the language that a person chose, for their pages and emails.

    Args:
        actor: Who does it: the person themselves.
        user: Whose account it is.
        language: A code of ``settings.LANGUAGES``.
    """
    User.objects.filter(pk=user.pk).update(language=language)
    audit.record(actor, "account.language_changed", user, language=language)
