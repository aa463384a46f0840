"""Keys of people in a real browser: passkeys, one's own page, loss and a colleague's help."""

from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.system


def give_authenticator(somebody: Any) -> Any:
    """Give the browser a passkey store of its own, as a laptop has (Chromium's virtual one)."""
    protocol = somebody.context.new_cdp_session(somebody.page)
    protocol.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": kind})
    return protocol


def log_in_by_password(somebody: Any) -> None:
    page = somebody.page
    page.goto(f"{somebody.base}/login/")
    page.get_by_label("Email address").fill(somebody.email)
    page.get_by_label("Password", exact=True).fill(somebody.account["password"])
    page.get_by_role("button", name="Login").click()


def heading(somebody: Any, name: str) -> Any:
    return expect(somebody.page.get_by_role("heading", name=name, exact=True, level=1))


def test_g1_06_passkey_from_first_to_lost_and_reset(person):
    # One story: the second half needs the passkey of the first.
    owner = person("hillside", "teacher")
    give_authenticator(owner)
    page = owner.page
    log_in_by_password(owner)
    page.goto(f"{owner.base}/account/keys/")
    owner.check_page("keys-none")
    page.get_by_role("button", name="Set up a key").click()
    owner.check_page("enrol-app")
    page.get_by_role("link", name="a passkey or security key").click()
    owner.check_page("enrol-passkey")
    page.get_by_label("Name").fill("My laptop")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    heading(owner, "Your recovery codes").to_be_visible()
    owner.check_page("recovery-codes")
    page.get_by_role("button", name="I have kept them safe").click()
    page.get_by_text(owner_name(owner), exact=True).first.click()
    page.get_by_role("link", name="Your keys and sessions").click()
    expect(page.get_by_text("My laptop")).to_be_visible()
    owner.check_page("keys-one")

    # The same key is refused as a second one, in words.
    page.get_by_role("button", name="Add a passkey or security key").click()
    page.get_by_role("button", name="Add key").click()
    expect(page.get_by_role("alert")).to_contain_text("among yours already")
    owner.check_page("add-passkey-known")
    page.get_by_role("link", name="Cancel").click()

    # The next log-in shows it.
    page.get_by_text(owner_name(owner), exact=True).first.click()
    page.get_by_role("button", name="Log out").click()
    log_in_by_password(owner)
    heading(owner, "Show your key").to_be_visible()
    owner.check_page("show-passkey")
    page.get_by_role("button", name="Use your passkey or security key").click()
    heading(owner, "Dashboard").to_be_visible()

    _lost_and_reset(person, owner)


def _lost_and_reset(person: Any, owner: Any) -> None:
    elsewhere = person("hillside", "teacher", javascript=False)
    log_in_by_password(elsewhere)
    page = elsewhere.page
    expect(page.get_by_text("Passkeys and security keys need JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="Use your passkey or security key")).to_be_hidden()
    page.get_by_role("link", name="I have lost my key").click()
    elsewhere.picture("key-lost")
    page.get_by_role("button", name="I have lost my key").click()
    expect(page.get_by_text("We have noted that your key is lost")).to_be_visible()
    elsewhere.picture("key-lost-noted")

    helper = person("hillside", "head")
    helper.log_in()
    heading(helper, "Dashboard").to_be_visible()
    helper.page.goto(f"{helper.base}/staff/keys/")
    expect(helper.page.get_by_text("Reported lost")).to_be_visible()
    helper.check_page("staff-keys")
    helper.page.locator("main .ui-row__link").first.click()
    helper.check_page("reset-key")
    helper.page.get_by_label("I have made sure in person who it is").check()
    helper.page.get_by_role("button", name="Reset key").click()
    expect(helper.page.get_by_text("They can set up a new one within 24 hours")).to_be_visible()
    helper.check_page("staff-keys-after")

    owner.page.goto(owner.base)
    heading(owner, "Log in").to_be_visible()
    log_in_by_password(owner)
    heading(owner, "Dashboard").to_be_visible()
    told = "Your key for Hillside Academy was reset"
    for at_least in range(1, 5):  # the seed's alerts come to the same mailbox
        mails = owner.stack.mails_to(owner.email, at_least=at_least)
        if told in [mail["subject"] for mail in mails]:
            break
    assert told in [mail["subject"] for mail in mails]


def owner_name(somebody: Any) -> str:
    return str(somebody.page.locator(".ui-menu__name").first.inner_text())


def test_g1_06_a_cancelled_passkey_is_said_in_words(person):
    elsewhere, dsl = (person("hillside", "dsl") for _ in range(2))
    elsewhere.log_in()
    heading(elsewhere, "Dashboard").to_be_visible()
    dsl.log_in()
    heading(dsl, "Dashboard").to_be_visible()
    # The browser without any store of passkeys answers at once that there is none.
    protocol = dsl.context.new_cdp_session(dsl.page)
    protocol.send("WebAuthn.enable")
    dsl.page.goto(f"{dsl.base}/account/keys/passkey/")
    dsl.page.evaluate(
        "() => { navigator.credentials.create = () =>"
        " Promise.reject(new DOMException('', 'NotAllowedError')); }"
    )
    dsl.page.get_by_role("button", name="Add key").click()
    expect(dsl.page.get_by_role("alert")).to_contain_text("Press the button to try again")
    dsl.check_page("add-passkey-stopped")
    for path in ("/account/keys/", "/account/keys/recovery-codes/", "/account/key/show/"):
        dsl.page.goto(dsl.base + path)
        dsl.check_page(f"dsl{path.replace('/', '-')}")
