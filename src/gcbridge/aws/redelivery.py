"""Hands one event to a target as EventBridge would have; whoever returns without an error has accepted it."""

from __future__ import annotations

import json
import math
import re
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from gcbridge.aws.delivery_attempt import Deliver, Delivery, NotAcceptedError
from gcbridge.aws.door import aws_call
from gcbridge.aws.http_redelivery import open_http_delivery
from gcbridge.aws.session import Aws
from gcbridge.model.target import (
    AnyTarget,
    ApiDestinationTarget,
    EcsTaskTarget,
    ExistingTarget,
    KinesisTarget,
)
from gcbridge.study.input_transformer import as_json, text_of

SENDING = "sending an event to its target again"
STREAM_PREFIX = "gcbridge-redrive-"
PARTITION_KEY_MAX = 256
EXECUTION_NAME_MAX = 80


def open_delivery(aws: Aws, target: AnyTarget, environ: Mapping[str, str]) -> Deliver:
    """What sends events to one target, one after the other; not to be shared between threads.

    Opening it opens the clients and reads the secret of an API destination, and sends nothing.

    Args:
        aws: the account and region of the environment.
        target: where to send.
        environ: where the secret of an API destination may be.

    Raises:
        NotAcceptedError: gcbridge cannot send to a target of this kind.
        GcbridgeError: the secret could not be read.

    IAM actions of what is returned: sqs:GetQueueUrl, sqs:SendMessage; sns:Publish; lambda:InvokeFunction;
        kinesis:PutRecord; firehose:PutRecord; logs:CreateLogStream, logs:PutLogEvents; states:StartExecution;
        ecs:RunTask, iam:PassRole; events:DescribeApiDestination for an existing API destination; and those of
        read_secret.
    """
    kind = kind_of(target)
    if kind == "api-destination":
        return open_http_delivery(aws, target, environ)
    opened = _OPENERS.get(kind)
    if opened is None or (kind == "ecs" and not isinstance(target, EcsTaskTarget)):
        raise NotAcceptedError(f"gcbridge does not send to a target of this kind ({kind})", where=target.name)
    region = _arn(target).split(":")[3]
    if region != aws.account.region:
        raise NotAcceptedError(
            f"the target is in {region}, and gcbridge sends within {aws.account.region} only",
            where=target.name,
        )
    return opened(aws, target)


def kind_of(target: AnyTarget) -> str:
    """Service in the target's ARN, such as `sqs`; `api-destination` and `event-bus` for those of EventBridge."""
    if isinstance(target, ApiDestinationTarget):
        return "api-destination"
    service, resource = _arn(target).split(":", 5)[2::3]
    return resource.partition("/")[0] if service == "events" else service


def _arn(target: AnyTarget) -> str:
    """Only an API destination has none beforehand."""
    return target.arn or ""


def _to_queue(aws: Aws, target: AnyTarget) -> Deliver:
    *_, owner, name = _arn(target).split(":")
    with aws_call(aws.sqs, "looking up a target queue", where=name):
        try:
            url = aws.sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=owner)["QueueUrl"]
        except aws.sqs.exceptions.QueueDoesNotExist:
            raise NotAcceptedError(f"queue {name} does not exist", where=_arn(target)) from None

    def send(delivery: Delivery) -> None:
        with aws_call(aws.sqs, SENDING, where=name):
            aws.sqs.send_message(QueueUrl=url, MessageBody=delivery.payload, **_fifo(target, delivery))

    return send


def _to_topic(aws: Aws, target: AnyTarget) -> Deliver:
    client, arn = aws.client("sns"), _arn(target)

    def send(delivery: Delivery) -> None:
        with aws_call(client, SENDING, where=arn):
            client.publish(TopicArn=arn, Message=delivery.payload, **_fifo(target, delivery))

    return send


def _fifo(target: AnyTarget, delivery: Delivery) -> Any:
    group = getattr(target, "message_group", None)
    if not group:
        return {}
    # Deduplication by content, which is EventBridge's, would swallow letters that the target's `input` makes equal:
    # a redrive sends within five minutes what happened over days. The letter's own id only stops a repeat of it.
    return {"MessageGroupId": group, "MessageDeduplicationId": delivery.letter_id}


def _to_function(aws: Aws, target: AnyTarget) -> Deliver:
    client, arn = aws.client("lambda"), _arn(target)

    def send(delivery: Delivery) -> None:
        with aws_call(client, SENDING, where=arn):
            client.invoke(FunctionName=arn, InvocationType="Event", Payload=delivery.payload.encode())

    return send


def _to_stream(aws: Aws, target: AnyTarget) -> Deliver:
    client, name = aws.client("kinesis"), _arn(target).rpartition("/")[2]
    path = target.spec.partition_key_path if isinstance(target, KinesisTarget) else None
    path = path or (target.partition_key_path if isinstance(target, ExistingTarget) else None)

    def send(delivery: Delivery) -> None:
        key = text_of(delivery.event or {}, path) if path else ""
        with aws_call(client, SENDING, where=name):
            # "The default is to use the eventId as the partition key" (KinesisParameters, API reference).
            client.put_record(
                StreamName=name,
                Data=delivery.payload.encode(),
                PartitionKey=(key or delivery.event_id or delivery.letter_id)[:PARTITION_KEY_MAX],
            )

    return send


