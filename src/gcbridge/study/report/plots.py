"""Latency as two plots: how it spreads hop by hop, and how it went event by event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gcbridge.model.proof import EventTrace, Latency
from gcbridge.model.result import VerificationReport
from gcbridge.model.verification_words import BUS_HOP, hop_seconds
from gcbridge.study.proof.traces import WITNESS
from gcbridge.study.report.hop_table import HopRow
from gcbridge.study.report.scale import Scale, scale_of
from gcbridge.study.report.sizing import fit

WIDTH = 1180
LEFT, RIGHT = 250, 1160
ROWS_SHOWN = 12
ROW = 46
AXIS = 30
DOT = 6
"""Width of a dot; dots in the same place are stacked."""
STACK = (0, -5, 5, -10, 10, -15, 15)
"""Heights of stacked dots; further ones lie on the last."""
COURSE_HEIGHT = 230
COURSE_TOP, COURSE_BOTTOM = 16, 190
COURSE_LEFT = 64
COURSE_MIN = 3
"""Events from which on a course says more than a list."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A number beside an axis.

    Args:
        place: in pixels along the axis.
        text: the number.
    """

    place: float
    text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Dots of one hop.

    Args:
        name: of the hop, cut to the room that it has.
        of_rule: the rule that a target belongs to, cut; empty elsewhere.
        tooltip: uncut.
        y: height of its middle.
        dots: SVG path data of what was in time.
        late: SVG path data of what was not.
        p50: place of the median.
        p95: place of the 95th percentile.
        beam: SVG path data from the cause to a single dot; empty where there are several.
    """

    name: str
    of_rule: str
    tooltip: str
    y: float
    dots: str
    late: str
    p50: float
    p95: float
    beam: str


@dataclass(frozen=True, slots=True)
class StripPlot:
    """How latency spreads, hop by hop.

    Args:
        height: in pixels; its width is WIDTH.
        strips: one for each hop that is shown.
        left_out: hops that are not.
        ticks: of the axis.
        limit: place of `max_latency`; None where there is none.
        is_logarithmic: of the axis.
    """

    height: float
    strips: tuple[Strip, ...]
    left_out: int
    ticks: tuple[Tick, ...]
    limit: float | None
    is_logarithmic: bool
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT
    axis: int = AXIS


@dataclass(frozen=True, slots=True)
class Course:
    """How latency went, event by event.

    Args:
        dots: SVG path data of events on the bus in time.
        late: of events on the bus later than allowed.
        heard: of events at the second witness.
        lost: SVG path data of crosses: events that never were on the bus.
        ticks: of the seconds.
        numbers: of the events.
        limit: height of `max_latency`; None where there is none.
        is_logarithmic: of the seconds.
    """

    dots: str
    late: str
    heard: str
    lost: str
    ticks: tuple[Tick, ...]
    numbers: tuple[Tick, ...]
    limit: float | None
    is_logarithmic: bool
    width: int = WIDTH
    height: int = COURSE_HEIGHT
    left: int = COURSE_LEFT
    right: int = RIGHT
    top: int = COURSE_TOP
    bottom: int = COURSE_BOTTOM


def plot_strips(report: VerificationReport, rows: Sequence[HopRow]) -> StripPlot | None:
    """A dot for each event at each hop whose time is known; None without any.

    Args:
        report: what was measured.
        rows: hops, in the order in which they are drawn.
    """
    values = _values(report.traces)
    timed = [row for row in rows if row.latency is not None and row.name in values]
    shown = timed[:ROWS_SHOWN]
    if not shown:
        return None
    everything = [value for row in shown for value in values[row.name]]
    scale = scale_of(everything, LEFT, RIGHT, reach=report.max_latency)
    strips = tuple(
        _strip(latency, values[latency.hop], scale, AXIS + index * ROW + ROW / 2, report.max_latency)
        for index, latency in enumerate(row.latency for row in shown if row.latency is not None)
    )
    limit = None if report.max_latency is None else scale.place(report.max_latency)
    height = AXIS + len(strips) * ROW + 10
    left_out = len(timed) - len(shown)
    return StripPlot(height, strips, left_out, _ticks(scale), limit, scale.is_logarithmic)


