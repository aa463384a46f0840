"""``make bench``: every benchmark in a process of its own, one JSON line each."""

import subprocess
import sys

BENCHMARKS = (
    "onboard_school",
    "dashboard",
    "role_switch",
    "attachment_roundtrip",
    "import_mis",
    "audit",
    "rewrap_keysets",
    "pages",
    "finding",
    "working_time",
    "helpdesk",
)


def main() -> int:
    """Run them one after the other; the exit code says how many failed."""
    return sum(
        subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False).returncode
        != 0
        for name in BENCHMARKS
    )


if __name__ == "__main__":
    sys.exit(main())
