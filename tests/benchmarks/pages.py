"""How soon pages are there on an old laptop: ``python -m tests.benchmarks.pages``.

Chromium at a quarter of this machine's speed (CPU throttling ×4) opens the demo's pages, filled with a term of concerns, as a
key holder: Largest Contentful Paint in milliseconds, median of the rounds, and the kilobytes of style sheets and scripts as they
come over the wire. The baseline is the log-in page in the same run. Aim: LCP < 800 ms, ≤ 150 kB.
"""

import os
import tempfile
from pathlib import Path
from statistics import median

import django
from playwright.sync_api import Page, sync_playwright

from infra.browser import find
from infra.embedded.services import Services
from infra.pytest_services import SETTLED
from tests.benchmarks.platform_up import tell

SLOWER = 4
ROUNDS = 7
PAGES = {"dashboard": "/", "add_incident": "/incidents/add/", "incidents": "/incidents/"}
_LARGEST = """() => new Promise(done => new PerformanceObserver(list =>
    done(list.getEntries().at(-1).startTime)).observe({type: 'largest-contentful-paint', buffered: true}))"""
_KILOBYTES = """() => performance.getEntriesByType('resource')
    .filter(one => /\\.(css|js)$/.test(new URL(one.name).pathname))
    .reduce((sum, one) => sum + one.encodedBodySize, 0) / 1000"""


def main() -> None:
    """Start the product and open its pages on a slow machine."""
    with tempfile.TemporaryDirectory() as folder, Services(Path(folder), durable=False) as services:
        os.environ |= services.environ() | SETTLED
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        django.setup()
        from tests.browser.person import Person
        from tests.browser.stack import Stack

        stack = Stack(services, Path(folder))
        try:
            stack.start("--plenty")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
                dsl = Person(browser, stack, "greenwood", "dsl")
                slow = dsl.context.new_cdp_session(dsl.page)
                slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
                login = _paint(dsl.page, f"{dsl.base}/login/")
                dsl.log_in()
                dsl.page.get_by_role("heading", name="Dashboard").wait_for()
                incident = str(dsl.page.locator(".ui-row__link").first.get_attribute("href"))
                for name, path in (PAGES | {"incident": incident}).items():
                    lcp = _paint(dsl.page, dsl.base + path)
                    tell(
                        benchmark="page",
                        page=name,
                        lcp_ms=lcp,
                        login_ms=login,
                        ratio=round(lcp / login, 2),
                        css_js_kb=round(dsl.page.evaluate(_KILOBYTES), 1),
                    )
                browser.close()
        finally:
            stack.stop()


def _paint(page: Page, address: str) -> float:
    painted = []
    for _ in range(ROUNDS):
        page.goto(address, wait_until="load")
        painted.append(page.evaluate(_LARGEST))
    return round(median(painted), 1)


if __name__ == "__main__":
    main()
