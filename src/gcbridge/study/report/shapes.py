"""What a drawing is made of: numbers and text, ready to be written as SVG."""

from __future__ import annotations

from dataclasses import dataclass

from gcbridge.study.report.lights import Light
from gcbridge.study.report.sizing import fit

TITLE_SIZE = 13
NOTE_SIZE = 11.5
PADDING = 10
MARK_ROOM = 18
"""Of the mark in a box's upper right corner."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A cloud, around what it holds.

    Args:
        x: of its upper left corner, in pixels, as every length here.
        y: of its upper left corner.
        width: of the frame.
        height: of the frame.
        light: whether the cloud answers.
        title: which cloud.
        note: which organization or account.
    """

    x: float
    y: float
    width: float
    height: float
    light: Light
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Box:
    """One part of the bridge.

    Args:
        x: of its upper left corner.
        y: of its upper left corner.
        width: of the box.
        height: of the box.
        light: how the part is.
        title: what it is called, cut to its width.
        notes: what else it says, line by line, cut.
        tooltip: all of it, uncut.
        is_fold: it stands for several parts.
    """

    x: float
    y: float
    width: float
    height: float
    light: Light
    title: str
    notes: tuple[str, ...]
    tooltip: str
    is_fold: bool = False

    @property
    def middle(self) -> float:
        """Height at which lines come and go."""
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        """Where lines leave."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Line:
    """A way between two parts.

    Args:
        path: SVG path data.
        light: whether events came over it.
        badge: where its mark stands; None for a line without one.
        tooltip: what went over it.
        is_quiet: it carries only what went wrong.
    """

    path: str
    light: Light
    badge: tuple[float, float] | None = None
    tooltip: str = ""
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A word by itself.

    Args:
        x: where it begins.
        y: its base line.
        text: the word.
    """

    x: float
    y: float
    text: str


def make_box(
    place: tuple[float, float, float, float],
    light: Light,
    title: str,
    notes: tuple[str, ...] = (),
    *,
    tooltip: str = "",
    is_fold: bool = False,
) -> Box:
    """A box whose texts are cut to its width.

    Args:
        place: x, y, width and height.
        light: how the part is.
        title: what it is called, uncut.
        notes: lines below it, uncut; empty ones are left out.
        tooltip: what is shown when pointed at, where it is not title and notes.
        is_fold: it stands for several parts.
    """
    room = place[2] - 2 * PADDING
    shown = tuple(fit(note, room, NOTE_SIZE) for note in notes if note)
    full = tooltip or ": ".join((title, "; ".join(note for note in notes if note))).removesuffix(": ")
    return Box(*place, light, fit(title, room - MARK_ROOM, TITLE_SIZE), shown, full, is_fold)


def connect(start: Box, end: Box, light: Light, *, tooltip: str = "", is_quiet: bool = False) -> Line:
    """A line from the right edge of one box to the left edge of another; a broken one has a mark in its middle.

    Args:
        start: where it begins.
        end: where it ends.
        light: whether events came over it.
        tooltip: what went over it.
        is_quiet: it carries only what went wrong.
    """
    x1, y1, x2, y2 = start.right, start.middle, end.x - 2, end.middle
    bend = (x2 - x1) * 0.55
    path = f"M{x1:.0f},{y1:.0f}C{x1 + bend:.0f},{y1:.0f} {x2 - bend:.0f},{y2:.0f} {x2:.0f},{y2:.0f}"
    badge = ((x1 + x2) / 2, (y1 + y2) / 2) if light == "failed" else None
    return Line(path, light, badge, tooltip, is_quiet)
