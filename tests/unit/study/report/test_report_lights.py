"""Parts are lit by what checks and events say of them."""

import pytest
from sample_verifications import SAMPLES, TEAM, report_of, trace, traces

from gcbridge.study.event_links import CAUSE_SENT, EVENT_SEEN, NONE_LOST
from gcbridge.study.link import broken, untold
from gcbridge.study.report.lights import Lights, Tally, tally_hops

RULE = next(rule for rule in TEAM.rules if rule.name == "presence-to-crm")
IDLE = next(rule for rule in TEAM.rules if rule.name == "audits")
CRM, STREAM = TEAM.target("crm-queue"), TEAM.target("presence-stream")
CRM_HOP = "target crm-queue of rule presence-to-crm"
BROKEN = broken("gone", "there", "mend it")


def lights(findings=None, **fields):
    return Lights(TEAM, report_of(TEAM, findings or {}, **fields))


def events(count, **times):
    return traces(TEAM, count, lambda _: {"event bus": 1.0, **times}, [RULE.name])


@pytest.mark.parametrize(
    ("link", "part"),
    [
        ("genesys organization", "organization"),
        ("integration topics", "integration"),
        (CAUSE_SENT, "integration"),
        ("aws account", "account"),
        ("event source exists", "event_source"),
        ("event source ACTIVE", "event_source"),
        ("event bus exists", "event_bus"),
        (EVENT_SEEN, "arrival"),
        (NONE_LOST, "arrival"),
    ],
)
def test_a_broken_link_lights_its_part_red(link, part):
    """And what hangs on it stays unlit or keeps its own light, but is never red."""
    seen = lights({link: BROKEN})

    assert getattr(lights(), part) == "passed"
    assert getattr(seen, part) == "failed"
    parts = {"organization", "integration", "account", "event_source", "event_bus"} - {part}
    assert "failed" not in {getattr(seen, other) for other in parts}


@pytest.mark.parametrize(
    ("link", "light_of"),
    [
        ("rule presence-to-crm", lambda seen: seen.rule(RULE)),
        ("rule presence-to-crm matches", lambda seen: seen.matching(RULE)),
        (CRM_HOP, lambda seen: seen.target(CRM)),
        ("permission of rule audits on target crm-queue", lambda seen: seen.target(CRM)),
        ("delivery from rule presence-to-crm to target crm-queue", lambda seen: seen.delivery(RULE, CRM)),
        (
            "dead-letter queue of rule presence-to-crm on target crm-queue",
            lambda seen: seen.dead_letters(CRM),
        ),
        ("dead-letter queue of target crm-queue", lambda seen: seen.dead_letters(CRM)),
    ],
)
def test_a_broken_link_behind_the_bus_lights_its_part_red(link, light_of):
    """Rules, targets, what lets in, what is delivered, what is kept."""
    assert light_of(lights()) == "passed"
    assert light_of(lights({link: BROKEN})) == "failed"
    assert light_of(lights({link: untold("not readable")})) in {"passed", "skipped"}


def test_lost_events_light_the_way_to_the_bus():
    """The integration sends, since others arrived; the bus lacks some."""
    ways = (*events(2), trace(TEAM, 3, {"event bus": None}, []))
    seen = lights(traces=ways)

    assert (seen.sending, seen.arrival, seen.event_bus) == ("passed", "failed", "failed")
    assert seen.tally("event bus") == Tally(passed=2, failed=1)


def test_an_event_that_is_missing_in_a_target_lights_the_last_hop():
    """The other target of the same rule stays green."""
    seen = lights(traces=events(2, **{CRM_HOP: None}))

    assert (seen.delivery(RULE, CRM), seen.target(CRM)) == ("failed", "failed")
    assert (seen.delivery(RULE, STREAM), seen.target(STREAM)) == ("passed", "passed")
    assert (seen.rule(RULE), seen.matching(RULE)) == ("passed", "passed")


def test_a_rule_that_is_off_on_purpose_lights_no_way():
    """Its check holds, and nothing goes through it."""
    off = IDLE.model_copy(update={"enabled": False})

    assert lights().rule(off) == "passed"
    assert lights().matching(off) == "skipped"


def test_without_checks_everything_is_unlit():
    """Nothing is known, so nothing is claimed."""
    seen = Lights(TEAM, report_of(TEAM, {}).model_copy(update={"checks": ()}))

    parts = (
        seen.organization,
        seen.integration,
        seen.account,
        seen.event_source,
        seen.event_bus,
        seen.arrival,
    )
    assert set(parts) == {"skipped"}
    assert seen.target(CRM) == seen.dead_letters(CRM) == "skipped"


def test_hops_are_counted_by_what_is_told():
    """Skipped is not arrived, and not lost."""
    counts = tally_hops(SAMPLES["loss"]()[1].traces)

    assert counts["event bus"] == Tally(passed=191, failed=9)
    assert counts["witness"] == Tally(passed=200)
    assert counts[CRM_HOP].expected == 191
