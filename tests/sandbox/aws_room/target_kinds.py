"""Makes one small real target of each kind, with what the modules give it: role, policy, dead-letter queue, key."""

import io
import json
import uuid
import zipfile
from datetime import datetime, timezone

from gcbridge.aws.delivery import observe_deliveries
from gcbridge.model.result import MatchObservation
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.delivery_way import dead_letter_arn, role_arn, table_arn
from gcbridge.study.resolve import resolve

ACCOUNT = "123456789012"
REGION = "eu-central-1"
AUDITS = "v2.audits.entitytype.{id}.entityid.{id}"
TOPIC_NAME = "v2.audits.entitytype.integration.entityid.1"
EVENTS = "events.amazonaws.com"
SPECS = {
    "sqs": {"type": "sqs"},
    "fifo": {"type": "sqs", "fifo": True},
    "sns": {"type": "sns"},
    "lambda": {"type": "lambda", "source": "function"},
    "kinesis": {"type": "kinesis", "shard_count": 1},
    "firehose": {"type": "firehose"},
    "log_group": {"type": "log_group"},
    "step_functions": {"type": "step_functions", "definition": {"StartAt": "End"}},
    "api_destination": {
        "type": "api_destination",
        "url": "https://crm.example.com/events",
        "authorization": {"type": "api_key", "secret": {"environment_variable": "CRM_KEY"}},
    },
    "event_bus": {"type": "event_bus", "region": "eu-west-1"},
    "ecs_task": {"type": "ecs_task", "image": "example/task:1", "subnets": ["subnet-0a1b"]},
    "dynamodb": {"type": "dynamodb"},
    "existing": {"type": "existing", "arn": f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/old"},
}


def one_target(endpoint, kind, **options):
    """A bridge with one rule and one target, `it`."""
    return several_targets(endpoint, it={**SPECS[kind], **options})


def several_targets(endpoint, **targets):
    """A bridge with one rule that sends to all of them."""
    spec = {
        "genesys": {
            "region": REGION,
            "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
            "event_source_suffix": "dev",
            "topics": [AUDITS],
        },
        "aws": {"region": REGION, "account_id": ACCOUNT, "endpoint_url": endpoint},
        "rules": {"audits": {"topics": [AUDITS], "targets": list(targets)}},
        "targets": targets,
    }
    return resolve("dev", EnvironmentSpec.model_validate(spec))


def make_event(**changes):
    """A whole event, as the probe would have seen it just now."""
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": AUDITS,
        "source": "aws.partner/genesys.com/cloud/1/dev",
        "account": ACCOUNT,
        "time": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": REGION,
        "resources": [],
        "detail": {"topicName": TOPIC_NAME},
        **changes,
    }


def follow(builder, event, seconds=1):
    """What is found of an event that the rule matches."""
    match = MatchObservation(rule="audits", event_id=event["id"], matched=True)
    (found,) = observe_deliveries(builder.aws, builder.bridge, [event], [match], timeout_seconds=seconds)
    return found


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


class Builder:
    """Builds one target of the bridge, and the rule that sends to it."""

    def __init__(self, aws, bridge, name="it"):
        self.aws, self.bridge, self.target = aws, bridge, bridge.target(name)
        self.role, self.letters = role_arn(bridge, self.target), dead_letter_arn(bridge, self.target)

    def build(self):
        """Everything behind the bus."""
        self.queue(self.letters.rpartition(":")[2])
        if self.target.role_name:
            self.make_role(self.target.role_name, EVENTS)
        arn, more = _MAKERS[self.target.type](self)
        if self.role:
            more["RoleArn"] = self.role
        self.attach({"Id": self.target.name, "Arn": arn, "DeadLetterConfig": {"Arn": self.letters}, **more})

    def attach(self, rule_target):
        """The rule, with its target."""
        rule = self.bridge.rules[0]
        bus = self.bridge.event_bus_name
        self.aws.events.put_rule(Name=rule.name, EventBusName=bus, EventPattern=rule.pattern_json)
        self.aws.events.put_targets(Rule=rule.name, EventBusName=bus, Targets=[rule_target])

    def for_rules(self, action, resource):
        """A statement for exactly the target's rules."""
        condition = {"ArnEquals": {"aws:SourceArn": list(self.target.rule_arns)}}
        return {**allow(action, resource), "Principal": {"Service": EVENTS}, "Condition": condition}

    def queue(self, name, **attributes):
        """A queue that takes what the target's rules send; its address."""
        arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
        attributes["Policy"] = policy(self.for_rules("sqs:SendMessage", arn))
        return self.aws.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]

    def make_role(self, name, service):
        """A role that a service may assume; EventBridge only for the target's rules."""
        trust = self.for_rules("sts:AssumeRole", "x") if service == EVENTS else allow("sts:AssumeRole", "x")
        del trust["Resource"]
        document = policy({**trust, "Principal": {"Service": service}})
        return self.aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"][
            "Arn"
        ]

    def let(self, *statements, role=None):
        """What a role may do."""
        self.aws.client("iam").put_role_policy(
            RoleName=role or self.target.role_name,
            PolicyName="deliver",
            PolicyDocument=policy(*statements),
        )

    def forbid(self, role=None):
        """Somebody removed what a role may do."""
        self.aws.client("iam").delete_role_policy(
            RoleName=role or self.target.role_name, PolicyName="deliver"
        )


