"""The colours: every pair in use can be read, in light and dark, and no other file names a colour."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "platform/ui/frontend/styles"
TEXT_ON = {
    "paper": ["ink", "muted", "primary", "primary-dark", "attention", "danger", "ok"],
    "ground": ["ink", "muted", "primary", "primary-dark", "danger"],
    "primary": ["on-primary"],
    "primary-dark": ["on-primary"],
    "danger": ["on-danger"],
    "danger-dark": ["on-danger"],
    "focus": ["on-focus"],
    "primary-wash": ["ink", "muted", "primary", "primary-dark"],
    "accent-wash": ["ink"],
    "attention-wash": ["ink"],
    "danger-wash": ["ink", "muted", "danger"],
    "ok-wash": ["ink"],
}
LINES_ON = {"paper": ["edge", "primary", "danger"], "ground": ["edge", "danger"]}


def colours(theme: str) -> dict[str, str]:
    text = (STYLES / "tokens.scss").read_text()
    block = re.search(rf"^\${theme}: \((.*?)^\);", text, re.DOTALL | re.MULTILINE)
    assert block
    return dict(re.findall(r'"([a-z-]+)": (#[0-9a-f]{6})', block[1]))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_light_and_dark_share_their_names() -> None:
    assert colours("light").keys() == colours("dark").keys()
    assert colours("light")["primary"] == "#1f5673"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_ON, 4.5), (LINES_ON, 3)])
def test_every_pair_in_use_can_be_read(
    theme: str, pairs: dict[str, list[str]], least: float
) -> None:
    named = colours(theme)
    measured = {
        (fore, back): contrast(named[fore], named[back])
        for back, fores in pairs.items()
        for fore in fores
    }
    assert {pair: ratio for pair, ratio in measured.items() if ratio < least} == {}


def test_only_the_tokens_name_a_colour() -> None:
    sheets = [sheet for sheet in STYLES.glob("*.scss") if sheet.name != "tokens.scss"]
    assert len(sheets) >= 6
    named = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)
    assert {sheet.name: named.findall(sheet.read_text()) for sheet in sheets} == {
        sheet.name: [] for sheet in sheets
    }
