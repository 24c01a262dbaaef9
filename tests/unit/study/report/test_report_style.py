"""Colours of the page can be read by everybody: WCAG 2.2, success criterion 1.4.3 (AA), in light, dark and on paper."""

import re
from importlib.resources import files

import pytest

STYLE = files("gcbridge.study.report").joinpath("templates/page.css").read_text()
TEXT_ON = [
    (text, ground)
    for text in ("ink", "soft", "passed", "failed", "skipped")
    for ground in ("page", "card", "faint")
] + [
    ("ink", "passed-soft"),
    ("soft", "passed-soft"),
    ("passed", "passed-soft"),
    ("ink", "failed-soft"),
    ("soft", "failed-soft"),
    ("failed", "failed-soft"),
]


def palettes():
    """The three `:root` blocks: light, dark, print."""
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    found = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]+)", block)) for block in blocks]
    return dict(zip(("light", "dark", "print"), found, strict=True))


def luminance(colour):
    """Relative luminance, as WCAG defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_wcag_does():
    """Black on white has 21, two greys that are known to just pass and just fail."""
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#fff") > 4.5 > contrast("#777777", "#fff")


@pytest.mark.parametrize("palette", palettes())
@pytest.mark.parametrize(("text", "ground"), TEXT_ON, ids=lambda name: name)
def test_text_can_be_read_on_its_ground(palette, text, ground):
    """4.5 to 1 at least."""
    colours = palettes()[palette]

    assert contrast(colours[text], colours[ground]) >= 4.5


def test_every_colour_has_a_name():
    """A colour outside of the palettes would be missing in the dark."""
    assert re.findall(r"#[0-9a-f]{3,6}\b", re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL)) == []
