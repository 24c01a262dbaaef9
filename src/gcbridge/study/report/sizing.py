"""How wide text is in a drawing, where nothing measures it: estimated, rather too wide than too narrow."""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
WIDE = frozenset("WFmMw@%—")
NARROW = frozenset("iIljt.,:;'|!()[]{} ftr-")


def width_of(text: str, size: float) -> float:
    """Width of text in a common sans-serif typeface, in pixels.

    Args:
        text: one line.
        size: of the type, in pixels.
    """
    return sum(map(_share, text)) * size


def _share(character: str) -> float:
    """Width of one character as a share of the type's size."""
    if unicodedata.east_asian_width(character) in "WF":
        return 1.05
    if character in NARROW:
        return 0.4
    return 0.9 if character in WIDE or character.isupper() else 0.62


def fit(text: str, width: float, size: float) -> str:
    """The text, or as much of it as fits before an ellipsis.

    Args:
        text: one line; line breaks count as spaces.
        width: what there is, in pixels.
        size: of the type, in pixels.

    >>> fit("presence", 100, 12), fit("presence of everybody", 60, 12)
    ('presence', 'presen…')
    """
    line = " ".join(text[:400].split())
    if width_of(line, size) <= width:
        return line
    room = width - size
    kept = 0
    for character in line:
        room -= _share(character) * size
        if room < 0:
            break
        kept += 1
    return line[:kept].rstrip() + ELLIPSIS
