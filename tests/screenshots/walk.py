"""Goes through every screen as everybody, and takes its picture three ways."""

from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error

from tests.browser.person import NARROW, WIDE, Person
from tests.browser.spider import screens_of
from tests.browser.stack import Stack
from tests.screenshots.states import INSIDE, STATES

SCHOOL = "greenwood"
ROLES = ("teacher", "dsl", "head")
_WAYS = (("wide", WIDE, "light"), ("phone", NARROW, "light"), ("dark", WIDE, "dark"))


def walk(browser: Browser, stack: Stack, folder: Path) -> Iterator[str]:
    """Yield the name of each screen whose pictures have been taken."""
    for role in ROLES:
        somebody = Person(browser, stack, SCHOOL, role)
        somebody.log_in()
        somebody.page.get_by_role("heading", name="Dashboard").wait_for()
        for screen, path in screens_of(somebody):
            suffix = "-list" if "list=1" in path else ""
            yield _take(somebody, folder, f"{role}-{screen}{suffix}")
        for name, reach in INSIDE[role].items():
            yield _reach(somebody, folder, name, reach)
        somebody.context.close()
    for name, (role, reach) in STATES.items():
        somebody = Person(browser, stack, SCHOOL, role)
        yield _reach(somebody, folder, name, reach)
        somebody.context.close()


def _reach(somebody: Person, folder: Path, name: str, reach: Callable[[Person], None]) -> str:
    try:
        reach(somebody)
    except (AssertionError, Error) as fault:
        # The other pictures are wanted all the same; this one shows where it stopped.
        return f"{_take(somebody, folder, f'state-{name}')}: NOT REACHED: {fault}"
    return _take(somebody, folder, f"state-{name}")


def _take(somebody: Person, folder: Path, name: str) -> str:
    for way, size, scheme in _WAYS:
        somebody.page.set_viewport_size(size)  # type: ignore[arg-type] # a dict of the right shape
        somebody.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of both
        somebody.page.screenshot(path=folder / f"{name}-{way}.png", full_page=True)
    somebody.page.set_viewport_size(WIDE)  # type: ignore[arg-type] # as above
    somebody.page.emulate_media(color_scheme="light")
    return name
