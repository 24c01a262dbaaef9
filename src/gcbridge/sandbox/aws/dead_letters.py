"""Dead letters: what AWS puts into the queue that a target names for events it could not take."""

from __future__ import annotations

import json
import logging
from typing import Any

from gcbridge.sandbox.aws.callers import Caller
from gcbridge.sandbox.aws.deliveries.queues import find_queue, send_to_queue
from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError
from gcbridge.sandbox.aws.telemetry import steps

logger = logging.getLogger(__name__)


def text_attributes(values: dict[str, str]) -> dict[str, Any]:
    """Message attributes of SQS, all of them text."""
    return {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}


def dead_letter_attributes(delivery: Delivery, failure: DeliveryError, limit: str | None) -> dict[str, str]:
    """AWS's message attributes; ``EXHAUSTED_RETRY_CONDITION`` only if a limit ended the retries."""
    values = {
        "RULE_ARN": delivery.rule_arn,
        "TARGET_ARN": delivery.arn,
        "ERROR_CODE": failure.code,
        "ERROR_MESSAGE": failure.message,
        "RETRY_ATTEMPTS": str(delivery.retries),
    }
    return {**values, "EXHAUSTED_RETRY_CONDITION": limit} if limit else values


def send_dead_letter(delivery: Delivery, failure: DeliveryError, limit: str | None) -> None:
    """Put the event, as it was matched, into the target's dead-letter queue.

    Raises:
        DeliveryError: there is none, it is FIFO, or its policy or its key does not allow it.
    """
    queue_arn = (delivery.target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue_arn:
        raise DeliveryError("NO_RESOURCE", "The target has no dead-letter queue.")
    if find_queue(queue_arn, delivery.rule_arn)["is_fifo"]:
        raise DeliveryError("INVALID_PARAMETER", "A dead-letter queue must be a standard queue.")
    attributes = text_attributes(dead_letter_attributes(delivery, failure, limit))
    caller = Caller(delivery.rule_arn)
    send_to_queue(queue_arn, caller, json.dumps(delivery.event), MessageAttributes=attributes)


def bury(delivery: Delivery, failure: DeliveryError, limit: str | None) -> None:
    """Send a dead letter; failing that, the event is lost."""
    steps.note_failed(delivery, failure)
    try:
        send_dead_letter(delivery, failure, limit)
    except DeliveryError as loss:
        logger.warning("event lost: %s (%s; dead letter: %s)", delivery.rule_arn, failure, loss)
        steps.note_lost(delivery, failure)
    else:
        steps.note_buried(delivery, failure)