def _values(traces: Iterable[EventTrace]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for trace in traces:
        for hop in trace.hops:
            if hop.seconds is not None and hop.status == "passed":
                found.setdefault(hop.name, []).append(hop.seconds)
    return found


def _strip(latency: Latency, seconds: Sequence[float], scale: Scale, y: float, limit: float | None) -> Strip:
    bound = limit if latency.hop == BUS_HOP and limit is not None else float("inf")
    station, _, rule = latency.hop.partition(" of rule ")
    single = f"M{LEFT} {y:g}H{scale.place(seconds[0]):.0f}" if len(seconds) == 1 else ""
    return Strip(
        name=fit(station, LEFT - 24, 13),
        of_rule=fit(f"of rule {rule}", LEFT - 24, 11.5) if rule else "",
        tooltip=latency.hop,
        y=y,
        dots=_swarm([value for value in seconds if value <= bound], scale, y),
        late=_swarm([value for value in seconds if value > bound], scale, y),
        p50=scale.place(latency.p50),
        p95=scale.place(latency.p95),
        beam=single,
    )


def _swarm(seconds: Iterable[float], scale: Scale, y: float) -> str:
    """Dots beside each other where there is room, stacked where there is none; each place is drawn once."""
    taken: Counter[int] = Counter()
    dots: dict[str, None] = {}
    for value in sorted(seconds):
        place = round(scale.place(value) / DOT) * DOT
        height = STACK[min(taken[place], len(STACK) - 1)]
        taken[place] += 1
        dots[f"M{place} {y + height:g}h0"] = None
    return "".join(dots)


def _ticks(scale: Scale) -> tuple[Tick, ...]:
    return tuple(Tick(scale.place(number), f"{number:g} s") for number in scale.ticks())


def plot_course(report: VerificationReport) -> Course | None:
    """A dot for each event in the order of their causes, a cross where one was lost; None for a few events.

    Args:
        report: what was measured.
    """
    traces = report.traces
    on_bus = [hop_seconds(trace) for trace in traces]
    known = [seconds for seconds in on_bus if seconds is not None]
    if len(traces) < COURSE_MIN or not known:
        return None
    heard = [hop_seconds(trace, WITNESS) for trace in traces]
    all_seconds = [*known, *(seconds for seconds in heard if seconds is not None)]
    up = scale_of(all_seconds, COURSE_BOTTOM, COURSE_TOP, reach=report.max_latency)
    along = Scale(0, len(traces) + 1, COURSE_LEFT, RIGHT)
    limit = report.max_latency if report.max_latency is not None else float("inf")
    return Course(
        dots=_dots(along, up, [None if s is None or s > limit else s for s in on_bus]),
        late=_dots(along, up, [None if s is None or s <= limit else s for s in on_bus]),
        heard=_dots(along, up, heard),
        lost=_crosses(along, [index for index, trace in enumerate(traces, 1) if _is_lost(trace)]),
        ticks=_ticks(up),
        numbers=tuple(Tick(along.place(n), f"{n:g}") for n in along.ticks() if 1 <= n <= len(traces) and n == int(n)),
        limit=None if report.max_latency is None else up.place(report.max_latency),
        is_logarithmic=up.is_logarithmic,
    )  # fmt: skip


def _is_lost(trace: EventTrace) -> bool:
    return any(hop.name == BUS_HOP and hop.status == "failed" for hop in trace.hops)


def _dots(along: Scale, up: Scale, seconds: Sequence[float | None]) -> str:
    places = ((along.place(index), value) for index, value in enumerate(seconds, 1) if value is not None)
    return "".join(f"M{x:.0f} {up.place(value):.0f}h0" for x, value in places)


def _crosses(along: Scale, numbers: Iterable[int]) -> str:
    y = COURSE_TOP - 4
    return "".join(f"M{along.place(number) - 4:.0f} {y}l8 8m0-8l-8 8" for number in numbers)
