"""Targets, decided: names, permission, dead-letter queue. What was written and needs no decision stays in `spec`."""

from __future__ import annotations

from typing import Literal

from gcbridge.model.base import Frozen
from gcbridge.model.lake_spec import LakeSpec
from gcbridge.model.target_options_spec import InputSpec, RetrySpec
from gcbridge.model.target_spec import (
    ApiDestinationTargetSpec,
    DynamodbTargetSpec,
    EcsTaskTargetSpec,
    EventBusTargetSpec,
    FirehoseTargetSpec,
    KinesisTargetSpec,
    LambdaTargetSpec,
    LogGroupTargetSpec,
    SnsTargetSpec,
    SqsTargetSpec,
    StepFunctionsTargetSpec,
)

Encryption = Literal["sse", "new_key", "own_key"]


class Target(Frozen):
    """What every target has: permission for exactly its rules, a dead-letter queue, a retry policy."""

    name: str
    rules: tuple[str, ...]
    """Names of the rules that send to it."""
    rule_arns: tuple[str, ...]
    arn: str | None
    """What the rule names as its target; None where AWS makes up a part of it."""
    role_name: str | None
    """IAM role that EventBridge delivers with; None where the target's own policy lets it in."""
    dead_letter_queue_name: str | None
    """None only where the environment says `dead_letter: false`."""
    retry: RetrySpec
    input: InputSpec | None
    encryption: Encryption = "sse"
    key_arn: str | None = None
    """The customer's key, where encryption is `own_key`."""

    @property
    def role_arn_suffix(self) -> str:
        """The role's ARN behind the account, such as `role/gcbridge-dev-crm-invoke`; empty without a role."""
        return f"role/{self.role_name}" if self.role_name else ""


class SqsTarget(Target):
    """A new SQS queue."""

    type: Literal["sqs"] = "sqs"
    queue_name: str
    message_group: str | None
    """None for a standard queue."""
    spec: SqsTargetSpec


class SnsTarget(Target):
    """A new SNS topic."""

    type: Literal["sns"] = "sns"
    topic_name: str
    spec: SnsTargetSpec


class FunctionQueue(Frozen):
    """A queue that a function sends to."""

    name: str
    """Its key in the environment."""
    queue_name: str
    variable: str
    """Environment variable of the function that holds its URL, such as `TRANSLATIONS_QUEUE_URL`."""
    fifo: bool
    message_retention_seconds: int


class LambdaTarget(Target):
    """A new Lambda function."""

    type: Literal["lambda"] = "lambda"
    function_name: str
    execution_role_name: str
    queues: tuple[FunctionQueue, ...] = ()
    spec: LambdaTargetSpec


class Lake(Frozen):
    """Where a stream's events are kept in S3, and the table over them."""

    delivery_stream_name: str
    delivery_role_name: str
    bucket_name: str
    database_name: str
    table_name: str
    workgroup_name: str
    spec: LakeSpec


class KinesisTarget(Target):
    """A new Kinesis data stream."""

    type: Literal["kinesis"] = "kinesis"
    stream_name: str
    lake: Lake | None = None
    spec: KinesisTargetSpec


class FirehoseTarget(Target):
    """A new Firehose stream into S3."""

    type: Literal["firehose"] = "firehose"
    stream_name: str
    bucket_name: str
    delivery_role_name: str
    prefix: str
    spec: FirehoseTargetSpec


class LogGroupTarget(Target):
    """A new CloudWatch log group."""

    type: Literal["log_group"] = "log_group"
    log_group_name: str
    spec: LogGroupTargetSpec


class StepFunctionsTarget(Target):
    """A new state machine."""

    type: Literal["step_functions"] = "step_functions"
    state_machine_name: str
    execution_role_name: str
    definition_json: str
    spec: StepFunctionsTargetSpec


class ApiDestinationTarget(Target):
    """A new API destination with its connection."""

    type: Literal["api_destination"] = "api_destination"
    destination_name: str
    """Of the API destination and of its connection."""
    spec: ApiDestinationTargetSpec


class EventBusTarget(Target):
    """An event bus; new, or in another account or region."""

    type: Literal["event_bus"] = "event_bus"
    event_bus_name: str
    receiver_region: str
    receiver_account_id: str
    is_new: bool
    spec: EventBusTargetSpec


class EcsTaskTarget(Target):
    """An ECS task."""

    type: Literal["ecs_task"] = "ecs_task"
    task_name: str
    """Of the cluster, the task definition, the container, where they are new."""
    spec: EcsTaskTargetSpec


class DynamodbTarget(Target):
    """A DynamoDB table behind a packaged function."""

    type: Literal["dynamodb"] = "dynamodb"
    table_name: str
    function_name: str
    execution_role_name: str
    spec: DynamodbTargetSpec


class ExistingTarget(Target):
    """Something that exists: written as `type: existing`, or as any type with `arn`."""

    type: Literal["existing"] = "existing"
    written_type: str
    policy_name: str | None = None
    """Of the resource policy that a log group gets."""
    message_group: str | None = None
    partition_key_path: str | None = None
    http: ApiDestinationTargetSpec | None = None
    """Where it is an API destination: headers, query, path values, and where its secret is."""

    @property
    def service(self) -> str:
        """Service in the ARN, such as `sqs`."""
        return self.arn.split(":")[2] if self.arn else ""


AnyTarget = (
    SqsTarget
    | SnsTarget
    | LambdaTarget
    | KinesisTarget
    | FirehoseTarget
    | LogGroupTarget
    | StepFunctionsTarget
    | ApiDestinationTarget
    | EventBusTarget
    | EcsTaskTarget
    | DynamodbTarget
    | ExistingTarget
)
