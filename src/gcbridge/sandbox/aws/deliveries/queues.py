"""SQS as EventBridge uses it: for targets and for dead letters."""

from __future__ import annotations

from typing import Any, TypeAlias

from ministack.core.arn import parse_arn
from ministack.core.responses import request_scope
from ministack.services import sqs

from gcbridge.sandbox.aws.callers import Caller
from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError, no_resource
from gcbridge.sandbox.aws.inputs import resolve_parameter

Queue: TypeAlias = dict[str, Any]


def find_queue(arn: str, rule_arn: str) -> Queue:
    """The queue, if it is in the rule's region: EventBridge does not deliver to SQS across regions.

    Raises:
        DeliveryError: ``NO_RESOURCE``.
    """
    queue: Queue | None = sqs._queue_by_arn(arn)
    if queue is None or parse_arn(arn).region != parse_arn(rule_arn).region:
        raise no_resource("queue", arn)
    return queue


def send_to_queue(arn: str, caller: Caller, body: str, **fields: Any) -> None:
    """Put one message into the queue; ``fields`` are further arguments of SendMessage.

    Raises:
        DeliveryError: the queue is not there, its policy or its key does not allow it, or it refuses
            the message.
    """
    queue = find_queue(arn, caller.rule_arn)
    caller.require("sqs:SendMessage", arn, queue["attributes"].get("Policy"))
    caller.require_key(queue["attributes"].get("KmsMasterKeyId"), arn)
    owner = parse_arn(arn)
    try:
        with request_scope(owner.account_id, owner.region):
            sqs._act_send_message({"QueueUrl": queue["url"], "MessageBody": body, **fields}, queue["url"])
    except sqs._Err as refusal:
        raise DeliveryError("INVALID_PARAMETER", refusal.message) from refusal


def deliver_to_queue(delivery: Delivery) -> None:
    """Deliver to SQS; the message gets the group of the target's ``SqsParameters``.

    Raises:
        DeliveryError: see ``send_to_queue``.
    """
    group = (delivery.target.get("SqsParameters") or {}).get("MessageGroupId")
    fields = {"MessageGroupId": resolve_parameter(delivery.event, group)} if group else {}
    send_to_queue(delivery.arn, delivery.caller(), delivery.payload, **fields)