def make_queue(b):
    fifo = {"FifoQueue": "true"} if b.target.queue_name.endswith(".fifo") else {}
    b.queue(b.target.queue_name, **fifo)
    group = {"SqsParameters": {"MessageGroupId": b.target.message_group}} if fifo else {}
    return b.target.arn, group


def make_topic(b):
    b.aws.client("sns").create_topic(Name=b.target.topic_name)
    b.let(allow("sns:Publish", b.target.arn))
    return b.target.arn, {}


def package():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("handler.py", "def handle(event, context):\n    return None\n")
    return content.getvalue()


def make_function(b, *statements):
    role = b.make_role(b.target.execution_role_name, "lambda.amazonaws.com")
    b.let(allow("sqs:SendMessage", b.letters), *statements, role=b.target.execution_role_name)
    functions = b.aws.client("lambda")
    functions.create_function(
        FunctionName=b.target.function_name,
        Runtime="python3.13",
        Role=role,
        Handler="handler.handle",
        Code={"ZipFile": package()},
        DeadLetterConfig={"TargetArn": b.letters},
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=b.target.function_name)
    functions.add_permission(
        FunctionName=b.target.function_name,
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal=EVENTS,
        SourceArn=b.bridge.rules[0].arn,
        SourceAccount=ACCOUNT,
    )
    return b.target.arn, {}


def make_stream(b):
    kinesis, name = b.aws.client("kinesis"), b.target.arn.rpartition("/")[2]
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name)
    b.let(allow("kinesis:PutRecord", b.target.arn))
    return b.target.arn, {}


def make_delivery_stream(b):
    role = b.make_role(b.target.delivery_role_name, "firehose.amazonaws.com")
    bucket = f"arn:aws:s3:::{b.target.bucket_name}"
    b.aws.client("s3").create_bucket(
        Bucket=b.target.bucket_name, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    b.let(allow("s3:PutObject", f"{bucket}/*"), role=b.target.delivery_role_name)
    b.aws.client("firehose").create_delivery_stream(
        DeliveryStreamName=b.target.stream_name,
        ExtendedS3DestinationConfiguration={
            "RoleARN": role,
            "BucketARN": bucket,
            "Prefix": b.target.prefix + "!{timestamp:yyyy/MM/dd}/",
        },
    )
    b.let(allow(["firehose:PutRecord", "firehose:PutRecordBatch"], b.target.arn))
    return b.target.arn, {}


def make_log_group(b):
    b.aws.logs.create_log_group(logGroupName=b.target.log_group_name)
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    document = policy(b.for_rules(actions, f"{b.target.arn}:*"))
    b.aws.logs.put_resource_policy(policyName="gcbridge-dev", policyDocument=document)
    return b.target.arn, {}


def make_state_machine(b):
    role = b.make_role(b.target.execution_role_name, "states.amazonaws.com")
    definition = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
    b.aws.client("stepfunctions").create_state_machine(
        name=b.target.state_machine_name, definition=json.dumps(definition), roleArn=role
    )
    b.let(allow("states:StartExecution", b.target.arn))
    return b.target.arn, {}


def make_api_destination(b):
    name = b.target.destination_name
    key = {"ApiKeyName": "Authorization", "ApiKeyValue": "secret"}
    connection = b.aws.events.create_connection(
        Name=name, AuthorizationType="API_KEY", AuthParameters={"ApiKeyAuthParameters": key}
    )
    destination = b.aws.events.create_api_destination(
        Name=name,
        ConnectionArn=connection["ConnectionArn"],
        InvocationEndpoint="https://crm.example.com/events",
        HttpMethod="POST",
    )
    arn = destination["ApiDestinationArn"]
    b.let(allow("events:InvokeApiDestination", arn))
    return arn, {}


def make_event_bus(b):
    events = b.aws.open_client("events", region_name=b.target.receiver_region)
    events.create_event_bus(Name=b.target.event_bus_name)
    b.let(allow("events:PutEvents", b.target.arn))
    return b.target.arn, {}


def make_task(b):
    ecs, name = b.aws.client("ecs"), b.target.task_name
    ecs.create_cluster(clusterName=name)
    role = b.make_role(f"{name}-task", "ecs-tasks.amazonaws.com")
    task = ecs.register_task_definition(
        family=name,
        taskRoleArn=role,
        executionRoleArn=role,
        containerDefinitions=[{"name": "it", "image": "example/task:1"}],
    )["taskDefinition"]["taskDefinitionArn"]
    in_cluster = {"Condition": {"ArnEquals": {"ecs:cluster": b.target.arn}}}
    to_ecs = {"Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}
    b.let({**allow("ecs:RunTask", task), **in_cluster}, {**allow("iam:PassRole", role), **to_ecs})
    return b.target.arn, {"EcsParameters": {"TaskDefinitionArn": task, "LaunchType": "FARGATE"}}


def make_table(b):
    b.aws.client("dynamodb").create_table(
        TableName=b.target.table_name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return make_function(b, allow("dynamodb:PutItem", table_arn(b.bridge, b.target)))


_MAKERS = {
    "sqs": make_queue,
    "sns": make_topic,
    "lambda": make_function,
    "kinesis": make_stream,
    "firehose": make_delivery_stream,
    "log_group": make_log_group,
    "step_functions": make_state_machine,
    "api_destination": make_api_destination,
    "event_bus": make_event_bus,
    "ecs_task": make_task,
    "dynamodb": make_table,
    "existing": make_stream,
}
