"""Every kind of target, one entry each: how it is made, how its permission goes, what it has received.

To add a kind: write ``make_…`` (the resource with the permission for rule ``all``; returns the
fields of the target), ``forbid_…`` (takes the permission away) and ``received_by_…`` (the texts that
arrived), and name them in ``KINDS``.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from customer_world import CUSTOMER, REGION, RULE, Fields, World, arn, policy

GROUP = "/aws/events/bridge"


def make_queue(world: World) -> Fields:
    return {"Arn": world.bridge.add_queue("q", RULE)}


def forbid_queue(world: World) -> None:
    sqs = world.aws("sqs")
    sqs.set_queue_attributes(QueueUrl=sqs.get_queue_url(QueueName="q")["QueueUrl"], Attributes={"Policy": ""})


def received_by_queue(world: World) -> list[str]:
    return world.messages("q")


def make_fifo_queue(world: World) -> Fields:
    attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
    queue = world.bridge.add_queue("q.fifo", RULE, **attributes)
    return {"Arn": queue, "SqsParameters": {"MessageGroupId": "$.detail.user"}}


def forbid_fifo_queue(world: World) -> None:
    sqs = world.aws("sqs")
    url = sqs.get_queue_url(QueueName="q.fifo")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})


def received_by_fifo_queue(world: World) -> list[str]:
    return world.messages("q.fifo")


def make_topic(world: World) -> Fields:
    sns = world.aws("sns")
    topic = arn("sns", "t")
    sns.create_topic(Name="t", Attributes={"Policy": world.for_rule("sns:Publish", topic)})
    queue = arn("sqs", "subscriber")
    by_topic = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    world.bridge.add_queue("subscriber", Policy=policy(by_topic))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    return {"Arn": topic}


def forbid_topic(world: World) -> None:
    topic = {"TopicArn": arn("sns", "t"), "AttributeName": "Policy"}
    world.aws("sns").set_topic_attributes(**topic, AttributeValue=policy())


def received_by_topic(world: World) -> list[str]:
    return [json.loads(body)["Message"] for body in world.messages("subscriber")]


HANDLER = """
import json, os, boto3

def handler(event, context):
    account = boto3.client("sts").get_caller_identity()["Account"]
    queue = boto3.client("sqs").get_queue_url(QueueName=os.environ["QUEUE"])["QueueUrl"]
    seen = {"event": event, "account": account, "region": os.environ["AWS_REGION"], "pid": os.getpid()}
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody=json.dumps(seen))
    if "fail" in json.dumps(event):
        raise ValueError("no good")
"""


def zipped(source: str) -> bytes:
    """A package with one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("code_of_function.py", source)
    return buffer.getvalue()


def make_function(world: World, **fields: Any) -> Fields:
    execution = world.add_role("execution", trust=world.trust("lambda.amazonaws.com"))
    world.bridge.add_queue("called")
    usual = {
        "Runtime": "python3.12",
        "Handler": "code_of_function.handler",
        "Code": {"ZipFile": zipped(HANDLER)},
        "Timeout": 20,
        "Environment": {"Variables": {"QUEUE": "called"}},
        "Role": execution,
    }
    function = world.aws("lambda").create_function(FunctionName="f", **{**usual, **fields})
    world.aws("lambda").add_permission(
        FunctionName="f",
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=world.bridge.rule_arn(RULE),
        SourceAccount=CUSTOMER,
    )
    return {"Arn": function["FunctionArn"]}


def forbid_function(world: World) -> None:
    world.aws("lambda").remove_permission(FunctionName="f", StatementId="rule")


def received_by_function(world: World) -> list[str]:
    return [json.dumps(json.loads(body)["event"]) for body in world.messages("called")]


