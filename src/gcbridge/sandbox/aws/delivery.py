"""From a matched rule to its target, or to the target's dead-letter queue.

SQS and CloudWatch Logs targets are delivered here, with the permissions AWS asks for. Every other
kind of target is left to ministack.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.core.arn import parse_arn
from ministack.services import eventbridge

from gcbridge.sandbox.aws.failures import DeliveryError
from gcbridge.sandbox.aws.log_groups import write_to_log_group
from gcbridge.sandbox.aws.queues import find_queue, send_to_queue

logger = logging.getLogger(__name__)

Target: TypeAlias = dict[str, Any]
Rule: TypeAlias = dict[str, Any]
Deliver: TypeAlias = Callable[[Target, str, str], None]


def follow_input_path(event: dict[str, Any], path: str) -> Any:
    """What ``$.a.b`` names in the event; the whole event if it names nothing, as in ministack."""
    value: Any = event
    for part in filter(None, path.removeprefix("$").split(".")):
        if not isinstance(value, dict) or part not in value:
            return event
        value = value[part]
    return value


def render_payload(target: Target, rule: Rule, view: Any) -> str:
    """The text the target receives: transformed, constant, a part of the event, or the event."""
    if target.get("InputTransformer"):
        return str(eventbridge._apply_input_transformer(target["InputTransformer"], rule, view))
    if target.get("Input"):
        return str(target["Input"])
    return json.dumps(follow_input_path(view.event_with_detail(), target.get("InputPath") or "$"))


def deliver_to_queue(target: Target, rule_arn: str, payload: str) -> None:
    """Deliver to SQS; a FIFO queue gets the group of the target's ``SqsParameters``."""
    group = (target.get("SqsParameters") or {}).get("MessageGroupId")
    fields = {"MessageGroupId": group} if group else {}
    send_to_queue(target["Arn"], rule_arn, payload, **fields)


def deliver_to_log_group(target: Target, rule_arn: str, payload: str) -> None:
    """Deliver to CloudWatch Logs."""
    write_to_log_group(target["Arn"], rule_arn, payload)


DELIVERIES: dict[str, Deliver] = {"sqs": deliver_to_queue, "logs": deliver_to_log_group}


def dead_letter_attributes(target: Target, rule_arn: str, failure: DeliveryError) -> dict[str, Any]:
    """AWS's message attributes of a dead letter.

    ``EXHAUSTED_RETRY_CONDITION`` is among them only after retries, and no failure here is retried.
    """
    values = {
        "RULE_ARN": rule_arn,
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": failure.code,
        "ERROR_MESSAGE": failure.message,
        "RETRY_ATTEMPTS": "0",
    }
    return {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}


def send_dead_letter(target: Target, rule_arn: str, event: str, failure: DeliveryError) -> None:
    """Put the event into the target's dead-letter queue.

    Raises:
        DeliveryError: there is none, it is FIFO, or its own policy does not allow it.
    """
    queue_arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue_arn:
        raise DeliveryError("NO_RESOURCE", "The target has no dead-letter queue.")
    if find_queue(queue_arn, rule_arn)["is_fifo"]:
        raise DeliveryError("INVALID_PARAMETER", "A dead-letter queue must be a standard queue.")
    attributes = dead_letter_attributes(target, rule_arn, failure)
    send_to_queue(queue_arn, rule_arn, event, MessageAttributes=attributes)


def deliver_or_bury(deliver: Deliver, target: Target, rule: Rule, view: Any) -> None:
    """Deliver; failing that, send a dead letter; failing that, the event is lost."""
    try:
        deliver(target, rule["Arn"], render_payload(target, rule, view))
    except DeliveryError as failure:
        logger.info("%s: %s", rule["Arn"], failure)
        try:
            send_dead_letter(target, rule["Arn"], json.dumps(view.event_with_detail()), failure)
        except DeliveryError as loss:
            logger.warning("event lost: %s (%s; dead letter: %s)", rule["Arn"], failure, loss)


def invoke_target(
    original: Callable[..., None],
    target: Target,
    event: dict[str, Any],
    rule: Rule,
    view: Any = None,
) -> None:
    """Deliver one event to one target of a rule that matched it."""
    deliver = DELIVERIES.get(parse_arn(target["Arn"]).service)
    if deliver is None:
        original(target, event, rule, view)
    else:
        deliver_or_bury(deliver, target, rule, view or eventbridge._pattern_event_view(event))
