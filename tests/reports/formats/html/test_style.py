"""Contrast of the colours that meet (WCAG 2.2: 1.4.3 text 4.5 to 1, 1.4.11 graphics 3 to 1)."""

from __future__ import annotations

import re
from importlib.resources import files
from itertools import product

import pytest

_STYLE = (
    files("nonce_migrate.reports.formats.html").joinpath("static/report.css").read_text("utf-8")
)
_BLOCKS = [
    dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in _STYLE.split(":root {")[1:]
]
_THEMES = {"light": _BLOCKS[0], "dark": {**_BLOCKS[0], **_BLOCKS[1]}}
_TEXT = ("text", "muted", "link", "applied", "pending", "left", "guess")
_CODE = ("text", "keyword", "string", "comment", "digits", "naming")
_DIFF = ("page", "removed", "removed-mark", "added", "added-mark")
_TONES = tuple(f"tone-{number}" for number in range(6))
_SHAPES = ("control", "focus", "applied", "pending", "left", "guess", *_TONES)
_TEXT_PAIRS = [
    *product(_TEXT, ("page", "raised")),
    *product(_CODE, _DIFF),
    *product(["muted"], ("removed", "added")),
]


@pytest.mark.parametrize("theme", _THEMES)
def test_text_is_readable(theme: str) -> None:
    assert _below(4.5, _TEXT_PAIRS, _THEMES[theme]) == {}


@pytest.mark.parametrize("theme", _THEMES)
def test_controls_and_bars_stand_out(theme: str) -> None:
    pairs = list(product(_SHAPES, ["page"]))

    assert _below(3, pairs, _THEMES[theme]) == {}


def test_the_dark_theme_has_a_colour_for_each_of_the_light_one() -> None:
    assert _BLOCKS[0].keys() == _BLOCKS[1].keys()


def _below(
    least: float, pairs: list[tuple[str, str]], theme: dict[str, str]
) -> dict[tuple[str, str], float]:
    ratios = {(front, back): _contrast(theme[front], theme[back]) for front, back in pairs}
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
