"""Find a Chromium for the browser tests, or install Debian's; prints its path.

    python infra/browser.py

The tests drive it with ``launch(executable_path=find())``.
"""

# ruff: noqa: T201 - a command-line tool

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Set by a person, or by an image that brings its own.
VARIABLE = "PLAYWRIGHT_CHROMIUM"
COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
HOW = (
    "no Chromium found for the browser tests: install one (Debian, Ubuntu: "
    f"sudo apt-get install chromium) or set {VARIABLE} to its path"
)


class BrowserMissingError(Exception):
    """There is no browser; the message says how to get one."""


def find() -> Path | None:
    """Path of the browser, or None."""
    if chosen := os.environ.get(VARIABLE):
        if not os.access(chosen, os.X_OK):
            raise BrowserMissingError(f"{VARIABLE} is not a program: {chosen}")
        return Path(chosen)
    found = [shutil.which(command) for command in COMMANDS]
    found += [path for path in APPLICATIONS if Path(path).exists()]
    return next((Path(path) for path in found if path), None)


def find_or_install() -> Path:
    """Path of the browser; as root on Debian it is installed when missing.

    Raises:
        BrowserMissingError: There is none, and it could not be installed.
    """
    if browser := find():
        return browser
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("installing chromium with apt-get", file=sys.stderr)
        _apt_get("update", "-q")
        _apt_get("install", "-q", "-y", "--no-install-recommends", "chromium", "fonts-liberation")
        if browser := find():
            return browser
    raise BrowserMissingError(HOW)


def _apt_get(*arguments: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(  # noqa: S603 - our own command
        ["apt-get", *arguments],  # noqa: S607 - wherever the system has it
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise BrowserMissingError(
            f"apt-get {arguments[0]} failed: {words[-1] if words else '?'}; {HOW}"
        )


if __name__ == "__main__":
    try:
        print(find_or_install())
    except BrowserMissingError as missing:
        sys.exit(f"error: {missing}")
