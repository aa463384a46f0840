"""The faces of the control plane: who their people are is worked out by what each face brings.

A face is an object in its own app; the setting ``CONTROL_PLANE_FACES`` names them.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from core.actors import Actor
from core.tenancy import current_face


@dataclass(frozen=True, kw_only=True)
class Face:
    """A site of the platform's own people.

    Attributes:
        label: First label of its host name.
        word: What it is, beside the platform's name.
        acting: Makes of whoever has a session the actor that the face's policies know; of
            somebody who is none of its people, nobody (``user_id`` is None).
        navigation: Label, name of the address and icon of each page.
    """

    label: str
    word: str
    acting: Callable[[Actor], Actor]
    navigation: tuple[tuple[str, str, str], ...]

    @property
    def ref(self) -> UUID:
        """A reference, the same for ever, for events."""
        return uuid5(NAMESPACE_URL, f"control-plane:{self.label}")

    @property
    def name(self) -> str:
        """As pages and emails call it."""
        return f"{settings.PLATFORM_NAME} {self.word}"

    @property
    def host(self) -> str:
        """Its host name."""
        return f"{self.label}.{settings.BASE_DOMAIN}"

    @property
    def url(self) -> str:
        """Its address, without a closing slash."""
        return settings.PUBLIC_ORIGIN.format(host=self.host)

    @property
    def time_zone(self) -> str:
        """The platform's own."""
        return settings.TIME_ZONE


def face_labelled(label: str) -> Face:
    """Return a face by the first label of its host name.

    Raises:
        KeyError: There is none.
    """
    return cast(Face, import_string(settings.CONTROL_PLANE_FACES[label]))


def face_with(ref: UUID) -> Face:
    """Return a face by its reference.

    Raises:
        LookupError: There is none.
    """
    for label in settings.CONTROL_PLANE_FACES:
        if (face := face_labelled(label)).ref == ref:
            return face
    raise LookupError("No face has this reference.")


def may_enter(user_id: int) -> bool:
    """Say whether an account belongs to somebody of the current face; at a school it does."""
    face = current_face()
    return face is None or cast(Face, face).acting(Actor(user_id=user_id)).user_id is not None


def facts_of(actor: Actor) -> dict[str, Any]:
    """Return what every actor has, to make a face's own actor of it."""
    return {field.name: getattr(actor, field.name) for field in fields(Actor)}


def nobody_like(actor: Actor) -> dict[str, Any]:
    """Return the facts of nobody, at the address and in the request of ``actor``."""
    return {"address": actor.address, "request_id": actor.request_id}


class WhoActsAtFace:
    """Makes of the session's person the face's own actor, or nobody.

    Comes after what reads the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on with its actor."""
        face = cast(Face | None, current_face())
        if face is not None:
            actor = face.acting(request.actor)  # type: ignore[attr-defined] # set by the middleware before
            request.actor = actor  # type: ignore[attr-defined] # Django lets middleware add to a request
            if actor.user_id is None:
                request.user = AnonymousUser()
        return self.get_response(request)
