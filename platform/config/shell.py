"""What the page shell shows around every page."""

from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop

from core.faces import Face
from core.tenancy import current_face
from helpdesk.actors import AgentActor
from safeguarding.selectors.dashboard import unread_alerts
from schools.actors import StaffActor
from schools.policies import (
    why_not_add,
    why_not_administer,
    why_not_enter,
    why_not_hold_key,
    why_not_see_keys,
)
from schools.selectors import staff_of_user
from support.actors import SupportActor
from support.selectors.access import live_accesses
from support.terms import PAGES_OPEN
from tenants.actors import OperatorActor
from ui.hidden_names import are_hidden

_PAGES = (
    (gettext_noop("Dashboard"), "dashboard", why_not_enter),
    (gettext_noop("Incidents"), "incidents", why_not_hold_key),
    (gettext_noop("Students"), "students", why_not_hold_key),
    (gettext_noop("Audit"), "audit", why_not_hold_key),
    (gettext_noop("Support"), "support", why_not_enter),
    (gettext_noop("Administration"), "administration", why_not_administer),
)
#: In the person's own menu.
_PERSONS_OWN = (
    (gettext_noop("Your keys and sessions"), "account_keys", why_not_enter),
    (gettext_noop("Drafts"), "drafts", why_not_enter),
    (gettext_noop("Colleagues’ keys"), "staff_keys", why_not_see_keys),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the school's name, the person's name and the pages they may open."""
    school = getattr(request, "school", None)
    actor = getattr(request, "actor", None)
    if face := cast(Face | None, current_face()):
        return _face_shell(request, face)
    context: dict[str, Any] = _languages(request)
    if school is None:
        return context
    context |= {
        "school_name": school.name,
        "log_out_url": _url(request, "account_logout"),
    }
    if locked := getattr(request, "locked_user", None):
        staff = staff_of_user(locked.pk)
        context["locked_name"] = staff.display_name if staff else locked.email
    if not isinstance(actor, StaffActor) or actor.reader.staff_id is None:
        return context
    context["person_name"] = actor.name
    if isinstance(actor, SupportActor):
        return context | _visit(request, actor)
    if why_not_enter(actor.reader):
        return context
    context["names_url"] = _url(request, "hide_names")
    context["names_hidden"] = are_hidden()
    context["blank"] = blank(request)
    context["printed_url"] = _url(request, "page_printed")
    context["unread"] = unread = _Unread(actor)
    context["navigation"] = _navigation(request, actor, unread)
    context["person_menu"] = [
        {"label": gettext(label), "url": _url(request, name)}
        for label, name, why_not in _PERSONS_OWN
        if why_not(actor.reader) is None
    ]
    if actor.reader.administers:
        context["visitors"] = _Visitors()
        context["visitors_url"] = _url(request, "support_accesses")
    if why_not_add(actor.reader) is None:
        context["add_incident_url"] = _url(request, "add_incident")
    return context


def _visit(request: HttpRequest, actor: SupportActor) -> dict[str, Any]:
    """Return what stands around a page while an agent of the helpdesk looks at it."""
    seen = [(label, name) for label, name, _ in _PAGES if name in PAGES_OPEN[actor.scope]]
    places = [_place(request, gettext(label), name, name) for label, name in seen]
    return {
        "visit": actor,
        "leave_url": _url(request, "leave_support"),
        "home_url": places[0]["url"],
        "navigation": places,
        # Choosing a language is a form, which is shut to them: they read what their browser asks for.
        "language_url": "",
    }


class _Visitors:
    """Agents of the helpdesk who may look at the site now; asked once, by a page that says so."""

    @cached_property
    def all(self) -> list[Any]:
        """Each with name, scope and end."""
        return live_accesses()


def _languages(request: HttpRequest) -> dict[str, Any]:
    """Return where the language is switched, and those that are not spoken now."""
    if not hasattr(request, "urlconf"):
        return {}
    spoken = get_language()
    others = [(code, name) for code, name in settings.LANGUAGES if code != spoken]
    return {"language_url": _url(request, "choose_language"), "other_languages": others}


def _face_shell(request: HttpRequest, face: Face) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    context: dict[str, Any] = {
        "school_name": face.name,
        "is_face": True,
        "log_out_url": _url(request, "account_logout"),
    }
    if locked := getattr(request, "locked_user", None):
        context["locked_name"] = locked.email
    if not isinstance(actor, AgentActor | OperatorActor) or actor.user_id is None:
        return context
    context["person_name"] = actor.name
    context["blank"] = blank(request)
    if actor.has_key:
        label, name, _ = _PERSONS_OWN[0]
        context["person_menu"] = [{"label": gettext(label), "url": _url(request, name)}]
        context["navigation"] = [
            _place(request, label, name, icon) for label, name, icon in face.navigation
        ]
    return context


def blank(request: HttpRequest) -> dict[str, Any]:
    """Return what ‘Blank Screen’ needs: seconds, and where the session is locked and unlocked."""
    return {
        "after": settings.BLANK_AFTER_SECONDS,
        "lock_after": settings.BLANK_LOCK_SECONDS,
        "lock_url": _url(request, "lock_session"),
        "unlock_url": _url(request, "account_unlock"),
    }


def _place(request: HttpRequest, label: str, name: str, icon: str) -> dict[str, Any]:
    url = _url(request, name)
    return {"label": label, "url": url, "icon": icon, "current": _is_current(request.path, url)}


def _navigation(request: HttpRequest, actor: StaffActor, unread: "_Unread") -> list[dict[str, Any]]:
    places = [
        _place(request, gettext(label), name, name)
        for label, name, why_not in _PAGES
        if why_not(actor.reader) is None
    ]
    places[0]["count"] = unread
    return places


class _Unread:
    """How many alerts the person has not read; asked once, and only by a page that says it."""

    #: More than these are “99+”.
    MOST = 99

    def __init__(self, actor: StaffActor) -> None:
        self._reader = actor.reader

    @cached_property
    def number(self) -> int:
        """How many there are, one more than ``MOST`` for more."""
        return unread_alerts(self._reader, most=self.MOST + 1)

    def __str__(self) -> str:
        return f"{self.MOST}+" if self.number > self.MOST else str(self.number)

    def __bool__(self) -> bool:
        return self.number > 0


def _url(request: HttpRequest, name: str) -> str:
    # The face's own URLconf by name: where a middleware fails, Django has not chosen it yet, and
    # the error page must not fail too.
    return reverse(name, urlconf=getattr(request, "urlconf", None))


def _is_current(here: str, url: str) -> bool:
    return here == url if url == "/" else here.startswith(url)
