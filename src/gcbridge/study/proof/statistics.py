"""Figures of many events: percentiles of their latency, and how sure a rate of loss is."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gcbridge.model.proof import Latency

Z_95 = 1.959963984540054
"""Quantile of the normal distribution that leaves 2.5 % on each side."""


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed (nearest rank).

    Args:
        values: at least one.
        share: 0 to 1.

    >>> percentile([3.0, 1.0, 2.0], 0.5)
    2.0
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def latency(hop: str, seconds: Sequence[float]) -> Latency | None:
    """Median, 95th percentile and maximum; None without a value.

    Args:
        hop: what was reached.
        seconds: one value for each event that reached it.
    """
    if not seconds:
        return None
    return Latency(
        hop=hop,
        count=len(seconds),
        p50=round(percentile(seconds, 0.5), 3),
        p95=round(percentile(seconds, 0.95), 3),
        maximum=round(max(seconds), 3),
    )


def wilson_interval(lost: int, expected: int) -> tuple[float, float]:
    """The 95 % confidence interval of a rate (Wilson's score interval): sound near zero, too, and for few events.

    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927).

    Args:
        lost: events that were lost, 0 to `expected`.
        expected: events that were expected.

    >>> [round(end, 4) for end in wilson_interval(0, 10)]
    [0.0, 0.2775]
    """
    if expected == 0:
        return 0.0, 1.0
    rate, square = lost / expected, Z_95**2 / expected
    middle = (rate + square / 2) / (1 + square)
    half = Z_95 * math.sqrt(rate * (1 - rate) / expected + square / (4 * expected)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)
