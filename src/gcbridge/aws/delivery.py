"""Follows an event that was seen on the bus to the targets of the rules that match it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from gcbridge.aws.door import AwsDeniedError, aws_call
from gcbridge.aws.event_search import Search
from gcbridge.aws.queue_peek import queue_depth
from gcbridge.aws.session import Aws
from gcbridge.aws.target_state import side_by_side
from gcbridge.errors import WaitTimeoutError
from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.result import DeadLetterObservation, DeliveryObservation, MatchObservation
from gcbridge.waiting import wait_until

LOOK_AGAIN_SECONDS = 1.0
DEAD_LETTER_SECONDS = 3.0
"""How long an event that EventBridge may not deliver takes to its dead-letter queue, at least."""


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
    reader, or cannot be seen in a target of that kind. Nothing is deleted. SQS counts every look as a receive
    (`ApproximateReceiveCount`), so a queue with a redrive policy is not looked into.

    Args:
        aws: where the targets are.
        bridge: whose targets.
        events: whole EventBridge events that were seen.
        matches: what `match_rules` said of them.
        timeout_seconds: how long to look for what is not there yet, all targets together.
        sleep: what waits between two looks.

    Raises:
        AwsError: AWS failed or could not be reached; "not allowed" is part of the answer.

    IAM actions: logs:FilterLogEvents, sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage,
        sqs:ChangeMessageVisibility (dead-letter queues only), kinesis:ListShards, kinesis:GetShardIterator,
        kinesis:GetRecords, dynamodb:GetItem; each only where a target of that kind is declared.
    """
    searches = [
        Search(aws, rule, bridge.target(name), event)
        for rule, event in _first_match_of_each_rule(bridge, events, matches)
        for name in rule.targets
    ]
    _look_until(searches, Search.look, timeout_seconds, sleep)
    undelivered = [search for search in searches if search.may_be_dead]
    _look_until(undelivered, Search.look_behind, min(timeout_seconds, DEAD_LETTER_SECONDS), sleep)
    return tuple(search.observation() for search in searches)


def _first_match_of_each_rule(
    bridge: Bridge, events: Sequence[Mapping[str, Any]], matches: Iterable[MatchObservation]
) -> list[tuple[Rule, Mapping[str, Any]]]:
    by_id = {event["id"]: event for event in events}
    first: dict[str, Mapping[str, Any]] = {}
    for match in matches:
        if match.matched:
            first.setdefault(match.rule, by_id[match.event_id])
    return [(rule, first[rule.name]) for rule in bridge.rules if rule.name in first]


def _look_until(
    searches: Sequence[Search],
    look: Callable[[Search], bool],
    timeout_seconds: float,
    sleep: Callable[[float], None],
) -> None:
    """Look again at what is not settled, until all is or the time is up."""
    open_searches = list(searches)

    def look_once() -> bool:
        settled = side_by_side(look, open_searches)
        open_searches[:] = [
            search for search, is_settled in zip(open_searches, settled, strict=True) if not is_settled
        ]
        return not open_searches

    with suppress(WaitTimeoutError):
        wait_until(
            look_once,
            bool,
            describe=lambda _, seconds: WaitTimeoutError(f"not all was delivered in {seconds:.0f} s"),
            timeout_seconds=timeout_seconds,
            interval_seconds=LOOK_AGAIN_SECONDS,
            sleep=sleep,
        )


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
