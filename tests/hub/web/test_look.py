"""The colours can be read in sunlight: WCAG 2.2 AA, by its own formula."""

import re
from pathlib import Path

import pytest

from hub.web.render import HERE

TOKENS = dict(
    re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (HERE / "static/css/base.css").read_text(encoding="utf-8"))
)
TEXT = [
    ("ink", "paper"),
    ("ink-quiet", "paper"),
    ("ink-quiet", "ok-pale"),
    ("green", "paper"),
    ("green", "card"),
    ("green-deep", "green-pale"),
    ("ok", "ok-pale"),
    ("warn", "warn-pale"),
    ("bad", "bad-pale"),
    ("busy", "busy-pale"),
    ("off", "off-pale"),
    ("card", "bad"),
    ("card", "off"),
    ("ink", "gold"),
]
SHAPES = [("line-strong", "card"), ("line-strong", "paper"), ("gold", "green-deep")]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_stands_out_from_its_ground(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize(("line", "ground"), SHAPES)
def test_what_must_be_seen_stands_out_from_its_ground(line: str, ground: str) -> None:
    assert contrast(line, ground) >= 3


@pytest.mark.parametrize("path", sorted((HERE / "static/css").glob("*.css")), ids=lambda path: path.name)
def test_a_style_sheet_uses_only_tokens_that_exist(path: Path) -> None:
    used = set(re.findall(r"var\(--([a-z-]+)\)", path.read_text(encoding="utf-8")))
    assert used <= set(TOKENS) | {"radius", "step"}
