"""Can the words be read? Contrast as WCAG 2.2 measures it (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""

import re
from pathlib import Path

import pytest

import webapp

STYLE = (Path(webapp.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
LIGHT, DARK, *_ = (dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in STYLE.split(":root {")[1:])
# Which colours of text stand on which grounds.
PAIRS = [
    *[(text, ground) for text in ("ink", "soft", "accent") for ground in ("paper", "card", "tint")],
    *[("ink", ground) for ground in ("mark", "warn-tint", "gone", "came")],
    ("soft", "warn-tint"),
    ("accent", "warn-tint"),
    ("warn", "paper"),
    ("on-accent", "accent"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("text", "ground"), PAIRS)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(colours: dict[str, str], text: str, ground: str) -> None:
    assert contrast(colours[text], colours[ground]) >= 4.5
