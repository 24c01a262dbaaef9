"""Dead letters, read: who gave up and why, which belong together, what their target would receive.

Sources: "Using dead-letter queues to process undelivered events in EventBridge" in the EventBridge user guide, and
"Capturing records of Lambda asynchronous invocations" in the Lambda developer guide.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any, Literal

from gcbridge.model.bridge import Bridge
from gcbridge.model.dead_letter import UNKNOWN, DeadLetter, DeadLetterGroup
from gcbridge.model.target import AnyTarget, ApiDestinationTarget, EventBusTarget, ExistingTarget
from gcbridge.study.input_transformer import transform_input

ENVELOPE = frozenset({"id", "source", "detail-type"})
BY_EVENTBRIDGE = frozenset({"RULE_ARN", "TARGET_ARN", "ERROR_CODE", "ERROR_MESSAGE", "RETRY_ATTEMPTS"})
BY_LAMBDA = frozenset({"RequestID", "ErrorCode", "ErrorMessage"})


def read_letter(target: AnyTarget, message: Mapping[str, Any]) -> DeadLetter:
    """A message of a dead-letter queue, whoever put it there.

    Lambda does not say the rule: where only one sends to the target, it is that one.

    Args:
        target: the target in whose queue it lies.
        message: as ReceiveMessage gives it, with all message attributes, SentTimestamp and ApproximateReceiveCount.
    """
    written = message.get("MessageAttributes") or {}
    attributes = {name: str(value.get("StringValue", "")) for name, value in sorted(written.items())}
    made_by = _maker(attributes)
    system = message["Attributes"]
    return DeadLetter(
        message_id=message["MessageId"],
        target=target.name,
        made_by=made_by,
        rule=_rule_name(target, attributes, made_by),
        rule_arn=attributes.get("RULE_ARN", ""),
        target_arn=attributes.get("TARGET_ARN", ""),
        error_code=attributes.get("ERROR_CODE") or attributes.get("ErrorCode") or UNKNOWN,
        error_message=attributes.get("ERROR_MESSAGE") or attributes.get("ErrorMessage") or "",
        sent_at=datetime.fromtimestamp(int(system["SentTimestamp"]) / 1000, timezone.utc),
        receive_count=int(system.get("ApproximateReceiveCount", 0)),
        attributes=attributes,
        body=message["Body"],
    )


def _maker(attributes: Mapping[str, str]) -> Literal["eventbridge", "lambda", "unknown"]:
    if attributes.keys() & BY_EVENTBRIDGE:
        return "eventbridge"
    return "lambda" if attributes.keys() & BY_LAMBDA else "unknown"


def _rule_name(target: AnyTarget, attributes: Mapping[str, str], made_by: str) -> str:
    if attributes.get("RULE_ARN"):
        return attributes["RULE_ARN"].rpartition("/")[2]
    return target.rules[0] if made_by == "lambda" and len(target.rules) == 1 else UNKNOWN


def group_letters(letters: Iterable[DeadLetter], now: datetime) -> tuple[DeadLetterGroup, ...]:
    """Letters of one target, rule and error code belong together; the largest group comes first.

    Args:
        letters: in any order.
        now: the present, with its time zone.
    """
    grouped: dict[tuple[str, str, str], list[DeadLetter]] = defaultdict(list)
    for letter in letters:
        grouped[letter.target, letter.rule, letter.error_code].append(letter)
    groups = [_group(members, now) for _, members in sorted(grouped.items())]
    return tuple(sorted(groups, key=lambda group: -group.count))


def _group(members: list[DeadLetter], now: datetime) -> DeadLetterGroup:
    oldest = min(members, key=lambda letter: letter.sent_at)
    return DeadLetterGroup(
        target=oldest.target,
        rule=oldest.rule,
        error_code=oldest.error_code,
        count=len(members),
        oldest_at=oldest.sent_at,
        oldest_age_seconds=max(0.0, round((now - oldest.sent_at).total_seconds(), 1)),
        error_message=oldest.error_message,
    )


def event_of(letter: DeadLetter) -> dict[str, Any] | None:
    """The EventBridge event in a letter; None where its body is something else."""
    try:
        event = json.loads(letter.body)
    except ValueError:
        return None
    return event if isinstance(event, dict) and event.keys() >= ENVELOPE else None


def payload_for(bridge: Bridge, target: AnyTarget, letter: DeadLetter) -> str:
    """What the target would have received.

    EventBridge keeps the event itself, so the target's `input` is applied; Lambda keeps what the function was called
    with, which has passed it already. A body that is no event is handed over as it is.
    """
    event = event_of(letter)
    if event is None or target.input is None or letter.made_by == "lambda":
        return letter.body
    known = letter.rule != UNKNOWN
    return transform_input(
        target.input, event, letter.rule_arn or (bridge.rule_arn(letter.rule) if known else "")
    )


def reason_to_refuse(bridge: Bridge, target: AnyTarget, letter: DeadLetter) -> str:
    """Why a letter cannot be sent again whatever the target says; empty where nothing is in the way."""
    if is_event_bus(target):
        only = "" if letter.rule == UNKNOWN else f" --rule {letter.rule}"
        return (
            "nobody but the partner may put an event with an aws. source on a bus; take it from the archive instead: "
            f"gcbridge replay {bridge.environment} --from <time> --to <time>{only}"
        )
    if letter.target_arn and not _is_of(target, letter.target_arn):
        return (
            f"it was meant for {letter.target_arn}, which target {target.name} no longer is; purge it, or make the "
            "target again as it was"
        )
    return ""


def is_event_bus(target: AnyTarget) -> bool:
    """Whether events would have to be put on a bus."""
    return isinstance(target, EventBusTarget) or (
        isinstance(target, ExistingTarget) and ":event-bus/" in (target.arn or "")
    )


def _is_of(target: AnyTarget, arn: str) -> bool:
    if isinstance(target, ApiDestinationTarget):
        return f":api-destination/{target.destination_name}/" in arn
    # The ARN of a log group may end in `:*`.
    return (target.arn or "").removesuffix(":*") == arn.removesuffix(":*")
