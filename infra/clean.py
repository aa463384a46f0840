"""Remove all that ``make`` made: ``make clean``. Standard library only; stops no process."""

import fcntl
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MADE = (
    ".run",
    ".venv",
    "node_modules",
    "platform/ui/static/ui/dist",
    "staticfiles",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".import_linter_cache",
    ".hypothesis",
)


def main() -> None:
    """Remove it, unless the demo runs on it."""
    if demo_runs():
        sys.exit("error: make demo is running in this folder; stop it first")
    for name in MADE:
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for made in (ROOT / "platform" / "locale").glob("*/LC_MESSAGES/django.mo"):
        made.unlink()
    for cache in list(ROOT.rglob("__pycache__")):
        shutil.rmtree(cache, ignore_errors=True)
    left = [name for name in MADE if (ROOT / name).exists()]
    if left:
        sys.exit(f"error: could not remove {', '.join(left)}; they belong to another user")


def demo_runs() -> bool:
    """Whether somebody holds the demo's lock."""
    try:
        lock = (ROOT / ".run" / "lock").open(encoding="utf-8")
    except OSError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


if __name__ == "__main__":
    main()
