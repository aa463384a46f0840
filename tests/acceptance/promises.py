"""What the guide promises, as ``platform/docs/acceptance.md`` numbers it."""

import re
from pathlib import Path

LIST = Path(__file__).parents[2] / "platform" / "docs" / "acceptance.md"


def promises() -> dict[str, str]:
    """Return every promise by its number, such as “G4.3”, in order."""
    found: dict[str, str] = {}
    section = ""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## (G\d) ", line):
            section = heading[1]
        elif promise := re.match(r"(\d+)\. (.*)", line):
            found[f"{section}.{promise[1]}"] = promise[2]
    return found


def numbers_in(name: str) -> list[str]:
    """Return the promises that a test's name holds: ``test_g4_03_g2_01_…`` is of G4.3 and G2.1."""
    return [f"G{group}.{int(number)}" for group, number in re.findall(r"g(\d)_(\d\d)(?!\d)", name)]
