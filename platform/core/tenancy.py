"""Which school a piece of work belongs to: ``in_school`` is the only way to switch.

Source: architecture, “a request finds its school by its host name”.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import connection
from django.utils import timezone

from core.database.places import Nowhere


class SchoolLike(Protocol):
    """What the kernel needs to know of a school."""

    schema_name: str
    ref: UUID
    slug: str
    name: str
    time_zone: str
    text_keyset: bytes
    files_keyset: bytes

    @property
    def url(self) -> str:
        """The school's registered address, without a closing slash."""
        ...


class FaceLike(Protocol):
    """What the kernel needs to know of a face of the control plane (helpdesk, ops)."""

    @property
    def label(self) -> str:
        """First label of its host name."""
        ...

    @property
    def time_zone(self) -> str:
        """IANA name."""
        ...

    @property
    def name(self) -> str:
        """As pages and emails call it."""
        ...

    @property
    def url(self) -> str:
        """Its address, without a closing slash."""
        ...


class NoSchool(RuntimeError):
    """Work that belongs to a school was started without choosing one."""


_face: ContextVar[FaceLike | None] = ContextVar("face", default=None)


def _wrapper() -> Any:
    # django-tenants adds its methods to Django's connection, which django-stubs cannot know.
    return cast(Any, connection)


def is_school(tenant: object) -> bool:
    """Say whether ``tenant`` is a school rather than the control plane."""
    return bool(getattr(tenant, "ref", None))


@contextmanager
def in_school(school: SchoolLike) -> Iterator[None]:
    """Do the block's work in one school: its role, its schema, its time zone, its name in logs.

    The public schema is not on the search path, so a table that is missing from the school's
    schema is an error and never somebody else's rows.

    Raises:
        NoSchool: ``school`` is not an onboarded school.
    """
    if not is_school(school):
        raise NoSchool("Choose a school first.")
    previous = _wrapper().tenant
    _wrapper().set_tenant(school, include_public=False)
    try:
        with (
            timezone.override(ZoneInfo(school.time_zone)),
            structlog.contextvars.bound_contextvars(school=str(school.ref)),
        ):
            yield
    finally:
        _restore(previous)


@contextmanager
def nowhere() -> Iterator[None]:
    """Do the block's work as nobody: only functions open to all that log in can be called.

    They are what finds a school for a host name, or for the reference in a message.
    """
    previous = _wrapper().tenant
    _wrapper().set_tenant(Nowhere(), include_public=False)
    try:
        yield
    finally:
        _restore(previous)


@contextmanager
def in_control_plane() -> Iterator[None]:
    """Do the block's work in the public schema, as its role, whatever was chosen before."""
    previous = _wrapper().tenant
    _wrapper().set_schema_to_public()
    try:
        yield
    finally:
        _restore(previous)


@contextmanager
def at_face(face: FaceLike) -> Iterator[None]:
    """Do the block's work in the control plane, at one of its faces.

    Sessions, links and other signed values belong to the face: see ``place``.
    """
    token = _face.set(face)
    try:
        with (
            in_control_plane(),
            timezone.override(ZoneInfo(face.time_zone)),
            structlog.contextvars.bound_contextvars(face=face.label),
        ):
            yield
    finally:
        _face.reset(token)


def current_face() -> FaceLike | None:
    """Return the face of the control plane that the work belongs to; None at a school."""
    return None if is_school(_wrapper().tenant) else _face.get()


def _restore(previous: Any) -> None:
    _wrapper().set_tenant(previous, include_public=False)


def current_school() -> SchoolLike:
    """Return the school that the work belongs to.

    Raises:
        NoSchool: Nothing was chosen (fails closed).
    """
    tenant = _wrapper().tenant
    if not is_school(tenant):
        raise NoSchool("This belongs to a school, and none was chosen.")
    return cast(SchoolLike, tenant)


def current_place() -> SchoolLike | FaceLike:
    """Return the school, or the face of the control plane, that the work belongs to.

    Raises:
        NoSchool: Neither was chosen (fails closed).
    """
    return current_face() or current_school()


def current_zone() -> ZoneInfo:
    """Return the time zone of the current school, or of the face of the control plane.

    Raises:
        NoSchool: Neither was chosen.
    """
    return ZoneInfo(current_place().time_zone)


def place() -> str:
    """Return where the work belongs: the salt of signed values.

    The current school's reference, ``control-plane:helpdesk`` or ``control-plane:ops``, or
    ``control-plane`` where no face was chosen.
    """
    tenant, face = _wrapper().tenant, current_face()
    if is_school(tenant):
        return str(tenant.ref)
    return f"control-plane:{face.label}" if face else "control-plane"


def place_ref() -> UUID | None:
    """Return the current school's reference; None in the control plane."""
    tenant = _wrapper().tenant
    return tenant.ref if is_school(tenant) else None