def make_stream(world: World) -> Fields:
    world.aws("kinesis").create_stream(StreamName="s", ShardCount=1)
    stream = arn("kinesis", "stream/s")
    role = world.add_role("invoke", ("kinesis:PutRecord", stream))
    return {"Arn": stream, "RoleArn": role, "KinesisParameters": {"PartitionKeyPath": "$.detail.user"}}


def records_of_stream(world: World) -> list[Fields]:
    """The records of the stream's one shard."""
    kinesis = world.aws("kinesis")
    (shard,) = kinesis.list_shards(StreamName="s")["Shards"]
    start = kinesis.get_shard_iterator(
        StreamName="s", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )
    records: list[Fields] = kinesis.get_records(ShardIterator=start["ShardIterator"])["Records"]
    return records


def received_by_stream(world: World) -> list[str]:
    return [record["Data"].decode() for record in records_of_stream(world)]


def make_delivery_stream(world: World, **fields: Any) -> Fields:
    world.aws("s3").create_bucket(Bucket="events", CreateBucketConfiguration={"LocationConstraint": REGION})
    trust = world.trust("firehose.amazonaws.com", StringEquals={"sts:ExternalId": CUSTOMER})
    delivery = world.add_role("delivery", ("s3:PutObject", "arn:aws:s3:::events/*"), trust=trust)
    append = {
        "Type": "AppendDelimiterToRecord",
        "Parameters": [{"ParameterName": "Delimiter", "ParameterValue": "\\n"}],
    }
    usual = {
        "RoleARN": delivery,
        "BucketARN": "arn:aws:s3:::events",
        "Prefix": "calls/!{timestamp:yyyy/MM/dd}/",
        "ErrorOutputPrefix": "failed/!{firehose:error-output-type}/",
        "CompressionFormat": "GZIP",
        "ProcessingConfiguration": {"Enabled": True, "Processors": [append]},
    }
    stream = world.aws("firehose").create_delivery_stream(
        DeliveryStreamName="d",
        ExtendedS3DestinationConfiguration={**usual, **fields},
    )["DeliveryStreamARN"]
    return {"Arn": stream, "RoleArn": world.add_role("invoke", ("firehose:PutRecord", stream))}


