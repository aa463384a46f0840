"""Finds every screen that somebody can get to by following links, one of each kind."""

from collections.abc import Iterator
from typing import Any

from django.urls import Resolver404, resolve

from tests.browser.person import Person

#: Where links do not lead, and people do: plain lists in place of typing, narrowed lists.
WITHOUT_LINK = ("/incidents/add/?list=1", "/audit/?kind=list&since=2020-01-01&until=2020-01-02")
#: Answers that are no page.
NO_PAGE = {"file", "audit_export", "mis_example", "account_logout"}
_LINKS = """() => [...document.querySelectorAll('a[href]')]
    .filter(a => a.origin === location.origin && !a.hasAttribute('download'))
    .map(a => a.pathname + a.search)"""


def name_of(path: str) -> str:
    """Return the name of a school's address, or nothing for one that is none."""
    try:
        return resolve(path.partition("?")[0], urlconf="config.urls.school").view_name
    except Resolver404:
        return ""


def screens_of(somebody: Person) -> Iterator[tuple[str, str]]:
    """Open one screen of each kind that somebody can reach; yield its name and path while it is open.

    Raises:
        AssertionError: A link leads to a page that is not there, or is not theirs.
    """
    waiting = ["/", *WITHOUT_LINK]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        name = name_of(path)
        kind = name if path not in WITHOUT_LINK else path
        if kind in seen or name in NO_PAGE or not name:
            continue
        seen.add(kind)
        answer: Any = somebody.page.goto(somebody.base + path)
        if answer.status in {403, 404} and path in WITHOUT_LINK:
            somebody.faults.clear()  # the browser notes it
            continue  # another role's
        assert answer.status == 200, f"{somebody.name}: {path} answered {answer.status}"
        waiting += somebody.page.evaluate(_LINKS)
        # Where the key is asked for first, that is the screen.
        yield name_of(somebody.page.evaluate("location.pathname")), path
