"""Targets as a person writes them: `targets: name -> {type: ...}`, checked value by value."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StrictBool, StrictInt

from gcbridge.model import naming
from gcbridge.model.function_spec import FunctionQueueSpec, PermissionSpec
from gcbridge.model.lake_spec import LakeSpec
from gcbridge.model.target_options_spec import AuthorizationSpec, ReferenceSpec, TargetOptionsSpec
from gcbridge.model.values import (
    ApiDestinationUrl,
    Arn,
    AwsRegion,
    BucketName,
    EventBusName,
    JsonPath,
    LogGroupName,
    QueueName,
    ResourceName,
    RoleArn,
    SecretArn,
    Text,
    VariableName,
)


class SqsTargetSpec(ReferenceSpec):
    """An SQS queue that exactly its rules may write to."""

    type: Literal["sqs"]
    queue_name: QueueName | None = None
    """Default: `gcbridge-<environment>-<target>`; a FIFO queue's name ends in .fifo by itself."""
    fifo: StrictBool = False
    """Keep the order within a message group, and deliver each event once."""
    message_group: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """Message group that a FIFO queue receives the events under. Default: the target's name."""
    message_retention_seconds: Annotated[StrictInt, Field(ge=60, le=1209600)] = 1209600
    """60 seconds to 14 days; default 14 days."""
    visibility_timeout_seconds: Annotated[StrictInt, Field(ge=0, le=43200)] = 30
    """0 to 43,200."""


class SnsTargetSpec(ReferenceSpec):
    """An SNS topic that exactly its rules may publish to."""

    type: Literal["sns"]
    topic_name: ResourceName | None = None
    """Default: `gcbridge-<environment>-<target>`."""


class LambdaTargetSpec(ReferenceSpec):
    """A Lambda function, made from a local folder or zip file."""

    type: Literal["lambda"]
    source: str | None = None
    """Folder or zip file of the code, relative to the workspace; a folder is packaged, same bytes in, same hash out."""
    function_name: ResourceName | None = None
    """Default: `gcbridge-<environment>-<target>`."""
    handler: str = Field(default="handler.handle", pattern=r"^[^\s]{1,128}$")
    """Module and function."""
    runtime: naming.LambdaRuntime = "python3.13"
    """One that AWS supports."""
    timeout_seconds: Annotated[StrictInt, Field(ge=1, le=900)] = 30
    """1 to 900."""
    memory_mb: Annotated[StrictInt, Field(ge=128, le=10240)] = 256
    """128 to 10,240."""
    environment: dict[VariableName, Text] = Field(default_factory=dict)
    """Environment variables; no secrets, they stand in the plan."""
    secrets: dict[VariableName, SecretArn] = Field(default_factory=dict)
    """Variable -> ARN of a Secrets Manager secret: the variable holds the ARN, and the function may read that secret."""
    permissions: tuple[PermissionSpec, ...] = ()
    """What else the function may do."""
    queues: dict[VariableName, FunctionQueueSpec] = Field(default_factory=dict)
    """Queues that the function sends to, by name; its role may send to them and to no other."""


class KinesisTargetSpec(ReferenceSpec):
    """A Kinesis data stream."""

    type: Literal["kinesis"]
    stream_name: ResourceName | None = None
    """Default: `gcbridge-<environment>-<target>`."""
    retention_hours: Annotated[StrictInt, Field(ge=24, le=8760)] = 168
    """24 hours to 365 days; default 7 days."""
    shard_count: Annotated[StrictInt, Field(ge=1, le=200)] | None = None
    """Provisioned shards; on demand where it is left out."""
    partition_key_path: JsonPath | None = None
    """Where in the event the partition key stands; the event's id where it is left out."""
    to_s3: LakeSpec | None = None
    """Keep what is in the stream in S3 too, for Athena; not with `arn`."""


class FirehoseTargetSpec(ReferenceSpec):
    """A Firehose stream into S3: GZIP, one event a line, in folders by date and, if wanted, by topic."""

    type: Literal["firehose"]
    stream_name: ResourceName | None = None
    """Default: `gcbridge-<environment>-<target>`."""
    bucket_name: BucketName | None = None
    """Default: `gcbridge-<account>-<region>-<environment>-<target>`: bucket names are unique in the world."""
    create_bucket: StrictBool = True
    """`false`: the bucket exists."""
    prefix: Annotated[str, Field(pattern=r"^([A-Za-z0-9=_.-]+/)*$", max_length=512)] | None = None
    """Folder in the bucket, ending in `/`. Default: the topic where the rules name exactly one, else `events/`."""
    partition_by_topic: StrictBool = False
    """A folder for each topic (dynamic partitioning, which costs extra)."""
    buffer_seconds: Annotated[StrictInt, Field(ge=0, le=900)] = 300
    """How long events are collected for an object, 0 to 900; not 0 with partition_by_topic."""
    buffer_mb: Annotated[StrictInt, Field(ge=1, le=128)] = 64
    """How much is collected, 1 to 128; at least 64 with partition_by_topic."""
    destroy_objects: StrictBool = False
    """`true`: the bucket may be removed with what is in it."""


class LogGroupTargetSpec(ReferenceSpec):
    """A CloudWatch log group, with the resource policy that lets EventBridge write to it."""

    type: Literal["log_group"]
    log_group_name: LogGroupName | None = None
    """Default: `/aws/events/gcbridge/<environment>/<target>`."""
    retention_days: naming.LogRetentionDays = 30
    """Days that CloudWatch Logs keeps events; one of the values it allows."""


