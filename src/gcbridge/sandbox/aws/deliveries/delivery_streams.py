"""Firehose as a target, which ministack does not deliver to, and how Firehose writes to S3 and reads from Kinesis.

ministack writes each record into an object of its own, at once, as whoever asks. Here the object
is written with the delivery stream's own role, and delimited and compressed as the stream wants.
"""

from __future__ import annotations

import base64
import contextvars
import gzip
import logging
from collections.abc import Callable
from typing import Any, TypeAlias

from ministack.core.responses import get_account_id, request_scope
from ministack.services import firehose, s3

from gcbridge.sandbox.aws.answers import Answer, Handler, Request, answer_error, is_ok
from gcbridge.sandbox.aws.deliveries.under_way import Delivery
from gcbridge.sandbox.aws.failures import DeliveryError, no_resource
from gcbridge.sandbox.aws.roles import find_role, may_assume, role_may

logger = logging.getLogger(__name__)

Stream: TypeAlias = dict[str, Any]
Destination: TypeAlias = dict[str, Any]

FIREHOSE_SERVICE = "firehose.amazonaws.com"
# "Grant Firehose access to Kinesis Data Streams" of the Firehose developer guide, "Controlling access".
READ_ACTIONS = tuple(
    f"kinesis:{call}" for call in ("DescribeStream", "GetShardIterator", "GetRecords", "ListShards")
)
EXTENSIONS = {"GZIP": ".gz"}

_writing: contextvars.ContextVar[tuple[Stream, Destination]] = contextvars.ContextVar("_writing")


def deliver_to_delivery_stream(delivery: Delivery) -> None:
    """Put one record into a delivery stream.

    Raises:
        DeliveryError: the stream is not there, the role may not write to it, or it refuses the record.
    """
    owner = delivery.owner("delivery stream")
    name = owner.resource.removeprefix("deliverystream/")
    if firehose._streams.get_scoped(owner.account_id, owner.region, name) is None:
        raise no_resource("delivery stream", delivery.arn)
    delivery.caller(needs_role=True).require("firehose:PutRecord", delivery.arn)
    data = base64.b64encode(delivery.payload.encode()).decode()
    with request_scope(owner.account_id, owner.region):
        answer = firehose._put_record({"DeliveryStreamName": name, "Record": {"Data": data}})
    if not is_ok(answer):
        raise DeliveryError("ERROR_FROM_TARGET", answer[2].decode(), retryable=True)


def put_records(original: Handler, data: Request) -> Answer:
    """PutRecord and PutRecordBatch: nobody but its source puts records into a stream that has one."""
    stream = firehose._streams.get(data.get("DeliveryStreamName", ""))
    if stream and stream.get("kinesis_source"):
        message = "This operation is not permitted on KinesisStreamAsSource delivery stream type."
        return answer_error("InvalidArgumentException", message)
    return original(data)


def delimiter(configuration: dict[str, Any]) -> bytes:
    """What the stream's processors append to each record."""
    processing = configuration.get("ProcessingConfiguration") or {}
    processors = processing.get("Processors") or [] if processing.get("Enabled") else []
    wanted = any(processor["Type"] == "AppendDelimiterToRecord" for processor in processors)
    return b"\n" if wanted else b""


def role_may_write(stream: Stream, role_arn: str, object_arn: str) -> bool:
    """Whether Firehose can assume the delivery role for this stream, and write the object with it."""
    role = find_role(role_arn)
    # "sts:ExternalId" is the account id: Firehose developer guide, "Controlling access".
    context = {"sts:externalid": get_account_id()}
    return (
        role is not None
        and may_assume(role, FIREHOSE_SERVICE, stream["arn"], context)
        and role_may(role, "s3:PutObject", object_arn)
    )


def role_may_read(stream: Stream, source: dict[str, Any]) -> bool:
    """Whether Firehose can assume the role of the stream's source, and read the Kinesis stream with it."""
    role = find_role(source.get("RoleARN", ""))
    context = {"sts:externalid": get_account_id()}
    return (
        role is not None
        and may_assume(role, FIREHOSE_SERVICE, stream["arn"], context)
        and all(role_may(role, action, source["KinesisStreamARN"]) for action in READ_ACTIONS)
    )


def deliver_to_s3(
    original: Callable[..., None],
    stream: Stream,
    dest: Destination,
    record_data: bytes,
    lambda_keys: Any = None,
) -> None:
    """Write a record for a destination, which ``put_s3_object`` has to know of.

    ministack would keep every record that ever passed, and save them all with its state.
    """
    dest["records"].clear()
    source = stream.get("kinesis_source")
    if source and not role_may_read(stream, source):
        logger.warning("record not read: the role of %s may not read its stream", stream["name"])
        return
    token = _writing.set((stream, dest))
    try:
        original(stream, dest, record_data, lambda_keys)
    finally:
        _writing.reset(token)


def put_s3_object(original: Callable[..., None], bucket: str, key: str, body: bytes) -> None:
    """Write an object if the delivery role may; otherwise the record is gone, which AWS says only after a day."""
    stream, destination = _writing.get()
    configuration = destination["config"]
    compression = configuration.get("CompressionFormat", "UNCOMPRESSED")
    key += "" if configuration.get("FileExtension") else EXTENSIONS.get(compression, "")
    if not role_may_write(stream, configuration.get("RoleARN", ""), f"arn:aws:s3:::{bucket}/{key}"):
        logger.warning("record lost: the role of %s may not write to %s", stream["name"], bucket)
        return
    if bucket not in s3._buckets:
        logger.warning("record lost: the bucket %s of %s does not exist", bucket, stream["name"])
        return
    text = body + delimiter(configuration)
    original(bucket, key, gzip.compress(text) if compression == "GZIP" else text)
