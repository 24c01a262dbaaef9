"""SNS as a target, and SQS as a subscriber of SNS."""

from __future__ import annotations

from ministack.core.responses import request_scope
from ministack.services import sns, sqs

from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError, no_resource
from gcbridge.sandbox.aws.policies import allows_service


def deliver_to_topic(delivery: Delivery) -> None:
    """Publish to SNS.

    Raises:
        DeliveryError: the topic is not there, its policy or its key does not allow it, or it refuses
            the message, as every FIFO topic does.
    """
    owner = delivery.owner("topic", any_account=True)
    topic = sns._topics.get_scoped(owner.account_id, owner.region, delivery.arn)
    if topic is None:
        raise no_resource("topic", delivery.arn)
    caller, attributes = delivery.caller(), topic["attributes"]
    caller.require("sns:Publish", delivery.arn, attributes.get("Policy"))
    caller.require_key(attributes.get("KmsMasterKeyId"), delivery.arn)
    try:
        with request_scope(owner.account_id, owner.region):
            sns.publish_internal(delivery.arn, delivery.payload)
    except sns.SnsPublishError as refusal:
        raise DeliveryError("INVALID_PARAMETER", str(refusal)) from refusal


def queue_policy_allows(queue_arn: str, service: str, source_arn: str, source_account: str) -> bool:
    """Whether a queue takes what another service passes on: a topic's messages, a bucket's notifications.

    ministack asks this only with its whole identity layer on.
    """
    queue = sqs._queue_by_arn(queue_arn)
    policy = queue["attributes"].get("Policy") if queue else None
    context = {"aws:sourceaccount": source_account, "aws:sourceowner": source_account}
    return allows_service(policy, service, "sqs:SendMessage", queue_arn, source_arn, context=context)