class StepFunctionsTargetSpec(ReferenceSpec):
    """A Step Functions state machine that an event starts."""

    type: Literal["step_functions"]
    state_machine_name: ResourceName | None = None
    """Default: `gcbridge-<environment>-<target>`."""
    definition: dict[str, Any] | None = None
    """States language; needed for a new one."""
    machine_type: Literal["STANDARD", "EXPRESS"] = "STANDARD"
    """STANDARD or EXPRESS."""
    execution_role_arn: RoleArn | None = None
    """Role that the machine acts with. Default: a new one that may do nothing."""


class ApiDestinationTargetSpec(ReferenceSpec):
    """An HTTP endpoint that EventBridge calls."""

    type: Literal["api_destination"]
    url: ApiDestinationUrl | None = None
    """Endpoint; `*` stands for a path parameter."""
    method: Literal["POST", "PUT", "PATCH", "GET", "DELETE", "HEAD", "OPTIONS"] = "POST"
    """HTTP method."""
    rate_per_second: Annotated[StrictInt, Field(ge=1, le=300)] = 300
    """Calls a second at most; what is over is delayed, not dropped."""
    authorization: AuthorizationSpec | None = None
    """Needed for a new one: an API destination has no connection without."""
    headers: dict[str, Text] = Field(default_factory=dict, max_length=100)
    """Further headers; a value may be a path such as `$.detail.topicName`."""
    query: dict[str, Text] = Field(default_factory=dict, max_length=100)
    """Query parameters; a value may be a path."""
    path_values: tuple[Text, ...] = ()
    """Values for the `*` of the url, in order; a value may be a path."""


class EventBusTargetSpec(ReferenceSpec):
    """An event bus in another account or region."""

    type: Literal["event_bus"]
    event_bus_name: EventBusName | None = None
    """Name of a new one. Default: `gcbridge-<environment>-<target>`."""
    region: AwsRegion | None = None
    """Region of a new one. Default: this environment's."""
    assume_role_arn: RoleArn | None = None
    """Role in the other account that may make the bus, or its resource policy."""


class EcsTaskTargetSpec(TargetOptionsSpec):
    """An ECS task on Fargate that an event starts."""

    type: Literal["ecs_task"]
    cluster_arn: Arn | None = None
    """Cluster that exists. Default: a new one."""
    task_definition_arn: Arn | None = None
    """Task definition that exists, with its revision. Default: a new one from `image`."""
    pass_role_arns: tuple[RoleArn, ...] = ()
    """Task role and execution role of that task definition."""
    image: Annotated[str, Field(pattern=r"^[a-z0-9][A-Za-z0-9._/:@-]{1,400}$")] | None = None
    """Container image of a new task definition."""
    cpu: Literal[256, 512, 1024, 2048, 4096] = 256
    """CPU units."""
    memory_mb: Annotated[StrictInt, Field(ge=512, le=30720)] = 512
    """Memory that Fargate allows with that cpu."""
    environment: dict[VariableName, Text] = Field(default_factory=dict)
    """Environment variables of the container; no secrets, they stand in the plan."""
    subnets: tuple[Annotated[str, Field(pattern=r"^subnet-[0-9a-z]+$")], ...] = Field(
        min_length=1, max_length=16
    )
    """Subnets of the task."""
    security_groups: tuple[Annotated[str, Field(pattern=r"^sg-[0-9a-z]+$")], ...] = Field(
        default=(), max_length=5
    )
    """Security groups of the task."""
    assign_public_ip: StrictBool = False
    """Give the task a public address."""
    task_count: Annotated[StrictInt, Field(ge=1, le=10)] = 1
    """Tasks for each event."""


class DynamodbTargetSpec(TargetOptionsSpec):
    """A DynamoDB table that holds the newest event of each entity: a late event never overwrites a newer one."""

    type: Literal["dynamodb"]
    table_name: ResourceName | None = None
    """Default: `gcbridge-<environment>-<target>`."""
    table_arn: Arn | None = None
    """Table that exists, with the hash key `pk` of type S."""
    key_path: JsonPath = "$.detail.topicName"
    """What names the entity."""
    time_path: JsonPath | None = None
    """When it happened. Default: where Genesys events carry their time, else the envelope's `time`."""
    ttl_days: Annotated[StrictInt, Field(ge=1, le=3650)] | None = None
    """Days after which an item expires; never where it is left out."""


class ExistingTargetSpec(TargetOptionsSpec):
    """Anything EventBridge can send to: gcbridge adds the permission only."""

    type: Literal["existing"]
    arn: Arn
    """Its ARN."""
    message_group: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    """Message group, for a FIFO queue."""
    partition_key_path: JsonPath | None = None
    """Where the partition key stands, for a stream."""


TargetSpec = Annotated[
    SqsTargetSpec
    | SnsTargetSpec
    | LambdaTargetSpec
    | KinesisTargetSpec
    | FirehoseTargetSpec
    | LogGroupTargetSpec
    | StepFunctionsTargetSpec
    | ApiDestinationTargetSpec
    | EventBusTargetSpec
    | EcsTaskTargetSpec
    | DynamodbTargetSpec
    | ExistingTargetSpec,
    Field(discriminator="type"),
]
