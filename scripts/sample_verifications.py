"""Sample verifications: bridges, and what was found of them. Tests and verify_report_sample.py use them.

Every one is made up. Times follow from numbers alone, so that two runs give the same values.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from statistics import NormalDist

from gcbridge.model.bridge import Bridge
from gcbridge.model.proof import (
    BusLogEntry,
    BusLogObservation,
    EventTrace,
    Hop,
    Latency,
    Loss,
    MetricsObservation,
    RuleMetrics,
    WitnessSummary,
)
from gcbridge.model.result import VerificationReport
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study import link_names as names
from gcbridge.study.event_links import CAUSE_SENT, EVENT_SEEN, IN_TIME, NONE_LOST
from gcbridge.study.link import Finding, Link, broken, holds, judge_links, untold
from gcbridge.study.proof.statistics import latency, wilson_interval
from gcbridge.study.resolve import resolve

Sample = tuple[Bridge, VerificationReport]
Times = dict[str, float | None]
"""Hop -> seconds since the change, None where the hop failed."""

START = datetime(2026, 10, 30, 14, 3, 12, tzinfo=timezone.utc)
PRESENCE = "v2.users.{id}.presence"
AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
CUSTOMER_END = "v2.detail.events.conversation.{id}.customer.end"
GOLDEN_RATIO = 0.6180339887498949
HOSTILE = """<script>alert(1)</script>"'>]]>&amp;{{ 7*7 }}\x1b[31m\u202eevil\u0000 Zoë 漢字漢字 🚨"""


def spread(number: int, stream: int, median: float, width: float) -> float:
    """A latency: log-normal, and the same on every run."""
    share = ((number + 1) * GOLDEN_RATIO + stream * 0.37) % 1
    return round(median * 2.718281828 ** (width * NormalDist().inv_cdf(min(max(share, 0.001), 0.999))), 3)


def bridge_of(rules: dict, targets: dict, topics: Sequence[str] = (PRESENCE, AUDITS, CUSTOMER_END)) -> Bridge:
    """A bridge with these rules and targets."""
    spec = EnvironmentSpec.model_validate(
        {
            "genesys": {
                "region": "eu-central-1",
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "event_source_suffix": "dev",
                "topics": list(topics),
            },
            "aws": {"region": "eu-central-1", "account_id": "123456789012"},
            "rules": rules,
            "targets": targets,
            "verify": {"cause": "presence", "user": "probe@example.com"},
        }
    )
    return resolve("dev", spec)


TEAM = bridge_of(
    {
        "presence-to-crm": {"topics": [PRESENCE], "targets": ["crm-queue", "presence-stream"]},
        "audits": {"topics": [AUDITS], "targets": ["security-log", "crm-queue"]},
        "conversation-end": {"topics": [CUSTOMER_END], "targets": ["bi-queue"]},
    },
    {
        "crm-queue": {"type": "sqs"},
        "presence-stream": {"type": "kinesis"},
        "security-log": {"type": "log_group"},
        "bi-queue": {"type": "sqs", "dead_letter": False},
    },
)


# Checks


def links(bridge: Bridge, findings: dict[str, Finding]) -> Iterator[Link]:
    """Every link of a bridge, whole but for those in `findings`."""

    def link(name: str, needs: tuple[str, ...], observed: str) -> Link:
        return Link(name, needs, lambda: findings.get(name, holds(observed)))

    integration, bus = "integration exists", "event bus exists"
    yield link("genesys organization", (), f"organization {bridge.organization.org_id}")
    yield link(
        integration, ("genesys organization",), "'gcbridge dev' (11111111-2222-4333-8444-555555555555)"
    )
    yield link("integration enabled", (integration,), "intended state ENABLED")
    yield link("integration reported ACTIVE", ("integration enabled",), "reported state ACTIVE")
    yield link("integration event source suffix", (integration,), bridge.integration.event_source_suffix)
    yield link("integration AWS account", (integration,), bridge.aws.account_id)
    yield link("integration AWS region", (integration,), bridge.aws.region)
    yield link("integration topics", (integration,), f"{len(bridge.integration.topics)} topics, as declared")
    yield link("aws account", (), f"account {bridge.aws.account_id}")
    yield link(
        "event source exists", ("integration reported ACTIVE", "aws account"), bridge.event_source_name
    )
    yield link(bus, ("event source exists",), bridge.event_bus_name)
    yield link("event source ACTIVE", (bus,), "state ACTIVE")
    yield from rule_links(bridge, link)
    yield link(CAUSE_SENT, ("integration topics",), PRESENCE)
    yield link(EVENT_SEEN, (CAUSE_SENT, "event source ACTIVE"), f"the first of all, {PRESENCE}, after 1.38 s")
    yield link(NONE_LOST, (EVENT_SEEN,), "all arrived")
    yield link(IN_TIME, (EVENT_SEEN,), "at most 3.65 s; 5 s are allowed")
    yield from proof_links(bridge, link)


