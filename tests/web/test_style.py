"""Colours of the page: text and lines against paper, in light and dark, by WCAG's formula."""

import re

import pytest

from sim.web.page import ASSETS

STYLE = (ASSETS / "style.css").read_text(encoding="utf-8")
TEXT, LINES = 4.5, 3.0


def palettes():
    blocks = re.findall(r":root \{([^}]*--paper[^}]*)\}", STYLE)
    named = [dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", block)) for block in blocks]
    assert len(named) == 3
    return dict(zip(("light", "dark", "print"), named, strict=True))


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, two):
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_on_black_and_white():
    assert contrast("#ffffff", "#000") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_and_lines_stand_out(scheme):
    colours = palettes()[scheme]
    for ground in ("paper", "panel"):
        for name in ("text", "soft", "blue"):
            assert contrast(colours[name], colours[ground]) >= TEXT, (name, ground)
    for name in ("orange", "green", "purple", "grey"):
        assert contrast(colours[name], colours["paper"]) >= LINES, name
