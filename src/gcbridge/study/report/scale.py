"""Axes of plots: where a number lies, and which numbers stand beside the axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LOGARITHMIC_FROM = 25
"""Where the largest value is so many times the median, a linear axis would press all others into one spot."""
TICKS_MAX = 10
LEAST = 0.05
"""Seconds at which a logarithmic axis begins at the latest."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers on a line.

    Args:
        low: number at `start`.
        high: number at `end`.
        start: in pixels.
        end: in pixels.
        is_logarithmic: equal steps are equal factors.
    """

    low: float
    high: float
    start: float
    end: float
    is_logarithmic: bool = False

    def place(self, number: float) -> float:
        """Where a number lies, in pixels; what lies outside is put at the edge."""
        inside = min(max(number, self.low), self.high)
        if self.is_logarithmic:
            share = math.log(inside / self.low) / math.log(self.high / self.low)
        else:
            share = (inside - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Round numbers within the scale, at most a dozen."""
        return _powers(self.low, self.high) if self.is_logarithmic else _steps(self.low, self.high)


def scale_of(values: Sequence[float], start: float, end: float, *, reach: float | None = None) -> Scale:
    """A scale that holds all values, from zero on; logarithmic where a few are far away from the rest.

    Args:
        values: at least one, in seconds.
        start: in pixels.
        end: in pixels.
        reach: a number that has to be on it, too, such as a limit.
    """
    ordered = sorted(values)
    median, top = ordered[len(ordered) // 2], max(ordered[-1], reach or 0, LEAST)
    if median > 0 and top > LOGARITHMIC_FROM * median:
        return Scale(
            max(LEAST, min(median / 4, ordered[0] or LEAST)), top * 1.2, start, end, is_logarithmic=True
        )
    return Scale(min(0.0, ordered[0]), top * 1.06, start, end)


def _steps(low: float, high: float) -> list[float]:
    rough = (high - low) / 7
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = math.ceil(low / step - 1e-9)
    return [round(index * step, 10) for index in range(first, math.floor(high / step + 1e-9) + 1)]


def _powers(low: float, high: float) -> list[float]:
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for factors in ((1, 2, 5), (1, 3), (1,)):
        numbers = [round(factor * 10.0**exponent, 10) for exponent in exponents for factor in factors]
        inside = [number for number in numbers if low <= number <= high]
        if len(inside) <= TICKS_MAX:
            break
    return inside
