"""``make screenshots``: every screen of a school, filled, in ``.run/screenshots/``.

Each as a wide page, on a phone, and dark: ``dsl-incident-wide.png``, ``…-phone.png``, ``…-dark.png``. The demo's invented
term of concerns fills them. Screens without a link of their own (states of a form, the cover) are in ``states.py``.
"""

# ruff: noqa: T201 - a command that prints

import os
import shutil
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

from infra.browser import find
from infra.embedded.services import Services
from infra.pytest_services import SETTLED

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".run" / "screenshots"
LAUNCH = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def main() -> int:
    """Start the product, walk through it as everybody, keep what is seen."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, Services(Path(folder), durable=False) as services:
        os.environ |= services.environ() | SETTLED
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        django.setup()
        # They need the settings.
        from tests.browser.stack import Stack
        from tests.screenshots.walk import walk

        stack = Stack(services, Path(folder))
        try:
            stack.start("--plenty")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find(), args=LAUNCH)
                for name in walk(browser, stack, FOLDER):
                    print(name)
                browser.close()
        finally:
            stack.stop()
    print(f"{len(list(FOLDER.iterdir()))} pictures in {FOLDER.relative_to(ROOT)}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