def rule_links(bridge: Bridge, link: Callable[..., Link]) -> Iterator[Link]:
    """Rules, targets, permissions, ways to dead-letter queues."""
    pairs = [(rule, bridge.target(name)) for rule in bridge.rules for name in rule.targets]
    for rule in bridge.rules:
        yield link(names.rule_link(rule), ("event bus exists",), "ENABLED, pattern as declared")
    for rule, target in pairs:
        yield link(names.target_link(rule, target), (names.rule_link(rule),), target.arn or target.name)
    for rule, target in pairs:
        yield link(names.permission_link(rule, target), (names.target_link(rule, target),), "as needed")
    for rule, target in pairs:
        if target.dead_letter_queue_name:
            name = names.dead_letter_way_link(rule, target)
            yield link(name, (names.rule_link(rule),), target.dead_letter_queue_name)


def proof_links(bridge: Bridge, link: Callable[..., Link]) -> Iterator[Link]:
    """What the events prove."""
    for rule in bridge.rules:
        yield link(names.match_link(rule), (EVENT_SEEN, names.rule_link(rule)), "as predicted")
    for rule in bridge.rules:
        for target in map(bridge.target, rule.targets):
            needs = (names.match_link(rule), names.permission_link(rule, target))
            yield link(names.delivery_link(rule, target), needs, "all events")
    for target in bridge.targets:
        if target.dead_letter_queue_name:
            yield link(names.dead_letter_link(target), ("event bus exists",), "empty")


def report_of(bridge: Bridge, findings: dict[str, Finding], **fields: object) -> VerificationReport:
    """A report whose checks hold but for `findings`."""
    return VerificationReport(
        environment=bridge.environment,
        checks=judge_links(links(bridge, findings)),
        **{"cause": "presence", "started_at": START, "seconds": 74.3, **fields},
    )


# Events


def traces(bridge: Bridge, count: int, times: Callable[[int], Times], rules: Sequence[str]) -> tuple:
    """The ways of events that these rules match."""
    return tuple(trace(bridge, number, times(number), rules) for number in range(1, count + 1))


def trace(bridge: Bridge, number: int, times: Times, rules: Sequence[str]) -> EventTrace:
    """One way; behind a hop that failed nothing is followed."""
    state = ("Busy", "Available")[number % 2]
    lost = times.get("event bus", 0) is None
    return EventTrace(
        change=number,
        description=f"presence of Ada Probe set to {state}",
        topic=PRESENCE,
        event_id=None if lost else f"6f1e0a52-{number:04d}-4000-8000-0000000000{number % 97:02d}",
        accepted_at=START + timedelta(seconds=6.5 + number),
        hops=tuple(hops(bridge, number, times, rules, lost=lost)),
        copies=2 if number % 61 == 7 and not lost else 1,
    )


def hops(bridge: Bridge, number: int, times: Times, rules: Sequence[str], *, lost: bool) -> Iterator[Hop]:
    """Stations of one event, in order."""
    yield Hop(name="accepted", status="passed", seconds=0.0)
    if "witness" in times:
        yield hop("witness", times["witness"], "over the WebSocket", "not heard over the WebSocket")
    yield hop("event bus", times.get("event bus", 1.4), "seen by the probe", "not on the bus after 60 s")
    if lost:
        return
    for name in rules:
        rule = next(rule for rule in bridge.rules if rule.name == name)
        yield Hop(name=f"rule {name}", status="passed", detail="matches, as predicted")
        for target in map(bridge.target, rule.targets):
            yield target_hop(f"target {target.name} of rule {name}", number, times)


