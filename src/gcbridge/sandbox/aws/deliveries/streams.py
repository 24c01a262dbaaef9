"""Kinesis as a target, which ministack does not deliver to."""

from __future__ import annotations

import base64

from ministack.core.responses import request_scope
from ministack.services import kinesis

from gcbridge.sandbox.aws.answers import is_ok
from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError, no_resource
from gcbridge.sandbox.aws.inputs import resolve_parameter

# "Member must have length less than or equal to 256": PutRecord of kinesis/2013-12-02.
MAX_KEY_LENGTH = 256


def partition_key(delivery: Delivery) -> str:
    """What the target's path names in the event; without a path, or if it names nothing, the event's id."""
    path = (delivery.target.get("KinesisParameters") or {}).get("PartitionKeyPath")
    event_id = str(delivery.event["id"])
    return (resolve_parameter(delivery.event, path, event_id) if path else event_id)[:MAX_KEY_LENGTH]


def deliver_to_stream(delivery: Delivery) -> None:
    """Put one record into a Kinesis data stream.

    Raises:
        DeliveryError: the stream is not there, the role may not write to it or use its key, or it refuses the record.
    """
    owner = delivery.owner("stream", any_account=True)
    with request_scope(owner.account_id, owner.region):
        stream = kinesis._resolve_stream_by_arn(delivery.arn)
        policy = kinesis._resource_policies.get(delivery.arn)
    if stream is None:
        raise no_resource("stream", delivery.arn)
    caller = delivery.caller(needs_role=True)
    caller.require("kinesis:PutRecord", delivery.arn, policy)
    if stream.get("EncryptionType") == "KMS":
        caller.require_key(stream.get("KeyId"), delivery.arn)
    record = {
        "StreamName": stream["StreamName"],
        "PartitionKey": partition_key(delivery),
        "Data": base64.b64encode(delivery.payload.encode()).decode(),
    }
    with request_scope(owner.account_id, owner.region):
        answer = kinesis._put_record(record)
    if not is_ok(answer):
        raise DeliveryError("ERROR_FROM_TARGET", answer[2].decode(), retryable=True)
