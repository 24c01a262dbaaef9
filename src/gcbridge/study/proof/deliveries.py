"""What counters and the bus's own log tell of deliveries into targets that cannot be looked into."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from gcbridge.model.bridge import Bridge
from gcbridge.model.proof import BusLogEntry, BusLogObservation, MetricsObservation, RuleMetrics
from gcbridge.model.result import DeliveryObservation

DELIVERED = "INVOCATION_SUCCESS"
UNDELIVERED = frozenset({"INVOCATION_DLQ", "INVOCATION_FAILURE", "INVOCATION_ATTEMPT_PERMANENT_FAILURE"})


def is_untold(deliveries: Iterable[DeliveryObservation]) -> bool:
    """Whether any delivery is unknown."""
    return any(delivery.delivered is None for delivery in deliveries)


def tell_by_log(
    bridge: Bridge, deliveries: Iterable[DeliveryObservation], log: BusLogObservation
) -> tuple[DeliveryObservation, ...]:
    """Deliveries that nothing else told of, told by the lines of the bus's log.

    Args:
        bridge: whose targets.
        deliveries: as far as the targets themselves told.
        log: lines of the same events.
    """
    lines: dict[tuple[str, str, str], list[BusLogEntry]] = defaultdict(list)
    for line in log.entries:
        lines[line.event_id, line.rule, line.target].append(line)
    arns = {target.name: target.arn or "" for target in bridge.targets}
    return tuple(
        delivery
        if delivery.delivered is not None
        else _by_log(delivery, lines.get((delivery.event_id, delivery.rule, arns[delivery.target]), ()))
        for delivery in deliveries
    )


def _by_log(delivery: DeliveryObservation, lines: Sequence[BusLogEntry]) -> DeliveryObservation:
    for line in reversed(lines):
        if line.message_type in UNDELIVERED:
            detail = f"the event bus's log says {line.message_type} {line.error}".rstrip()
            return delivery.model_copy(update={"delivered": False, "detail": detail})
    for line in lines:
        if line.message_type == DELIVERED:
            detail = f"the event bus's log says {DELIVERED}"
            return delivery.model_copy(update={"delivered": True, "detail": detail, "seen_at": line.at})
    return delivery


def tell_by_metrics(
    bridge: Bridge, deliveries: Iterable[DeliveryObservation], metrics: MetricsObservation
) -> tuple[DeliveryObservation, ...]:
    """Deliveries that nothing else told of, told by CloudWatch's counters of their rule.

    Counters know no event and no target, and count other people's events, too. They tell of a delivery only where as
    many invocations were counted as all events that the rule matched in those minutes need in all of its targets, those
    of this run among them, and none failed.

    Args:
        bridge: whose rules.
        deliveries: as far as targets and log told.
        metrics: counted since the first event.
    """
    all_of_them = tuple(deliveries)
    needed = _needed(bridge, all_of_them)
    return tuple(
        delivery
        if delivery.delivered is not None
        else _by_metrics(bridge, delivery, metrics.rule(delivery.rule), needed[delivery.rule])
        for delivery in all_of_them
    )


def are_counted(
    bridge: Bridge, deliveries: Iterable[DeliveryObservation], metrics: MetricsObservation
) -> bool:
    """Whether the counters have caught up with every delivery that nothing else tells of."""
    all_of_them = tuple(deliveries)
    needed = _needed(bridge, all_of_them)
    untold = {delivery.rule for delivery in all_of_them if delivery.delivered is None}
    counters = map(metrics.rule, untold)
    return all(_has_failed(one) or _are_enough(bridge, one, needed[one.rule]) for one in counters)


def _needed(bridge: Bridge, deliveries: Iterable[DeliveryObservation]) -> Mapping[str, int]:
    """Rule -> invocations for its events in all of its targets."""
    events: dict[str, set[str]] = defaultdict(set)
    for delivery in deliveries:
        events[delivery.rule].add(delivery.event_id)
    return {rule.name: len(events[rule.name]) * len(rule.targets) for rule in bridge.rules}


def _are_enough(bridge: Bridge, counted: RuleMetrics, needed: int) -> bool:
    """Both counters run late, each by itself, so that the larger of what was matched and what is known counts."""
    targets = next((len(rule.targets) for rule in bridge.rules if rule.name == counted.rule), 1)
    matched = max(counted.matched_events, counted.triggered) * targets
    return counted.invocations >= max(needed, matched)


def _has_failed(counted: RuleMetrics) -> bool:
    return bool(counted.failed_invocations or counted.sent_to_dlq or counted.not_sent_to_dlq)


def _by_metrics(
    bridge: Bridge, delivery: DeliveryObservation, counted: RuleMetrics, needed: int
) -> DeliveryObservation:
    figures = f"Invocations {counted.invocations}, FailedInvocations {counted.failed_invocations}"
    if _has_failed(counted):
        detail = f"{delivery.detail}; CloudWatch: {figures}, InvocationsSentToDlq {counted.sent_to_dlq}"
        return delivery.model_copy(update={"detail": detail})
    if _are_enough(bridge, counted, needed):
        detail = f"by CloudWatch's counters of the rule: {figures}"
        return delivery.model_copy(update={"delivered": True, "detail": detail})
    return delivery