def target_hop(name: str, number: int, times: Times) -> Hop:
    """Where a target got the event, or did not."""
    seconds = times.get(
        name, round((times.get("event bus") or 1.4) + spread(number, len(name), 0.35, 0.4), 3)
    )
    return hop(name, seconds, "in the target", "in the dead-letter queue: NO_PERMISSIONS")


def hop(name: str, seconds: float | None, there: str, missing: str) -> Hop:
    """A hop that was reached, or was not."""
    if seconds is None:
        return Hop(name=name, status="failed", detail=missing)
    return Hop(name=name, status="passed", seconds=seconds, detail=there)


def latencies(ways: Sequence[EventTrace]) -> tuple[Latency, ...]:
    """How long events took to each hop."""
    times: dict[str, list[float]] = {}
    for way in ways:
        for seen in way.hops:
            if seen.seconds is not None and seen.name != "accepted":
                times.setdefault(seen.name, []).append(seen.seconds)
    return tuple(found for name, values in times.items() if (found := latency(name, values)))


def loss(expected: int, lost: int, **more: int) -> Loss:
    """A loss with its interval."""
    low, high = wilson_interval(lost, expected)
    return Loss(expected=expected, arrived=expected - lost, low=low, high=high, **more)


def witnessed(number: int, *, lost: bool = False) -> Times:
    """Times of an event that the second witness heard."""
    bus = None if lost else spread(number, 0, 1.4, 0.35)
    return {"witness": spread(number, 1, 0.31, 0.3), "event bus": bus}


LATER = Latency(hop="witness", count=50, p50=1.09, p95=2.31, maximum=2.96)
OVERHEAD = Latency(hop="known", count=50, p50=0.21, p95=0.48, maximum=0.61)
UNMATCHED = {
    "rule conversation-end matches": untold(f"no event of this run matches; it asks for {CUSTOMER_END}"),
    "delivery from rule conversation-end to target bi-queue": untold("no event of this run matches the rule"),
    "rule audits matches": untold(f"no event of this run matches; it asks for {AUDITS}"),
    "delivery from rule audits to target security-log": untold("no event of this run matches the rule"),
    "delivery from rule audits to target crm-queue": untold("no event of this run matches the rule"),
}


# Samples


def passed() -> Sample:
    """Fifty changes, heard twice, all in time."""
    ways = traces(TEAM, 50, witnessed, ["presence-to-crm"])
    return TEAM, report_of(
        TEAM,
        UNMATCHED,
        traces=ways,
        latencies=latencies(ways),
        max_latency=5.0,
        loss=loss(50, 0, duplicates=1),
        overhead=OVERHEAD,
        witness=WitnessSummary(
            both=50, only_websocket=0, only_eventbridge=0, neither=0, later=LATER,
            unheard={AUDITS: "the notification service does not have it"}, notes=("connected over one channel",),
        ),
    )  # fmt: skip


def single() -> Sample:
    """One change, as `verify` is run most often."""
    ways = traces(TEAM, 1, lambda _: {"event bus": 1.92}, ["presence-to-crm"])
    return TEAM, report_of(
        TEAM, UNMATCHED, seconds=14.2, traces=ways, latencies=latencies(ways), loss=loss(1, 0)
    )


def early() -> Sample:
    """The integration is switched off: no event was caused."""
    finding = broken(
        "intended state DISABLED",
        "intended state ENABLED",
        "somebody switched the integration off: switch it on in Genesys Cloud under Admin > Integrations, "
        "or type: gcbridge plan dev && gcbridge apply dev",
    )
    return TEAM, report_of(TEAM, {"integration enabled": finding}, seconds=3.1)


