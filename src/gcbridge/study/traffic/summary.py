"""Tally -> Simulation: what was counted, in the order in which people look for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone

from gcbridge.model.bridge import Bridge
from gcbridge.model.simulation import (
    Change,
    ChangedEvent,
    CostEstimate,
    DamagedText,
    Difference,
    Price,
    RuleTraffic,
    Simulation,
    TargetTraffic,
    TopicTraffic,
    TrafficSpan,
)
from gcbridge.study.traffic.cost import estimate_cost
from gcbridge.study.traffic.redeclared import redeclared
from gcbridge.study.traffic.tally import FIRST_MAX, ChangeTally, Tally, TargetTally

DAY_SECONDS = 86_400
SHORTEST_SPAN_SECONDS = 60
"""A month is not made out of less."""


def summarize(
    bridge: Bridge,
    tally: Tally,
    *,
    files: tuple[str, ...],
    days: float | None,
    prices: Mapping[str, Price],
    against: tuple[str, Bridge] | None,
    workers: int,
    seconds: float,
) -> Simulation:
    """What the traffic amounts to under a bridge's rules.

    Args:
        bridge: whose rules.
        tally: all of the traffic.
        files: what was read.
        days: how long it lasted, where a person says so.
        prices: name -> price.
        against: name of the definition that it was compared with, and that definition.
        workers: how many processes counted.
        seconds: how long that took.
    """
    span = _span(tally, days)
    return Simulation(
        environment=bridge.environment,
        files=files,
        events=tally.events,
        unmatched=tally.unmatched,
        not_subscribed=tally.not_subscribed,
        bytes=tally.bytes,
        source=bridge.event_source_name,
        other_source_events=tally.other_source_events,
        other_sources=tuple(source for source, _ in tally.other_sources.most_common(FIRST_MAX)),
        damaged=tally.damaged,
        first_damaged=tuple(DamagedText(where=where, problem=what) for where, what in tally.first_damaged),
        span=span,
        rules=_rules(bridge, tally),
        targets=_targets(bridge, tally),
        topics=_topics(bridge, tally),
        topics_not_listed=tally.topics_not_listed,
        cost=_cost(bridge, tally, span, prices),
        difference=None if against is None else _difference(tally, bridge, *against),
        workers=workers,
        seconds=round(seconds, 3),
    )


def _span(tally: Tally, days: float | None) -> TrafficSpan:
    seconds = 0.0 if tally.first is None or tally.last is None else tally.last - tally.first
    counted = seconds / DAY_SECONDS if seconds >= SHORTEST_SPAN_SECONDS else None
    return TrafficSpan(
        first=_moment(tally.first),
        last=_moment(tally.last),
        without_time=tally.without_time,
        days=counted if days is None else days,
        days_from="events" if days is None else "option",
    )


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=timezone.utc)


def _rules(bridge: Bridge, tally: Tally) -> tuple[RuleTraffic, ...]:
    return tuple(
        RuleTraffic(name=rule.name, enabled=rule.enabled, events=tally.rules[rule.name])
        for rule in bridge.rules
    )


def _targets(bridge: Bridge, tally: Tally) -> tuple[TargetTraffic, ...]:
    found = []
    for target in bridge.targets:
        came = tally.targets.get(target.name, TargetTally())
        found.append(
            TargetTraffic(
                name=target.name,
                type=target.type,
                events=came.events,
                deliveries=came.deliveries,
                bytes=came.bytes,
            )
        )
    return tuple(found)


def _topics(bridge: Bridge, tally: Tally) -> tuple[TopicTraffic, ...]:
    busiest_first = sorted(tally.topics.items(), key=lambda item: (-item[1].events, item[0]))
    return tuple(
        TopicTraffic(
            detail_type=name,
            events=topic.events,
            unmatched=topic.unmatched,
            subscribed=name in bridge.integration.topics,
        )
        for name, topic in busiest_first
    )


def _cost(
    bridge: Bridge, tally: Tally, span: TrafficSpan, prices: Mapping[str, Price]
) -> CostEstimate | None:
    return None if span.days is None else estimate_cost(bridge, tally, span.days, prices)


def _difference(tally: Tally, bridge: Bridge, against: str, before: Bridge) -> Difference:
    targets = (
        _change(name, change, tally.targets.get(name, TargetTally()).events)
        for name, change in sorted(tally.target_changes.items())
    )
    rules = (_change(name, change, tally.rules[name]) for name, change in sorted(tally.rule_changes.items()))
    return Difference(
        against=against,
        events=tally.changed,
        targets=tuple(change for change in targets if not change.is_none),
        rules=tuple(change for change in rules if not change.is_none),
        declarations=redeclared(before, bridge),
    )


def _change(name: str, change: ChangeTally, after: int) -> Change:
    first = {
        kind: tuple(ChangedEvent(id=id_, where=where) for id_, where in places)
        for kind, places in change.first.items()
    }
    return Change(
        name=name,
        before=change.before,
        after=after,
        lost=change.counts["lost"],
        gained=change.counts["gained"],
        altered=change.counts["altered"],
        first_lost=first.get("lost", ()),
        first_gained=first.get("gained", ()),
        first_altered=first.get("altered", ()),
    )
