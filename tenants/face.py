"""The ops face: who its people are."""

from core.actors import Actor
from core.faces import Face, facts_of, nobody_like
from tenants.actors import OperatorActor
from tenants.policies import Reader
from tenants.selectors import operator_of_user


def acting(actor: Actor) -> OperatorActor:
    """Make an operator of whoever has a session; nobody of whoever is none, or is one no more."""
    operator = None if actor.user_id is None else operator_of_user(actor.user_id)
    if operator is None:
        return OperatorActor(**nobody_like(actor))
    reader = Reader(
        operator_id=operator.pk,
        has_shown_key=actor.has_key,
        has_confirmed_key=actor.has_confirmed_key,
    )
    return OperatorActor(**facts_of(actor), reader=reader, name=operator.name)


FACE = Face(
    label="ops",
    word="operations",
    acting=acting,
    navigation=(("Schools", "dashboard", "students"), ("Onboarding", "onboarding", "incidents")),
)
