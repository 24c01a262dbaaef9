"""Lists of the page: every check finds its kind, no broken way is left out."""

import pytest
from sample_verifications import SAMPLES, TEAM, large, lossy, trace

from gcbridge.model.result import Check
from gcbridge.study.event_links import CAUSE_SENT, EVENT_SEEN, IN_TIME, NONE_LOST
from gcbridge.study.report.sections import HOPS_SHOWN, TRACES_SHOWN, choose_ways, facts, group_checks, tiles

EVENTS = "Events"


def check(name, status="passed"):
    return Check(name=name, status=status)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("genesys organization", "Genesys Cloud"),
        ("integration topics", "Genesys Cloud"),
        (CAUSE_SENT, "Genesys Cloud"),
        ("aws account", "AWS account, event source and bus"),
        ("event source ACTIVE", "AWS account, event source and bus"),
        ("event bus exists", "AWS account, event source and bus"),
        ("rule calls", "Rules"),
        ("rule matches", EVENTS),
        ("pattern of rule calls", "Rules"),
        ("target queue of rule calls", "Targets"),
        ("permission of rule calls on target queue", "Permissions"),
        ("dead-letter queue of rule calls on target queue", "Dead-letter queues"),
        ("dead-letter queue of target queue", "Dead-letter queues"),
        (EVENT_SEEN, EVENTS),
        (NONE_LOST, EVENTS),
        (IN_TIME, EVENTS),
        ("rule calls matches", EVENTS),
        ("delivery from rule calls to target queue", EVENTS),
        ("something new", "Other"),
    ],
)
def test_checks_find_their_kind(name, kind):
    """By how their names begin."""
    (group,) = group_checks([check(name)])

    assert group.title == kind


def test_kinds_keep_the_causal_order():
    """And no check of a whole verification is of no kind."""
    groups = group_checks(SAMPLES["passed"]()[1].checks)

    assert [group.title for group in groups] == [
        "Genesys Cloud",
        "AWS account, event source and bus",
        "Rules",
        "Targets",
        "Permissions",
        "Dead-letter queues",
        EVENTS,
    ]


def test_long_kinds_are_folded_unless_something_failed():
    """Then what failed stands first."""
    names = [f"rule r{number}" for number in range(100)]
    (whole,) = group_checks(map(check, names))
    (broken,) = group_checks([*map(check, names), check("rule last", "failed")])

    assert (whole.is_open, whole.counts) == (False, "100 passed")
    assert (broken.is_open, broken.counts) == (True, "1 failed, 100 passed")
    assert broken.checks[0].name == "rule last"
    assert [one.name for one in broken.checks[1:]] == names


def test_ways_are_shown_in_the_order_of_their_causes():
    """Each with the time of its last hop, or where it broke off."""
    ways = choose_ways(lossy()[1].traces)

    assert [way.trace.change for way in ways] == list(range(1, 201))
    assert [way.end for way in ways].count("event bus") == 9
    assert ways[0].seconds.endswith(" s")
    assert {way.light for way in ways if not way.end} == {"passed"}


def test_broken_ways_are_shown_before_all_others():
    """The last of a thousand, too."""
    fine = [trace(TEAM, number, {"event bus": 1.0}, []) for number in range(1, 1000)]
    ways = choose_ways([*fine, trace(TEAM, 1000, {"event bus": None}, [])])

    assert len(ways) == TRACES_SHOWN
    assert ways[-1].end == "event bus"


def test_ways_of_many_hops_are_fewer():
    """A page holds so many hops; at least one way is shown."""
    traces = large()[1].traces
    long = traces[0].model_copy(update={"hops": traces[0].hops * 50})

    assert len(choose_ways([long] * 100)) == HOPS_SHOWN // len(long.hops)
    assert len(choose_ways([long.model_copy(update={"hops": long.hops * 10})])) == 1


@pytest.mark.parametrize(
    ("sample", "figures"),
    [
        (
            "passed",
            [
                ("events arrived", "50 of 50", "passed"),
                ("median to the bus", "1.38 s", "skipped"),
                ("slowest to the bus", "2.85 s", "passed"),
                ("seen by both witnesses", "50 of 50", "passed"),
            ],
        ),
        ("single", [("events arrived", "1 of 1", "passed"), ("to the bus", "1.92 s", "skipped")]),
        (
            "slow",
            [
                ("events arrived", "30 of 30", "passed"),
                ("median to the bus", "3.13 s", "skipped"),
                ("slowest to the bus", "184 s", "failed"),
            ],
        ),
        ("read-only", [("events of the source", "412", "skipped")]),
        ("early", []),
    ],
)
def test_figures_that_come_first(sample, figures):
    """Green and red only where there is something to hold them against."""
    assert [(tile.name, tile.value, tile.light) for tile in tiles(SAMPLES[sample]()[1])] == figures


def test_what_was_looked_at():
    """Environment, organization, account, region, times, version."""
    told = dict(facts(*SAMPLES["passed"](), "1.2.3"))

    assert told["Environment"] == "dev"
    assert told["Organization"] == f"{TEAM.organization.org_id} (eu-central-1)"
    assert told["AWS account"] == "123456789012 (eu-central-1)"
    assert told["Partner event source and bus"] == TEAM.event_source_name
    assert told["Declared"] == "3 topics, 3 rules, 4 targets"
    assert (told["Started"], told["Took"]) == ("2026-10-30 14:03:12 UTC", "74.30 s")
    assert told["gcbridge's own part of a latency"] == "0.21 s at the median, 0.61 s at most"
    assert told["gcbridge"] == "1.2.3"
