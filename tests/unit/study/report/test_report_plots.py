"""Plots show every event where it belongs: in time, too late, lost."""

import re

import pytest
from sample_verifications import SAMPLES, TEAM, latencies, report_of, trace, traces

from gcbridge.study.report.hop_table import hop_rows
from gcbridge.study.report.lights import Lights
from gcbridge.study.report.plots import LEFT, RIGHT, ROWS_SHOWN, plot_course, plot_strips
from gcbridge.study.report.scale import scale_of


def strips(bridge, report):
    return plot_strips(report, hop_rows(Lights(bridge, report)))


def dots(path):
    return [(int(x), float(y)) for x, y in re.findall(r"M(\d+) ([\d.]+)", path)]


def timed(*seconds, **fields):
    """A report of events that took so long to the bus."""
    ways = traces(TEAM, len(seconds), lambda number: {"event bus": seconds[number - 1]}, [])
    return report_of(TEAM, {}, traces=ways, latencies=latencies(ways), **fields)


def test_hops_stand_in_the_order_of_the_way():
    """Each rule before its targets, the accepted change left out."""
    rows = hop_rows(Lights(*SAMPLES["passed"]()))

    assert [row.name for row in rows] == [
        "witness",
        "event bus",
        "rule presence-to-crm",
        "target crm-queue of rule presence-to-crm",
        "target presence-stream of rule presence-to-crm",
    ]
    assert rows[2].latency is None
    assert (rows[1].latency.count, rows[1].tally.passed) == (50, 50)


def test_each_event_is_a_dot():
    """A median and a 95th percentile, between the ends of the axis."""
    plot = strips(TEAM, timed(1.0, 2.0, 3.0, 4.0))
    (strip,) = plot.strips

    assert strip.name == "event bus"
    places = [x for x, _ in dots(strip.dots)]
    assert len(places) == 4
    assert places == sorted(places)
    assert LEFT < places[0] < strip.p50 < places[2] < strip.p95 <= RIGHT
    assert (strip.late, strip.beam, plot.limit) == ("", "", None)


def test_equal_times_are_stacked():
    """Beside each other in height; what has no more room is drawn once."""
    (strip,) = strips(TEAM, timed(*[2.0] * 50)).strips

    assert len({x for x, _ in dots(strip.dots)}) == 1
    assert 3 <= len({y for _, y in dots(strip.dots)}) <= 10


def test_what_is_too_late_is_drawn_apart():
    """The limit is for the bus alone."""
    bridge, report = SAMPLES["slow"]()
    plot = strips(bridge, report)
    bus, crm, _ = plot.strips

    assert len(dots(bus.late)) >= 4
    assert all(x > plot.limit - 4 for x, _ in dots(bus.late))
    assert all(x < plot.limit + 4 for x, _ in dots(bus.dots))
    assert crm.late == ""


def test_a_single_event_is_a_line_from_its_cause():
    """A way in time, hop below hop."""
    bridge, report = SAMPLES["single"]()

    assert all(strip.beam.startswith(f"M{LEFT} ") for strip in strips(bridge, report).strips)


def test_further_hops_are_counted():
    """A dozen strips can be read."""
    plot = strips(*SAMPLES["large"]())

    assert len(plot.strips) == ROWS_SHOWN
    assert plot.left_out == 22 - ROWS_SHOWN


def test_nothing_timed_is_no_plot():
    """Counters alone have no times."""
    assert strips(*SAMPLES["read-only"]()) is None
    assert strips(*SAMPLES["early"]()) is None


def test_the_course_has_a_cross_for_each_lost_event():
    """Events that arrived are dots, those that the witness heard are rings."""
    _, report = SAMPLES["loss"]()
    course = plot_course(report)

    assert course.lost.count("M") == 9
    assert course.dots.count("M") == 191
    assert course.heard.count("M") == 200
    assert course.late == ""
    assert course.top < course.limit < course.bottom


def test_a_course_of_two_events_says_nothing():
    """A list says it better."""
    assert plot_course(timed(1.0, 2.0)) is None
    assert plot_course(timed(1.0, 2.0, 3.0)) is not None


def test_a_course_without_any_arrival():
    """There is no latency to draw."""
    ways = tuple(trace(TEAM, number, {"event bus": None}, []) for number in range(1, 6))

    assert plot_course(report_of(TEAM, {}, traces=ways)) is None


@pytest.mark.parametrize(
    ("values", "is_logarithmic"),
    [
        ([1, 2, 3], False),
        ([1, 1, 20], False),
        ([1, 1, 1, 300], True),
        ([0, 0, 0], False),
        ([0.001, 0.002, 50], True),
    ],
)
def test_far_values_make_the_axis_logarithmic(values, is_logarithmic):
    """A linear one would press all others into one spot."""
    assert scale_of(values, 0, 100).is_logarithmic is is_logarithmic


@pytest.mark.parametrize("values", [[0.0], [0.004], [1, 2, 3], [0, 1, 1, 300], [3000] * 3, [0.2, 0.3, 900]])
def test_an_axis_has_a_few_round_numbers(values):
    """In order, within the scale, and every value has a place."""
    scale = scale_of(values, 10, 110)
    ticks = scale.ticks()

    assert 1 <= len(ticks) <= 12
    assert ticks == sorted(set(ticks))
    assert all(10 <= scale.place(number) <= 110 for number in [*values, *ticks])
    assert scale.place(max(values)) >= scale.place(min(values))


def test_a_limit_lies_on_the_axis():
    """Even where all events were much faster."""
    scale = scale_of([0.5, 0.6], 0, 100, reach=5)

    assert scale.place(5) < 100
    assert scale.place(5) > scale.place(0.6)