def no_permission() -> Sample:
    """The events reach the bus; one target lets nobody in."""
    target = "target crm-queue of rule presence-to-crm"
    delivery = "delivery from rule presence-to-crm to target crm-queue"
    findings = {
        **UNMATCHED,
        delivery: broken(
            "event 6f1e0a52-0001-4000-8000-000000000001 is in the dead-letter queue (NO_PERMISSIONS)",
            "event 6f1e0a52-0001-4000-8000-000000000001 in target crm-queue",
            "see 'permission of rule presence-to-crm on target crm-queue' in this report, and type gcbridge dlq dev "
            "show for the reason; when it is mended, type gcbridge dlq dev redrive. Then type: gcbridge verify dev",
        ),
        "dead-letter queue of target crm-queue": broken(
            "about 10 events could not be delivered",
            "queue gcbridge-dev-crm-queue-dlq, empty",
            "type gcbridge dlq dev list to see why; mend the cause, then send them again: gcbridge dlq dev redrive",
        ),
    }
    ways = traces(TEAM, 10, lambda number: {**witnessed(number), target: None}, ["presence-to-crm"])
    return TEAM, report_of(
        TEAM,
        findings,
        traces=ways,
        latencies=latencies(ways),
        loss=loss(10, 0),
        witness=WitnessSummary(both=10, only_websocket=0, only_eventbridge=0, neither=0, later=LATER),
    )


def lossy() -> Sample:
    """Two hundred changes, of which EventBridge lost nine."""
    ways = traces(TEAM, 200, lambda number: witnessed(number, lost=number % 22 == 13), ["presence-to-crm"])
    lost = sum(way.event_id is None for way in ways)
    finding = broken(
        f"{200 - lost} of 200 arrived: {lost} lost, 4.5% (95 % confidence: 2.4% to 8.3%) (3 copies, 2 out of order); "
        f"{lost} of the lost ones came over the notification service",
        "200 events on the bus",
        "raise verify.timeout_seconds if they may only be late, and type gcbridge verify dev --count 200 --witness. If they "
        f"stay away, give Genesys Cloud support the event source {TEAM.event_source_name} and the times in --json (traces)",
    )
    return TEAM, report_of(
        TEAM,
        {**UNMATCHED, NONE_LOST: finding},
        seconds=268.0,
        traces=ways,
        latencies=latencies(ways),
        max_latency=5.0,
        loss=loss(200, lost, duplicates=3, out_of_order=2),
        overhead=OVERHEAD,
        witness=WitnessSummary(
            both=200 - lost, only_websocket=lost, only_eventbridge=0, neither=0, later=LATER,
            notes=("connected over one channel", "dropped after 61 s, connected again after 1.2 s; 2 events filled"),
        ),
    )  # fmt: skip


def slow() -> Sample:
    """Everything arrives, some of it too late; one event took minutes."""

    def times(number: int) -> Times:
        return {"event bus": 184.0 if number == 17 else spread(number, 0, 3.1, 0.5)}

    ways = traces(TEAM, 30, times, ["presence-to-crm"])
    return TEAM, report_of(
        TEAM,
        {
            **UNMATCHED,
            IN_TIME: broken(
                "7 of 30 events took longer, the slowest 184.00 s",
                "at most 5 s (verify.max_latency)",
                "look at the latency of each hop",
            ),
        },
        traces=ways,
        latencies=latencies(ways),
        max_latency=5.0,
        loss=loss(30, 0),
    )


def read_only() -> Sample:
    """Nothing was created: CloudWatch and the bus's own log tell what traffic came."""
    unread = untold("a Firehose stream cannot be looked into; see CloudWatch")
    findings = {**UNMATCHED, "delivery from rule presence-to-crm to target presence-stream": unread}
    since = START + timedelta(minutes=-5)
    return TEAM, report_of(
        TEAM,
        findings,
        cause="traffic",
        read_only=True,
        metrics=MetricsObservation(
            since=since,
            until=START,
            events=412,
            rules=(
                RuleMetrics(rule="presence-to-crm", matched_events=398, triggered=398, invocations=796),
                RuleMetrics(rule="audits", matched_events=14, triggered=14, invocations=28, failed_invocations=1),
            ),
        ),
        bus_log=BusLogObservation(
            level="INFO",
            log_group="/aws/vendedlogs/events/event-bus/dev",
            entries=(
                BusLogEntry(at=since, event_id="6f1e0a52-0001", message_type="EVENT_INGEST_SUCCESS"),
                BusLogEntry(at=since, event_id="6f1e0a52-0001", message_type="RULE_MATCH", rule="presence-to-crm"),
                BusLogEntry(
                    at=since, event_id="6f1e0a52-0002", message_type="INVOCATION_DLQ", rule="audits",
                    target="arn:aws:sqs:eu-central-1:123456789012:gcbridge-dev-crm-queue", error="NO_PERMISSIONS",
                ),
            ),
        ),
    )  # fmt: skip


