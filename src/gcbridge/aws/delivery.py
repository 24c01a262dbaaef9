"""Follows an event that was seen on the bus to the targets of the rules that match it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from gcbridge.aws.door import AwsDeniedError, aws_call
from gcbridge.aws.log_group_search import find_in_log_group
from gcbridge.aws.queue_peek import find_in_queue, queue_depth
from gcbridge.aws.session import Aws
from gcbridge.aws.sighting import Sighting
from gcbridge.errors import WaitTimeoutError
from gcbridge.model.bridge import AnyTarget, Bridge, SqsTarget
from gcbridge.model.result import DeadLetterObservation, DeliveryObservation, MatchObservation
from gcbridge.waiting import wait_until

LOOK_AGAIN_SECONDS = 1.0


def match_rules(
    aws: Aws, bridge: Bridge, events: Sequence[Mapping[str, Any]]
) -> tuple[MatchObservation, ...]:
    """AWS itself says which declared, enabled rules match an event that was seen.

    Args:
        aws: where to ask.
        bridge: whose rules.
        events: whole EventBridge events, as the probe received them.

    Raises:
        AwsError: AWS refused or could not be reached.

    IAM actions: events:TestEventPattern.
    """
    return tuple(
        MatchObservation(
            rule=rule.name, event_id=event["id"], matched=_matches(aws, rule.pattern_json, event)
        )
        for event in events
        for rule in bridge.rules
        if rule.enabled
    )


def _matches(aws: Aws, pattern_json: str, event: Mapping[str, Any]) -> bool:
    with aws_call(aws.events, "testing an event pattern", where=pattern_json):
        return aws.events.test_event_pattern(EventPattern=pattern_json, Event=json.dumps(event))["Result"]


def observe_deliveries(
    aws: Aws,
    bridge: Bridge,
    events: Sequence[Mapping[str, Any]],
    matches: Iterable[MatchObservation],
    *,
    timeout_seconds: float,
    sleep: Callable[[float], None] = time.sleep,
) -> tuple[DeliveryObservation, ...]:
    """One matching event for each rule is looked for in each of the rule's targets, until found or timed out.

    What is in a target's dead-letter queue instead was not delivered; what is in neither may have been taken by a
    reader of the queue. A queue is only peeked at: nothing is deleted or hidden from its readers. But SQS counts
    every look as a receive (`ApproximateReceiveCount`), so a queue with a redrive policy is not looked into, and its
    delivery is unknown.

    Args:
        aws: where the targets are.
        bridge: whose targets.
        events: whole EventBridge events that were seen.
        matches: what `match_rules` said of them.
        timeout_seconds: how long to look for what is not there yet, all targets together.
        sleep: what waits between two looks.

    Raises:
        AwsError: AWS failed or could not be reached; "not allowed" is part of the answer.

    IAM actions: logs:FilterLogEvents, sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage.
    """
    first = _first_match_of_each_rule(events, matches)
    ways = [(rule.name, target) for rule in bridge.rules if rule.name in first for target in rule.targets]
    seen: dict[tuple[str, str], Sighting] = {}

    def look() -> bool:
        for way in ways:
            if way not in seen or not seen[way].final:
                seen[way] = _look(aws, bridge.target(way[1]), first[way[0]])
        return all(sighting.final for sighting in seen.values())

    with suppress(WaitTimeoutError):
        wait_until(
            look,
            bool,
            describe=lambda _, seconds: WaitTimeoutError(f"not all was delivered in {seconds:.0f} s"),
            timeout_seconds=timeout_seconds,
            interval_seconds=LOOK_AGAIN_SECONDS,
            sleep=sleep,
        )
    for rule, name in ways:
        seen[rule, name] = _look_behind(aws, bridge.target(name), first[rule], seen[rule, name])
    return tuple(
        DeliveryObservation(
            rule=rule,
            target=target,
            event_id=first[rule]["id"],
            delivered=seen[rule, target].delivered,
            detail=seen[rule, target].detail,
        )
        for rule, target in ways
    )


def _first_match_of_each_rule(
    events: Sequence[Mapping[str, Any]], matches: Iterable[MatchObservation]
) -> dict[str, Mapping[str, Any]]:
    by_id = {event["id"]: event for event in events}
    first: dict[str, Mapping[str, Any]] = {}
    for match in matches:
        if match.matched:
            first.setdefault(match.rule, by_id[match.event_id])
    return first


def _look_behind(aws: Aws, target: AnyTarget, event: Mapping[str, Any], front: Sighting) -> Sighting:
    """An event that is not in its target may be in the dead-letter queue, and then it was not delivered."""
    if front.delivered or target.dead_letter_queue_name is None:
        return front
    with suppress(AwsDeniedError):
        if find_in_queue(aws, target.dead_letter_queue_name, event["id"]).delivered:
            where = f"is in dead-letter queue {target.dead_letter_queue_name}"
            return Sighting(delivered=False, detail=where, final=True)
    return front


def _look(aws: Aws, target: AnyTarget, event: Mapping[str, Any]) -> Sighting:
    try:
        if isinstance(target, SqsTarget):
            return find_in_queue(aws, target.queue_name, event["id"])
        return find_in_log_group(aws, target.log_group_name, event)
    except AwsDeniedError as error:
        return Sighting(delivered=None, detail=f"{error.detail}; {error.hint}", final=True)


def observe_dead_letters(aws: Aws, bridge: Bridge) -> tuple[DeadLetterObservation, ...]:
    """Anything in a dead-letter queue is an event that a target did not receive.

    Raises:
        AwsError: AWS failed or could not be reached; "not allowed" is part of the answer.

    IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes.
    """
    return tuple(
        _look_at_dead_letters(aws, target.name, target.dead_letter_queue_name)
        for target in bridge.targets
        if target.dead_letter_queue_name is not None
    )


def _look_at_dead_letters(aws: Aws, target: str, queue_name: str) -> DeadLetterObservation:
    try:
        depth = queue_depth(aws, queue_name)
    except AwsDeniedError as error:
        detail = f"{error.detail}; {error.hint}"
        return DeadLetterObservation(target=target, queue_name=queue_name, exists=None, detail=detail)
    return DeadLetterObservation(
        target=target, queue_name=queue_name, exists=depth is not None, depth=depth or 0
    )
