"""Follows events that were seen on the bus to the targets of the rules that match them."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from gcbridge.aws.door import AwsDeniedError, aws_call
from gcbridge.aws.following.target_search import TargetSearch
from gcbridge.aws.queue_peek import queue_depth
from gcbridge.aws.session import Aws
from gcbridge.aws.target_state import side_by_side
from gcbridge.model.bridge import Bridge, Rule
from gcbridge.model.result import DeadLetterObservation, DeliveryObservation, MatchObservation

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 1.0
DEAD_AFTER_SECONDS = 1.0
"""What is not in its target by then may be in the dead-letter queue."""
DEAD_LETTER_SECONDS = 3.0
"""How long an event that EventBridge may not deliver takes to its dead-letter queue, at least."""
TARGETS_AT_ONCE = 32


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
    asked = [(rule, event) for event in events for rule in bridge.rules if rule.enabled]
    answers = side_by_side(lambda pair: _matches(aws, pair[0].pattern_json, pair[1]), asked)
    return tuple(
        MatchObservation(rule=rule.name, event_id=event["id"], matched=matched)
        for (rule, event), matched in zip(asked, answers, strict=True)
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
    clock: Callable[[], float] = time.monotonic,
) -> tuple[DeliveryObservation, ...]:
    """Every event is looked for in every target of each rule that matches it, until found or timed out.

    What is in a target's dead-letter queue instead was not delivered; what is in neither may have been taken by a
    reader, or cannot be seen in a target of that kind. Nothing is deleted. SQS counts every look as a receive
    (`ApproximateReceiveCount`), so a queue with a redrive policy is not looked into.

    Args:
        aws: where the targets are.
        bridge: whose targets.
        events: whole EventBridge events that were seen.
        matches: what `match_rules` said of them.
        timeout_seconds: how long to look for what is not there yet, all targets together.
        sleep: what waits between two looks; called in several threads.
        clock: what tells the time, in seconds.

    Returns:
        One observation for each rule, event and target; rules as the bridge has them, then events, then targets.

    Raises:
        AwsError: AWS failed or could not be reached; "not allowed" is part of the answer.

    IAM actions: logs:FilterLogEvents, sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage,
        sqs:ChangeMessageVisibility (dead-letter queues only), kinesis:ListShards, kinesis:GetShardIterator,
        kinesis:GetRecords, dynamodb:BatchGetItem, firehose:DescribeDeliveryStream, s3:ListBucket, s3:GetObject; each
        only where a target of that kind is declared.
    """
    matched = _matched(bridge, events, matches)
    searches = _searches(aws, bridge, matched)
    _Pursuit(timeout_seconds, sleep, clock).run(searches)
    found = {
        (seen.rule, seen.event_id, seen.target): seen for each in searches for seen in each.observations()
    }
    return tuple(found[rule.name, event["id"], target] for rule, event in matched for target in rule.targets)


def _matched(
    bridge: Bridge, events: Sequence[Mapping[str, Any]], matches: Iterable[MatchObservation]
) -> list[tuple[Rule, Mapping[str, Any]]]:
    hits = {(match.rule, match.event_id) for match in matches if match.matched}
    once = {event["id"]: event for event in events}
    return [
        (rule, event) for rule in bridge.rules for event in once.values() if (rule.name, event["id"]) in hits
    ]


def _searches(
    aws: Aws, bridge: Bridge, matched: Sequence[tuple[Rule, Mapping[str, Any]]]
) -> list[TargetSearch]:
    """One for each target, whatever rules send there."""
    by_target: dict[str, list[tuple[Rule, Mapping[str, Any]]]] = defaultdict(list)
    for rule, event in matched:
        for name in rule.targets:
            by_target[name].append((rule, event))
    return [TargetSearch(aws, bridge.target(name), tuple(pairs)) for name, pairs in by_target.items()]


@dataclass
class _Pursuit:
    """Looks again at what is not settled, until all is or the time is up; each target at its own pace."""

    timeout_seconds: float
    sleep: Callable[[float], None]
    clock: Callable[[], float]
    _is_over: Event = field(default_factory=Event, init=False)

    def run(self, searches: Sequence[TargetSearch]) -> None:
        if not searches:
            return
        started = self.clock()
        with ThreadPoolExecutor(max_workers=min(TARGETS_AT_ONCE, len(searches))) as pool:
            try:
                for pursued in [pool.submit(self._pursue, search, started) for search in searches]:
                    pursued.result()
            finally:
                self._is_over.set()

    def _pursue(self, search: TargetSearch, started: float) -> None:
        pause, look_behind_at = FIRST_PAUSE_SECONDS, DEAD_AFTER_SECONDS
        while not self._is_over.is_set():
            search.look()
            seconds = self.clock() - started
            if not search.is_settled and seconds >= look_behind_at:
                search.look_behind()
                look_behind_at = 2 * seconds
            if search.is_settled or seconds >= self.timeout_seconds:
                break
            self.sleep(min(pause, self.timeout_seconds - seconds))
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        self._look_behind(search, started)

    def _look_behind(self, search: TargetSearch, started: float) -> None:
        patience = min(self.timeout_seconds, DEAD_LETTER_SECONDS)
        while not self._is_over.is_set() and not search.look_behind():
            seconds = self.clock() - started
            if seconds >= patience:
                return
            self.sleep(min(LONGEST_PAUSE_SECONDS, patience - seconds))


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