def many() -> Sample:
    """As many rules as a bus takes, one of them broken."""
    queues = {f"queue-{number:02d}": {"type": "sqs"} for number in range(60)}
    rules = {
        f"rule-{number:03d}": {
            "topics": [PRESENCE if number < 4 else CUSTOMER_END],
            "targets": [f"queue-{number % 60:02d}", f"queue-{(number * 7 + 1) % 60:02d}"],
        }
        for number in range(300)
    }
    bridge = bridge_of(rules, queues)
    finding = broken(
        "state DISABLED", "state ENABLED, as declared", "type gcbridge plan dev && gcbridge apply dev"
    )
    matched = [f"rule-{number:03d}" for number in range(4)]
    unmatched = {
        name: untold("no event of this run matches the rule")
        for rule in bridge.rules[4:]
        for name in (
            names.match_link(rule),
            *(names.delivery_link(rule, bridge.target(target)) for target in rule.targets),
        )
    }
    ways = traces(bridge, 20, witnessed, matched)
    return bridge, report_of(
        bridge,
        {**unmatched, "rule rule-211": finding},
        traces=ways,
        latencies=latencies(ways),
        loss=loss(20, 0),
    )


def large() -> Sample:
    """Two hundred events to twenty targets each."""
    queues = {f"queue-{number:02d}": {"type": "sqs"} for number in range(20)}
    rules = {
        f"rule-{number}": {"topics": [PRESENCE], "targets": list(queues)[number * 5 : number * 5 + 5]}
        for number in range(4)
    }
    bridge = bridge_of(rules, queues)
    ways = traces(bridge, 200, witnessed, list(rules))
    return bridge, report_of(
        bridge, {}, traces=ways, latencies=latencies(ways), loss=loss(200, 0), max_latency=5.0
    )


def hostile() -> Sample:
    """Every text that a stranger can write is written against the page."""
    ways = traces(TEAM, 3, witnessed, ["presence-to-crm"])
    evil = tuple(
        way.model_copy(
            update={
                "description": HOSTILE,
                "topic": HOSTILE,
                "event_id": HOSTILE,
                "hops": (*way.hops[:-1], Hop(name=HOSTILE, status="failed", detail=HOSTILE * 400)),
            }
        )
        for way in ways
    )
    findings = {
        "integration exists": holds(HOSTILE),
        EVENT_SEEN: broken(HOSTILE, HOSTILE, HOSTILE),
        "dead-letter queue of target crm-queue": broken("x" * 5000, HOSTILE, HOSTILE),
    }
    integration = TEAM.integration.model_copy(update={"name": HOSTILE})
    rules = (TEAM.rules[0].model_copy(update={"name": HOSTILE * 5}), *TEAM.rules[1:])
    bridge = TEAM.model_copy(update={"environment": HOSTILE, "integration": integration, "rules": rules})
    report = report_of(TEAM, findings, traces=evil, latencies=latencies(evil), loss=loss(3, 0))
    return bridge, report.model_copy(
        update={
            "environment": HOSTILE,
            "witness": WitnessSummary(
                both=3, only_websocket=0, only_eventbridge=0, neither=0, unheard={HOSTILE: HOSTILE}, notes=(HOSTILE,)
            ),
            "metrics": MetricsObservation(since=START, until=START, detail=HOSTILE),
            "bus_log": BusLogObservation(
                level=HOSTILE,
                log_group=HOSTILE,
                entries=(BusLogEntry(at=START, event_id=HOSTILE, message_type=HOSTILE, error=HOSTILE),),
            ),
        }
    )  # fmt: skip


SAMPLES: dict[str, Callable[[], Sample]] = {
    "passed": passed,
    "single": single,
    "early": early,
    "no-permission": no_permission,
    "loss": lossy,
    "slow": slow,
    "read-only": read_only,
    "many-rules": many,
    "large": large,
    "hostile": hostile,
}
