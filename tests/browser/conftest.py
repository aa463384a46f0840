"""A real Chromium before the real platform."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from infra.browser import find
from infra.embedded.services import Services
from tests.browser.person import Person
from tests.browser.stack import Stack

# Slow machines are slow, not wrong.
expect.set_options(timeout=20_000)


# For the package, not the session: Playwright's event loop must end before other tests use Django.
@pytest.fixture(scope="package")
def stack(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole product, seeded."""
    folder: Path = tmp_path_factory.mktemp("stories")
    (folder / "pictures").mkdir()
    made = Stack(services, folder)
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def person(chromium: Browser, stack: Stack) -> Iterator[Callable[..., Person]]:
    """Make people, each with a browser context that is closed after the test."""
    made: list[Person] = []

    def make(slug: str, name: str, **options: bool) -> Person:
        made.append(Person(chromium, stack, slug, name, **options))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
