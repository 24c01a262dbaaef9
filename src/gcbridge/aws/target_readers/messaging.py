"""Reads queues, topics and streams."""

from __future__ import annotations

from typing import Any

from gcbridge.aws.session import Aws
from gcbridge.aws.target_readers.reading import documents, key_reference, look_up, missing, only_given
from gcbridge.model.resource import ResourceObservation


def read_queue(aws: Aws, arn: str) -> ResourceObservation:
    """An SQS queue with its policy and key; IAM actions: sqs:GetQueueUrl, sqs:GetQueueAttributes."""
    owner, name = arn.split(":")[4:6]

    def ask() -> dict[str, str]:
        url = aws.sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=owner)["QueueUrl"]
        answer = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy", "KmsMasterKeyId"])
        return {str(key): value for key, value in answer.get("Attributes", {}).items()}

    attributes = look_up(aws.sqs, "reading a queue", arn, ask)
    if attributes is None:
        return missing(arn)
    return ResourceObservation(
        arn=arn,
        exists=True,
        policies=documents(attributes.get("Policy")),
        refers_to=only_given(key=key_reference(arn, attributes.get("KmsMasterKeyId"))),
    )


def read_topic(aws: Aws, arn: str) -> ResourceObservation:
    """An SNS topic with its policy and key; IAM action: sns:GetTopicAttributes."""
    sns = aws.client("sns")
    answer = look_up(sns, "reading a topic", arn, lambda: sns.get_topic_attributes(TopicArn=arn))
    if answer is None:
        return missing(arn)
    attributes: dict[str, str] = answer["Attributes"]
    return ResourceObservation(
        arn=arn,
        exists=True,
        policies=documents(attributes.get("Policy")),
        refers_to=only_given(key=key_reference(arn, attributes.get("KmsMasterKeyId"))),
    )


def read_stream(aws: Aws, arn: str) -> ResourceObservation:
    """A Kinesis data stream with its key; IAM action: kinesis:DescribeStreamSummary."""
    kinesis = aws.client("kinesis")
    answer = look_up(kinesis, "reading a stream", arn, lambda: kinesis.describe_stream_summary(StreamARN=arn))
    if answer is None:
        return missing(arn)
    stream: dict[str, Any] = answer["StreamDescriptionSummary"]
    encrypted = stream.get("EncryptionType") == "KMS"
    return ResourceObservation(
        arn=arn,
        exists=True,
        state=stream.get("StreamStatus", ""),
        refers_to=only_given(key=key_reference(arn, stream.get("KeyId")) if encrypted else None),
    )


def read_delivery_stream(aws: Aws, arn: str) -> ResourceObservation:
    """A Firehose stream, its role and what it writes; IAM action: firehose:DescribeDeliveryStream."""
    firehose, name = aws.client("firehose"), arn.rpartition("/")[2]
    answer = look_up(
        firehose,
        "reading a Firehose stream",
        arn,
        lambda: firehose.describe_delivery_stream(DeliveryStreamName=name),
    )
    if answer is None:
        return missing(arn)
    stream: dict[str, Any] = answer["DeliveryStreamDescription"]
    destinations = [each.get("ExtendedS3DestinationDescription") for each in stream.get("Destinations", [])]
    destination: dict[str, Any] = next((each for each in destinations if each), {})
    bucket = destination.get("BucketARN")
    # What stands before the first expression is the same in all of its keys.
    prefix = (destination.get("Prefix") or "").partition("!{")[0]
    return ResourceObservation(
        arn=arn,
        exists=True,
        state=stream.get("DeliveryStreamStatus", ""),
        refers_to=only_given(
            role=destination.get("RoleARN"), objects=f"{bucket}/{prefix}any" if bucket else None
        ),
    )