def _to_firehose(aws: Aws, target: AnyTarget) -> Deliver:
    client, name = aws.client("firehose"), _arn(target).rpartition("/")[2]

    def send(delivery: Delivery) -> None:
        with aws_call(client, SENDING, where=name):
            client.put_record(DeliveryStreamName=name, Record={"Data": delivery.payload.encode()})

    return send


def _to_log_group(aws: Aws, target: AnyTarget) -> Deliver:
    group = _arn(target).split(":log-group:", 1)[1].removesuffix(":*")
    stream = f"{STREAM_PREFIX}{uuid.uuid4()}"
    created: list[str] = []

    def send(delivery: Delivery) -> None:
        with aws_call(aws.logs, SENDING, where=group):
            if not created:
                aws.logs.create_log_stream(logGroupName=group, logStreamName=stream)
                created.append(stream)
            answer = aws.logs.put_log_events(
                logGroupName=group, logStreamName=stream, logEvents=[log_event(delivery.payload)]
            )
        # CloudWatch Logs answers 200 even where it takes nothing.
        if answer.get("rejectedLogEventsInfo"):
            raise NotAcceptedError("its timestamp is too old or too new for the log group", where=group)

    return send


def log_event(payload: str, now: Callable[[], float] = time.time) -> Any:
    """A log event as EventBridge makes it: `{timestamp, message}` from a transformer, else the whole payload.

    Source: "Amazon CloudWatch log group" in "Amazon EventBridge input transformation", user guide.
    """
    try:
        written = json.loads(payload)
    except ValueError:
        written = None
    if isinstance(written, dict) and written.keys() == {"timestamp", "message"}:
        at, message = _milliseconds(written["timestamp"]), written["message"]
        if at is not None:
            return {"timestamp": at, "message": message if isinstance(message, str) else as_json(message)}
    return {"timestamp": int(now() * 1000), "message": payload}


def _milliseconds(written: object) -> int | None:
    """AWS's own example writes the event's `time` there, which is ISO 8601."""
    if isinstance(written, int | float):
        # Python reads NaN and Infinity as JSON, and neither is a time.
        return int(written) if math.isfinite(written) else None
    if isinstance(written, str):
        with suppress(ValueError):
            return int(written)
        with suppress(ValueError):
            return int(datetime.fromisoformat(written.replace("Z", "+00:00")).timestamp() * 1000)
    return None


def _to_state_machine(aws: Aws, target: AnyTarget) -> Deliver:
    client, arn = aws.client("stepfunctions"), _arn(target)

    def send(delivery: Delivery) -> None:
        name = re.sub(r"[^A-Za-z0-9_-]", "-", f"{delivery.event_id[:40]}-{delivery.letter_id}".lstrip("-"))
        with aws_call(client, SENDING, where=arn):
            try:
                client.start_execution(
                    stateMachineArn=arn, name=name[:EXECUTION_NAME_MAX], input=delivery.payload
                )
            except client.exceptions.ExecutionAlreadyExists:
                # A redrive that was killed before it could delete this letter has started it.
                return

    return send


def _to_task(aws: Aws, target: AnyTarget) -> Deliver:
    if not isinstance(target, EcsTaskTarget):
        raise NotAcceptedError("the environment does not say which task to start", where=target.name)
    client, spec = aws.client("ecs"), target.spec
    settings: dict[str, Any] = {
        "cluster": _arn(target),
        "taskDefinition": spec.task_definition_arn or target.task_name,
        "launchType": "FARGATE",
        "count": spec.task_count,
        "networkConfiguration": {
            "awsvpcConfiguration": {
                "subnets": list(spec.subnets),
                "securityGroups": list(spec.security_groups),
                "assignPublicIp": "ENABLED" if spec.assign_public_ip else "DISABLED",
            }
        },
    }

    def send(delivery: Delivery) -> None:
        with aws_call(client, SENDING, where=_arn(target)):
            # The token makes a repeat start nothing new.
            answer = client.run_task(
                **settings, **_overrides(delivery.payload), clientToken=delivery.letter_id[:64]
            )
        for failure in answer.get("failures", []):
            detail = f"{failure.get('reason', 'no reason')} {failure.get('detail', '')}".strip()
            raise NotAcceptedError("ECS did not start the task", where=_arn(target), detail=detail)

    return send


def _overrides(payload: str) -> dict[str, Any]:
    """An ECS task learns of an event only by overrides, which the target's `input` has to write."""
    try:
        written = json.loads(payload)
    except ValueError:
        return {}
    return {"overrides": written} if isinstance(written, dict) and "containerOverrides" in written else {}


_OPENERS: dict[str, Callable[[Aws, AnyTarget], Deliver]] = {
    "sqs": _to_queue,
    "sns": _to_topic,
    "lambda": _to_function,
    "kinesis": _to_stream,
    "firehose": _to_firehose,
    "logs": _to_log_group,
    "states": _to_state_machine,
    "ecs": _to_task,
}
