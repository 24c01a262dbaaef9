"""SQS as EventBridge uses it: for targets and for dead letters."""

from __future__ import annotations

from typing import Any, TypeAlias

from ministack.core.arn import parse_arn
from ministack.core.responses import request_scope
from ministack.services import sqs

from gcbridge.sandbox.aws.failures import DeliveryError
from gcbridge.sandbox.aws.policies import EVENTS_SERVICE, allows_service

Queue: TypeAlias = dict[str, Any]


def find_queue(arn: str, rule_arn: str) -> Queue:
    """The queue, if it is in the rule's region: EventBridge does not deliver to SQS across regions.

    Raises:
        DeliveryError: ``NO_RESOURCE``.
    """
    queue: Queue | None = sqs._queue_by_arn(arn)
    if queue is None or parse_arn(arn).region != parse_arn(rule_arn).region:
        raise DeliveryError("NO_RESOURCE", f"The queue {arn} does not exist.")
    return queue


def check_queue_policy(queue: Queue, arn: str, rule_arn: str) -> None:
    """Refuse what the queue's own policy, or the key that encrypts it, does not allow EventBridge.

    Raises:
        DeliveryError: ``NO_PERMISSIONS``.
    """
    attributes = queue["attributes"]
    if not allows_service(attributes.get("Policy"), EVENTS_SERVICE, "sqs:SendMessage", arn, rule_arn):
        raise DeliveryError("NO_PERMISSIONS", f"The policy of {arn} does not allow sqs:SendMessage.")
    # The AWS-managed key's policy can't be changed and does not let EventBridge use the key.
    if attributes.get("KmsMasterKeyId") == "alias/aws/sqs":
        raise DeliveryError("NO_PERMISSIONS", f"EventBridge may not use the key alias/aws/sqs of {arn}.")


def send_to_queue(arn: str, rule_arn: str, body: str, **fields: Any) -> None:
    """Put one message into the queue; ``fields`` are further arguments of SendMessage.

    Raises:
        DeliveryError: the queue is not there, does not allow it, or refuses the message.
    """
    queue = find_queue(arn, rule_arn)
    check_queue_policy(queue, arn, rule_arn)
    owner = parse_arn(arn)
    try:
        with request_scope(owner.account_id, owner.region):
            sqs._act_send_message({"QueueUrl": queue["url"], "MessageBody": body, **fields}, queue["url"])
    except sqs._Err as refusal:
        raise DeliveryError("INVALID_PARAMETER", refusal.message) from refusal
