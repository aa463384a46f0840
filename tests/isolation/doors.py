"""Every address of the platform, found by walking the URLconfs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from uuid import UUID

from django.urls import URLPattern, URLResolver, reverse

from core.entrances import anyone
from helpdesk import policies as helpdesk
from schools import policies
from support import policies as support
from tenants import policies as ops
from tenants.terms import Face
from tests.isolation.world import World

PUBLIC, IDENTIFY, CONFIRM = "public", "identify", "confirm"
SEE_KEYS, RESET_KEYS = "see_keys", "reset_keys"
ENTER, HOLD_KEY, EXPORT, ADMINISTER = "enter", "hold_key", "export", "administer"
ADD = "add"
#: Rows of one's own, and for administrators: for anybody else they are not there.
OWN = "own"
IMPORT = "import"

#: What the helpdesk publishes for all schools alike, by the segments before its name.
PAGES = {"support/articles/": "lost-your-key", "support/webinars/": "first-steps"}

#: A policy that is not here is new: say what it lets in, here and in the matrix.
KINDS: dict[Callable[..., Any], str] = {
    anyone: PUBLIC,
    policies.why_not_identify: IDENTIFY,
    policies.why_not_change_keys: CONFIRM,
    policies.why_not_see_keys: SEE_KEYS,
    policies.why_not_reset_keys: RESET_KEYS,
    policies.why_not_enter: ENTER,
    policies.why_not_add: ADD,
    policies.why_not_hold_key: HOLD_KEY,
    policies.why_not_export: EXPORT,
    policies.why_not_administer: ADMINISTER,
    policies.why_not_import: IMPORT,
    support.why_not_open: OWN,
    support.why_not_grant: IMPORT,
    # Administrators and key holders, as for keys.
    support.why_not_see_official: SEE_KEYS,
    support.why_not_ask_official: RESET_KEYS,
    ops.why_not_identify: IDENTIFY,
    ops.why_not_enter: ENTER,
    ops.why_not_change_keys: CONFIRM,
    helpdesk.why_not_identify: IDENTIFY,
    helpdesk.why_not_enter: ENTER,
    helpdesk.why_not_answer: ENTER,
    # Likewise, and editors; agents: tests/helpdesk/test_articles.py.
    helpdesk.why_not_edit: ENTER,
    # The helpdesk's person who knocks is a lead; agents: tests/helpdesk/test_reports.py.
    helpdesk.why_not_lead: ENTER,
    helpdesk.why_not_change_keys: CONFIRM,
}


@dataclass(frozen=True, kw_only=True)
class Door:
    """One address."""

    face: str
    name: str
    route: str
    view: Callable[..., Any]
    parameters: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.face}:{self.name or self.route}"

    @property
    def kind(self) -> str:
        """Who may come in, as the view declares."""
        return KINDS[getattr(self.view, "policy")]  # noqa: B009 - an AttributeError says it

    @property
    def takes_ref(self) -> bool:
        """Whether the address holds a reference to a row."""
        return ("ref", "uuid") in self.parameters

    def path(self, world: World, ref: UUID | None = None) -> str:
        """Return the address of the world's row, or of another reference."""
        kwargs = {name: self._value(world, name, ref) for name, _ in self.parameters}
        return reverse(self.name, urlconf=f"config.urls.{self.face}", kwargs=kwargs)

    def _value(self, world: World, name: str, ref: UUID | None) -> Any:
        if name == "token":
            return world.link("staff").split("/")[4]
        if name == "page":
            return PAGES.get(self.route.partition("<")[0], "first-password")
        assert name == "ref", f"{self}: what is “{name}”?"
        # A KeyError here says that an address leads to a kind of row that the world lacks.
        return ref or world.refs[self.route.partition("<")[0]]


def doors_of(face: str) -> list[Door]:
    """Return every address of a face."""
    return list(_walk(face, import_module(f"config.urls.{face}").urlpatterns))


def every_door() -> list[Door]:
    """Return every address of every face."""
    return [door for face in Face for door in doors_of(face.value)]


def _walk(face: str, patterns: Any, route: str = "", space: str = "") -> Iterator[Door]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(face, pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            yield Door(
                face=face,
                name=f"{space}{pattern.name}" if pattern.name else "",
                route=here,
                view=pattern.callback,
                parameters=tuple(
                    (name, type(converter).__name__.removesuffix("Converter").lower())
                    for name, converter in pattern.pattern.converters.items()
                ),
            )
