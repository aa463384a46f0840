"""The first story, at both schools, as people live it."""

import re
import struct
import zlib
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.system

CHILD = {"greenwood": ("Maddy", "Greenwood"), "hillside": ("", "")}
PASSWORD = "quiet lantern over the harbour"


def photograph() -> dict[str, Any]:
    """A small real PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    rows = b"".join(b"\0" + b"\x7a\x8f\xa6" * 64 for _ in range(48))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0))
    body = header + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return {
        "name": "left arm.png",
        "mimeType": "image/png",
        "buffer": b"\x89PNG\r\n\x1a\n" + body,
    }


@pytest.mark.parametrize("slug", ["greenwood", "hillside"])
def test_g1_g6_a_concern_from_first_password_to_marked_as_read(person, stack, slug):
    helper = person(slug, "ta")
    page = helper.page

    # A first password, by the link in the email.
    page.goto(f"{helper.base}/login/")
    helper.check_page("login")
    page.get_by_role(
        "link", name="Forgotten your password or using CPOMS for the first time?"
    ).click()
    page.get_by_label("Email address").fill(helper.email)
    helper.check_page("ask-for-link")
    page.get_by_role("button", name="Reset Password").click()
    expect(page.get_by_role("heading", name="Check your email")).to_be_visible()
    helper.check_page("link-sent")
    (mail,) = stack.mails_to(helper.email)
    page.goto(re.search(rf"{helper.base}/login/link/\S+", mail["text"]).group())
    helper.check_page("create-password")
    page.get_by_label("New password", exact=True).fill("password1234")
    page.get_by_label("The same password again").fill("password1234")
    page.get_by_role("button", name="Create password").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Create password").click()
    expect(page.get_by_text("Your password is set")).to_be_visible()
    helper.faults.clear()
    helper.log_in(PASSWORD)
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    helper.check_page("dashboard-empty")

    # A concern about a pupil, with a photograph, alerting a colleague.
    page.get_by_role("button", name="Add Incident").click()
    helper.check_page("add-incident")
    page.get_by_role("button", name="Add Incident").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one category.")
    helper.check_page("add-incident-errors")
    first, family = CHILD[slug] if CHILD[slug][0] else first_pupil(person, slug)
    helper.choose("Student", first.lower()[:4], f"{first} {family}")
    page.get_by_label("Incident", exact=True).fill(
        f"{first} has a bruise on the left arm, the size of a coin."
    )
    page.get_by_label("Medical").check()
    page.get_by_label("Cause for Concern").check()
    page.locator("input[type=file]").set_input_files(files=[photograph()])
    expect(page.get_by_text("left arm.png")).to_be_visible()
    teacher = person(slug, "teacher")
    helper.choose("Alert Staff Members", TEACHER[slug][:4].lower(), TEACHER[slug])
    helper.choose("Alert Staff Members", DSL[slug][:4].lower(), DSL[slug])
    helper.check_page("add-incident-filled")
    before = len(stack.mails_to(teacher.email, at_least=0))
    page.get_by_role("button", name="Add Incident").click()
    expect(page.get_by_text("The incident was added.")).to_be_visible()
    expect(helper.rows("My History")).to_contain_text([f"{first} {family}"])

    # The colleague gets an email that names no child.
    mail = stack.mails_to(teacher.email, at_least=before + 1)[0]
    everything = f"{mail['subject']} {mail['text']} {mail['html']} {mail['headers']}"
    # The family name of Greenwood's pupil is the school's own name, which the email may say.
    for word in (first, f"{first} {family}", "bruise", "left arm"):
        assert word not in everything
    assert "Medical" in mail["text"]
    link = re.search(rf"{helper.base}/login/\S+", mail["text"]).group()

    # They log in by its link and are at the incident; the photograph opens.
    teacher.page.goto(link)
    teacher.log_in()
    expect(teacher.page.get_by_text("the size of a coin")).to_be_visible()
    address = teacher.page.url
    assert "/incidents/" in address
    teacher.check_page("incident-without-key")
    with teacher.page.expect_popup() as opened:
        teacher.page.get_by_role("link", name="View left arm.png").click()
    seen = opened.value
    seen.wait_for_load_state()
    assert seen.evaluate("document.images[0].naturalWidth") == 64
    file_address = seen.url
    seen.close()

    # An action, then ‘Mark as read’, and the incident is closed to them by every way.
    teacher.page.get_by_label("Action Taken").fill("Rang home; an appointment is made for Friday.")
    teacher.page.get_by_label("Add incident alert recipients").check()
    expect(teacher.page.get_by_role("button", name=f"Remove {DSL[slug]}")).to_be_visible()
    teacher.page.get_by_role("button", name="Add Action").click()
    expect(teacher.page.get_by_text("The action was added.")).to_be_visible()
    expect(teacher.page.get_by_text("an appointment is made for Friday")).to_be_visible()
    expect(teacher.page.get_by_text("you cannot open it again")).to_be_visible()
    teacher.check_page("incident-with-action")
    teacher.page.get_by_role("button", name="Mark as read").click()
    expect(teacher.page.get_by_text("marked as read")).to_be_visible()
    teacher.page.go_back()
    expect(teacher.page.get_by_text("the size of a coin")).to_have_count(0)
    for gone in (address, file_address):
        assert teacher.page.goto(gone).status == 404

    # The key holder sees who has read it.
    dsl = person(slug, "dsl")
    dsl.page.goto(address)
    dsl.log_in()
    table = dsl.page.get_by_role("region", name="Alerts and who has read them")
    of_teacher = table.get_by_role("row").filter(
        has=dsl.page.get_by_role("cell", name=TEACHER[slug])
    )
    expect(of_teacher.first).not_to_contain_text("Not yet")
    expect(table.get_by_text("Not yet")).to_have_count(2)
    dsl.check_page("incident-key-holder")


TEACHER = {"greenwood": "Tom Okafor", "hillside": "Sam Whitlock"}
DSL = {"greenwood": "Anna Cohen", "hillside": "Ruth Adeyemi"}


def first_pupil(person: Any, slug: str) -> tuple[str, str]:
    """Return a pupil whose name nobody shares, read off the key holder's list."""
    dsl = person(slug, "dsl")
    dsl.page.goto(f"{dsl.base}/students/")
    dsl.log_in()
    expect(dsl.page.get_by_role("heading", name="Students")).to_be_visible()
    names = dsl.page.locator(".ui-student").all_inner_texts()
    firsts = [name.split()[0] for name in names]
    alone = next(n for n in names if firsts.count(n.split()[0]) == 1 and n.count(" ") == 1)
    given, family = alone.split()
    return given, family
