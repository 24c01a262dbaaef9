"""What counters and the bus's own log tell of deliveries into targets that cannot be looked into."""

from __future__ import annotations

from collections.abc import Iterable

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
    return tuple(
        delivery if delivery.delivered is not None else _by_log(bridge, delivery, log)
        for delivery in deliveries
    )


def _by_log(bridge: Bridge, delivery: DeliveryObservation, log: BusLogObservation) -> DeliveryObservation:
    arn = bridge.target(delivery.target).arn or ""
    lines = [line for line in log.entries if _is_of(line, delivery, arn)]
    for line in reversed(lines):
        if line.message_type in UNDELIVERED:
            detail = f"the event bus's log says {line.message_type} {line.error}".rstrip()
            return delivery.model_copy(update={"delivered": False, "detail": detail})
    for line in lines:
        if line.message_type == DELIVERED:
            detail = f"the event bus's log says {DELIVERED}"
            return delivery.model_copy(update={"delivered": True, "detail": detail, "seen_at": line.at})
    return delivery


def _is_of(line: BusLogEntry, delivery: DeliveryObservation, arn: str) -> bool:
    return (line.event_id, line.rule) == (delivery.event_id, delivery.rule) and line.target == arn


def tell_by_metrics(
    bridge: Bridge, deliveries: Iterable[DeliveryObservation], metrics: MetricsObservation
) -> tuple[DeliveryObservation, ...]:
    """Deliveries that nothing else told of, told by CloudWatch's counters of their rule.

    Counters know no event and no target: they tell of a delivery only where as many invocations were counted as the
    events of this run need in all of the rule's targets, and none failed.

    Args:
        bridge: whose rules.
        deliveries: as far as targets and log told.
        metrics: counted since the first event.
    """
    all_of_them = tuple(deliveries)
    return tuple(
        delivery
        if delivery.delivered is not None
        else _by_metrics(delivery, metrics.rule(delivery.rule), _needed(bridge, delivery.rule, all_of_them))
        for delivery in all_of_them
    )


def are_counted(
    bridge: Bridge, deliveries: Iterable[DeliveryObservation], metrics: MetricsObservation
) -> bool:
    """Whether the counters have caught up with every delivery that nothing else tells of."""
    all_of_them = tuple(deliveries)
    return all(
        _has_failed(metrics.rule(delivery.rule))
        or metrics.rule(delivery.rule).invocations >= _needed(bridge, delivery.rule, all_of_them)
        for delivery in all_of_them
        if delivery.delivered is None
    )


def _needed(bridge: Bridge, rule_name: str, deliveries: Iterable[DeliveryObservation]) -> int:
    events = {delivery.event_id for delivery in deliveries if delivery.rule == rule_name}
    targets = next(len(rule.targets) for rule in bridge.rules if rule.name == rule_name)
    return len(events) * targets


def _has_failed(counted: RuleMetrics) -> bool:
    return bool(counted.failed_invocations or counted.sent_to_dlq or counted.not_sent_to_dlq)


def _by_metrics(delivery: DeliveryObservation, counted: RuleMetrics, needed: int) -> DeliveryObservation:
    figures = f"Invocations {counted.invocations}, FailedInvocations {counted.failed_invocations}"
    if _has_failed(counted):
        detail = f"{delivery.detail}; CloudWatch: {figures}, InvocationsSentToDlq {counted.sent_to_dlq}"
        return delivery.model_copy(update={"detail": detail})
    if counted.invocations >= needed:
        detail = f"by CloudWatch's counters of the rule: {figures}"
        return delivery.model_copy(update={"delivered": True, "detail": detail})
    return delivery
