"""An operator and an agent, from the command to their first page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.colleague import Colleague

pytestmark = pytest.mark.system

COMMANDS = {
    "ops": ("add_operator",),
    "helpdesk": ("add_agent", "--role", "lead"),
}
HEADINGS = {"ops": re.compile("^Schools"), "helpdesk": re.compile("^Mine")}


@pytest.mark.parametrize("face", ["ops", "helpdesk"])
def test_from_the_command_to_the_first_page(face, chromium, stack):
    colleague = Colleague(chromium, stack, face)
    page = colleague.page
    colleague.arrive(*COMMANDS[face], full_name="Robin First")
    colleague.check_page(f"{face}-key")
    colleague.set_up_key()
    page.goto(colleague.base)
    expect(page.get_by_role("heading", name=HEADINGS[face], level=1)).to_be_visible()
    colleague.check_page(f"{face}-first")
    page.goto(f"{colleague.base}/nowhere/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    colleague.context.close()