def objects_in_bucket(world: World) -> dict[str, bytes]:
    """What the bucket holds, by key."""
    s3 = world.aws("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="events").get("Contents", [])]
    return {key: s3.get_object(Bucket="events", Key=key)["Body"].read() for key in keys}


def received_by_delivery_stream(world: World) -> list[str]:
    return [gzip.decompress(body).decode().removesuffix("\n") for body in objects_in_bucket(world).values()]


def make_log_group(world: World) -> Fields:
    group, logs = arn("logs", f"log-group:{GROUP}"), world.aws("logs")
    logs.create_log_group(logGroupName=GROUP)
    document = world.for_rule(["logs:CreateLogStream", "logs:PutLogEvents"], f"{group}:*")
    logs.put_resource_policy(policyName="events", policyDocument=document)
    return {"Arn": group}


def forbid_log_group(world: World) -> None:
    world.aws("logs").delete_resource_policy(policyName="events")


def received_by_log_group(world: World) -> list[str]:
    return [entry["message"] for entry in world.aws("logs").filter_log_events(logGroupName=GROUP)["events"]]


def make_state_machine(world: World) -> Fields:
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
    machine = world.aws("stepfunctions").create_state_machine(
        name="m",
        definition=json.dumps(definition),
        roleArn=world.add_role("execution", trust=world.trust("states.amazonaws.com")),
    )["stateMachineArn"]
    return {"Arn": machine, "RoleArn": world.add_role("invoke", ("states:StartExecution", machine))}


def received_by_state_machine(world: World) -> list[str]:
    states = world.aws("stepfunctions")
    found = states.list_executions(stateMachineArn=arn("states", "stateMachine:m"))["executions"]
    return [states.describe_execution(executionArn=item["executionArn"])["input"] for item in found]


def make_api_destination(world: World, kind: str = "API_KEY", **parameters: Any) -> Fields:
    events, key = world.aws("events"), {"ApiKeyName": "X-Key", "ApiKeyValue": "s3cret"}
    connection = events.create_connection(
        Name="c",
        AuthorizationType=kind,
        AuthParameters=parameters or {"ApiKeyAuthParameters": key},
    )["ConnectionArn"]
    destination = events.create_api_destination(
        Name="a",
        ConnectionArn=connection,
        InvocationEndpoint=f"{world.endpoint.url}/users/*/calls",
        HttpMethod="POST",
    )["ApiDestinationArn"]
    return {
        "Arn": destination,
        "RoleArn": world.add_role("invoke", ("events:InvokeApiDestination", destination)),
        "HttpParameters": {
            "PathParameterValues": ["$.detail.user"],
            "HeaderParameters": {"X-Topic": "$.detail-type"},
            "QueryStringParameters": {"from": "genesys"},
        },
    }


def received_by_api_destination(world: World) -> list[str]:
    return [asked.body for asked in world.endpoint.asked]


def make_cluster(world: World) -> Fields:
    ecs, cluster = world.aws("ecs"), arn("ecs", "cluster/c")
    ecs.create_cluster(clusterName="c")
    task_role = world.add_role("task", trust=world.trust("ecs-tasks.amazonaws.com"))
    definition = ecs.register_task_definition(
        family="t",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        taskRoleArn=task_role,
        containerDefinitions=[{"name": "main", "image": "busybox", "essential": True}],
    )["taskDefinition"]["taskDefinitionArn"]
    role = world.add_role("invoke")
    run = {"Effect": "Allow", "Action": "ecs:RunTask", "Resource": definition}
    only_here = {"Condition": {"ArnEquals": {"ecs:cluster": cluster}}}
    passed_on = {"Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}
    pass_on = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": task_role}
    document = policy({**run, **only_here}, {**pass_on, **passed_on})
    world.aws("iam").put_role_policy(RoleName="invoke", PolicyName="p", PolicyDocument=document)
    parameters = {
        "TaskDefinitionArn": definition,
        "LaunchType": "FARGATE",
        "NetworkConfiguration": {"awsvpcConfiguration": {"Subnets": ["subnet-1"]}},
    }
    return {"Arn": cluster, "RoleArn": role, "EcsParameters": parameters}


def tasks_in_cluster(world: World) -> list[Fields]:
    """The tasks that the API lists."""
    ecs = world.aws("ecs")
    found = ecs.list_tasks(cluster="c")["taskArns"]
    tasks: list[Fields] = ecs.describe_tasks(cluster="c", tasks=found)["tasks"] if found else []
    return tasks


def received_by_cluster(world: World) -> list[str]:
    return [
        override["environment"][0]["value"]
        for task in tasks_in_cluster(world)
        for override in task["overrides"]["containerOverrides"]
    ]


def make_bus(world: World, account: str = CUSTOMER, region: str = REGION) -> Fields:
    """Another bus, with a rule that keeps what arrives in a queue."""
    bus, rule = arn("events", "event-bus/b", account, region), arn("events", "rule/b/kept", account, region)
    queue, place = arn("sqs", "kept", account, region), {"account": account, "region": region}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    world.aws("sqs", **place).create_queue(QueueName="kept", Attributes={"Policy": policy(statement)})
    events = world.aws("events", **place)
    events.create_event_bus(Name="b")
    pattern = json.dumps({"source": [{"prefix": "aws.partner/"}]})
    events.put_rule(Name="kept", EventBusName="b", EventPattern=pattern)
    events.put_targets(Rule="kept", EventBusName="b", Targets=[{"Id": "q", "Arn": queue}])
    return {"Arn": bus, "RoleArn": world.add_role("invoke", ("events:PutEvents", bus))}


def received_by_bus(world: World, account: str = CUSTOMER, region: str = REGION) -> list[str]:
    sqs = world.aws("sqs", account=account, region=region)
    url = sqs.get_queue_url(QueueName="kept")["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [message["Body"] for message in answer.get("Messages", [])]


# What most targets get; an array's element among it.
TRANSFORMED: Fields = {
    "InputTransformer": {
        "InputPathsMap": {"who": "$.detail.user", "last": "$.detail.queues[1].name"},
        "InputTemplate": '{"user": <who>, "queue": <last>, "rule": <aws.events.rule-name>}',
    }
}
DETAIL: Fields = {"user": "u1", "queues": [{"name": "first"}, {"name": "second"}]}
EXPECTED: Any = {"user": "u1", "queue": "second", "rule": RULE}

LOG_ENTRY: Fields = {
    "InputTransformer": {
        "InputPathsMap": {"at": "$.time", "who": "$.detail.user"},
        "InputTemplate": '{"timestamp": <at>, "message": "user <who>"}',
    }
}
TASK_OVERRIDES: Fields = {
    "InputTransformer": {
        "InputPathsMap": {"who": "$.detail.user"},
        "InputTemplate": '{"containerOverrides": [{"name": "main", '
        '"environment": [{"name": "WHO", "value": <who>}]}]}',
    }
}


@dataclass(frozen=True)
class Kind:
    """A kind of target; ``fields`` go to the target, and ``expected`` is what then arrives."""

    make: Callable[[World], Fields]
    forbid: Callable[[World], None]
    received: Callable[[World], list[str]]
    missing: str
    fields: Fields
    expected: Any = None

    def arrived(self, world: World) -> list[Any]:
        """What arrived, read as JSON where the target was sent JSON."""
        texts = self.received(world)
        return texts if isinstance(self.expected, str) else [json.loads(text) for text in texts]


def by_role(make: Callable[[World], Fields], received: Callable[[World], list[str]], missing: str) -> Kind:
    """A kind of target that is delivered to with the role ``invoke``."""
    return Kind(make, World.forbid_role, received, missing, TRANSFORMED, EXPECTED)


KINDS: dict[str, Kind] = {
    "sqs": Kind(make_queue, forbid_queue, received_by_queue, arn("sqs", "none"), TRANSFORMED, EXPECTED),
    "sqs fifo": Kind(
        make_fifo_queue,
        forbid_fifo_queue,
        received_by_fifo_queue,
        arn("sqs", "none.fifo"),
        TRANSFORMED,
        EXPECTED,
    ),
    "sns": Kind(make_topic, forbid_topic, received_by_topic, arn("sns", "none"), TRANSFORMED, EXPECTED),
    "lambda": Kind(
        make_function,
        forbid_function,
        received_by_function,
        arn("lambda", "function:none"),
        TRANSFORMED,
        EXPECTED,
    ),
    "kinesis": by_role(make_stream, received_by_stream, arn("kinesis", "stream/none")),
    "firehose": by_role(
        make_delivery_stream, received_by_delivery_stream, arn("firehose", "deliverystream/none")
    ),
    "log group": Kind(
        make_log_group,
        forbid_log_group,
        received_by_log_group,
        arn("logs", "log-group:none"),
        LOG_ENTRY,
        "user u1",
    ),
    "step functions": by_role(
        make_state_machine, received_by_state_machine, arn("states", "stateMachine:none")
    ),
    "api destination": by_role(
        make_api_destination, received_by_api_destination, arn("events", "api-destination/none/1")
    ),
    "ecs": Kind(
        make_cluster,
        World.forbid_role,
        received_by_cluster,
        arn("ecs", "cluster/none"),
        TASK_OVERRIDES,
        "u1",
    ),
    # AWS lets no rule change what it sends to a bus; see test_aws_targets_buses.py for what arrives.
    "event bus": Kind(make_bus, World.forbid_role, received_by_bus, arn("events", "event-bus/none"), {}),
}
