"""Of each kind of target, what verify reads of a real one, and what it names when a permission is taken away."""

import json

import pytest
from target_kinds import ACCOUNT, REGION, SPECS, Builder, allow, one_target, policy

from gcbridge.aws.observe import observe
from gcbridge.aws.session import open_aws
from gcbridge.aws.target_state import read_resources
from gcbridge.model.result import GenesysObservation, IntegrationObservation, Observations
from gcbridge.study.delivery_way import table_arn
from gcbridge.study.judge import judge

pytestmark = pytest.mark.sandbox

TARGET = "target it of rule audits"
PERMISSION = "permission of rule audits on target it"
LETTERS = "dead-letter queue of rule audits on target it"
KEYS = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "unused"}


@pytest.fixture
def build(emulated_aws, world):
    """``build(kind)``: a bridge with one target of that kind, whole."""

    def build_one(kind, **options):
        bridge = one_target(emulated_aws.endpoint, kind, **options)
        world.create_source()
        world.create_bus()
        builder = Builder(open_aws(bridge.aws, environ=KEYS), bridge)
        builder.build()
        return builder

    return build_one


def checks(builder):
    """What judge says, with a healthy sending side; name -> check."""
    bridge = builder.bridge
    integration = IntegrationObservation(
        integration_id="1",
        name="gcbridge dev",
        intended_state="ENABLED",
        reported_state="ACTIVE",
        topics=bridge.integration.topics,
        event_source_suffix="dev",
        aws_account_id=ACCOUNT,
        aws_region=REGION,
    )
    sending = GenesysObservation(organization_id=bridge.organization.org_id, integration=integration)
    seen = Observations(genesys=sending, aws=observe(builder.aws, bridge))
    return {check.name: check for check in judge(bridge, seen).checks}


def failed(builder):
    return [(check.name, check.observed) for check in checks(builder).values() if check.status == "failed"]


@pytest.mark.parametrize("kind", SPECS)
def test_whole(build, kind):
    """Target, permission and dead-letter queue are read, and hold."""
    found = checks(build(kind))

    assert {name: found[name].status for name in (TARGET, PERMISSION, LETTERS)} == {
        TARGET: "passed",
        PERMISSION: "passed",
        LETTERS: "passed",
    }, [found[name] for name in (TARGET, PERMISSION, LETTERS)]


def close_queue(b, name):
    url = b.aws.sqs.get_queue_url(QueueName=name)["QueueUrl"]
    b.aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})


def close_function(b):
    b.aws.client("lambda").remove_permission(FunctionName=b.target.function_name, StatementId="rule")


def forbid_execution(b):
    b.let(allow("sqs:SendMessage", b.letters), role=b.target.execution_role_name)


CLOSED = {
    "sqs": ("sqs", lambda b: close_queue(b, b.target.queue_name), "sqs:SendMessage"),
    "fifo": ("fifo", lambda b: close_queue(b, b.target.queue_name), "sqs:SendMessage"),
    "sns": ("sns", Builder.forbid, "sns:Publish"),
    "lambda": ("lambda", close_function, "lambda:InvokeFunction"),
    "kinesis": ("kinesis", Builder.forbid, "kinesis:PutRecord"),
    "firehose": ("firehose", Builder.forbid, "firehose:PutRecord"),
    "firehose, delivery role": (
        "firehose",
        lambda b: b.forbid(b.target.delivery_role_name),
        "s3:PutObject",
    ),
    "log group": (
        "log_group",
        lambda b: b.aws.logs.delete_resource_policy(policyName="gcbridge-dev"),
        "logs:PutLogEvents",
    ),
    "step functions": ("step_functions", Builder.forbid, "states:StartExecution"),
    "API destination": ("api_destination", Builder.forbid, "events:InvokeApiDestination"),
    "event bus": ("event_bus", Builder.forbid, "events:PutEvents"),
    "ECS task": ("ecs_task", Builder.forbid, "ecs:RunTask"),
    "dynamodb, function": ("dynamodb", close_function, "lambda:InvokeFunction"),
    "dynamodb, table": ("dynamodb", forbid_execution, "dynamodb:PutItem"),
    "existing": ("existing", Builder.forbid, "kinesis:PutRecord"),
}


@pytest.mark.parametrize(("kind", "close", "words"), CLOSED.values(), ids=CLOSED)
def test_permission_removed(build, kind, close, words):
    """Somebody takes the permission away by hand: its link is named, and nothing else."""
    builder = build(kind)
    close(builder)

    ((name, observed),) = failed(builder)

    assert name == PERMISSION
    assert words in observed


def distrust(b):
    document = policy(
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    )
    b.aws.client("iam").update_assume_role_policy(RoleName=b.target.role_name, PolicyDocument=document)


def test_role_that_eventbridge_may_not_assume(build):
    """A role is of no use to EventBridge without its trust."""
    builder = build("kinesis")
    distrust(builder)

    ((name, observed),) = failed(builder)

    assert name == PERMISSION
    assert "trust policy" in observed


def test_role_by_managed_policy(build):
    """What a role may do may also stand in a managed policy."""
    builder = build("kinesis")
    iam = builder.aws.client("iam")
    builder.forbid()
    made = iam.create_policy(
        PolicyName="put", PolicyDocument=policy(allow("kinesis:PutRecord", builder.target.arn))
    )
    iam.attach_role_policy(RoleName=builder.target.role_name, PolicyArn=made["Policy"]["Arn"])

    assert failed(builder) == []


def test_role_gone(build):
    """A role that somebody deleted is the missing permission."""
    builder = build("step_functions")
    builder.forbid()
    builder.aws.client("iam").delete_role(RoleName=builder.target.role_name)

    ((name, observed),) = failed(builder)

    assert name == PERMISSION
    assert "does not exist" in observed


DELETED = {
    "sqs": lambda b: b.aws.sqs.delete_queue(
        QueueUrl=b.aws.sqs.get_queue_url(QueueName=b.target.queue_name)["QueueUrl"]
    ),
    "sns": lambda b: b.aws.client("sns").delete_topic(TopicArn=b.target.arn),
    "lambda": lambda b: b.aws.client("lambda").delete_function(FunctionName=b.target.function_name),
    "kinesis": lambda b: b.aws.client("kinesis").delete_stream(StreamName=b.target.stream_name),
    "firehose": lambda b: b.aws.client("firehose").delete_delivery_stream(
        DeliveryStreamName=b.target.stream_name
    ),
    "step_functions": lambda b: b.aws.client("stepfunctions").delete_state_machine(
        stateMachineArn=b.target.arn
    ),
    "api_destination": lambda b: b.aws.events.delete_api_destination(Name=b.target.destination_name),
    "event_bus": lambda b: b.aws.open_client("events", region_name="eu-west-1").delete_event_bus(
        Name=b.target.event_bus_name
    ),
    "ecs_task": lambda b: b.aws.client("ecs").delete_cluster(cluster=b.target.task_name),
}


@pytest.mark.parametrize(("kind", "delete"), DELETED.items(), ids=DELETED)
def test_target_deleted(build, kind, delete):
    """A target that is gone is named as such, by its own service's word."""
    builder = build(kind)
    delete(builder)

    assert TARGET in dict(failed(builder))


def test_table_deleted(build):
    """A function without its table delivers nothing."""
    builder = build("dynamodb")
    builder.aws.client("dynamodb").delete_table(TableName=builder.target.table_name)

    ((name, observed),) = failed(builder)

    assert name == PERMISSION
    assert table_arn(builder.bridge, builder.target) in observed


def detach_letters(b):
    rule, bus = b.bridge.rules[0].name, b.bridge.event_bus_name
    (told,) = b.aws.events.list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"]
    told.pop("DeadLetterConfig")
    b.aws.events.put_targets(Rule=rule, EventBusName=bus, Targets=[told])


LOSING = {
    "closed": lambda b: close_queue(b, b.letters.rpartition(":")[2]),
    "gone": lambda b: b.aws.sqs.delete_queue(
        QueueUrl=b.aws.sqs.get_queue_url(QueueName=b.letters.rpartition(":")[2])["QueueUrl"]
    ),
    "not attached": detach_letters,
}


@pytest.mark.parametrize("lose", LOSING.values(), ids=LOSING)
def test_dead_letters_would_be_lost(build, lose):
    """A dead-letter queue that takes nothing is a broken link, although every event is delivered."""
    builder = build("kinesis")
    lose(builder)

    assert [name for name, _ in failed(builder)] == [LETTERS]


def test_retries_changed_by_hand(build):
    """What somebody changed at the rule is told from what is declared."""
    builder = build("kinesis")
    rule, bus = builder.bridge.rules[0].name, builder.bridge.event_bus_name
    (told,) = builder.aws.events.list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"]
    told["RetryPolicy"] = {"MaximumRetryAttempts": 2, "MaximumEventAgeInSeconds": 86400}
    builder.aws.events.put_targets(Rule=rule, EventBusName=bus, Targets=[told])

    ((name, observed),) = failed(builder)

    assert name == TARGET
    assert "retry attempts is 2, not 185" in observed


def make_key(builder, *statements):
    kms = builder.aws.client("kms")
    root = {**allow("kms:PutKeyPolicy", "*"), "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    return kms.create_key(Policy=policy(root, *statements))["KeyMetadata"]["Arn"]


def encrypt(builder, key):
    url = builder.aws.sqs.get_queue_url(QueueName=builder.target.queue_name)["QueueUrl"]
    builder.aws.sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key})


def test_key_that_lets_the_rule_in(build):
    """A queue with a key of the customer takes events where the key's policy lets EventBridge use it."""
    builder = build("sqs")
    usable = builder.for_rules(["kms:GenerateDataKey", "kms:Decrypt"], "*")
    encrypt(builder, make_key(builder, usable))
    assert failed(builder) == []

    encrypt(builder, make_key(builder))

    ((name, observed),) = failed(builder)
    assert name == PERMISSION
    assert "kms:GenerateDataKey" in observed


def test_key_of_aws(build):
    """The key that AWS manages for SQS swallows events without a word."""
    builder = build("sqs")
    encrypt(builder, "alias/aws/sqs")

    ((name, observed),) = failed(builder)

    assert name == PERMISSION
    assert "alias/aws/sqs" in observed


def test_key_granted_to_the_role(build):
    """A stream's key is used by the role, which a grant lets in."""
    builder = build("kinesis")
    key = make_key(builder)
    builder.aws.client("kinesis").start_stream_encryption(
        StreamName=builder.target.stream_name, EncryptionType="KMS", KeyId=key
    )
    ((name, observed),) = failed(builder)
    assert name == PERMISSION
    assert "kms:GenerateDataKey" in observed

    builder.aws.client("kms").create_grant(
        KeyId=key, GranteePrincipal=builder.role, Operations=["GenerateDataKey", "Decrypt"]
    )

    assert failed(builder) == []


def test_connection_not_authorized(build):
    """An API destination calls nobody while its connection is not authorized."""
    builder = build("api_destination")
    builder.aws.events.deauthorize_connection(Name=builder.target.destination_name)

    found = checks(builder)[PERMISSION]

    assert "AUTHORIZ" in found.observed
    assert found.status != "passed"


def test_each_is_read_once(build):
    """However often a resource is named, its service is asked once."""
    builder = build("kinesis")
    asked = []
    builder.aws.client("kinesis").meta.events.register(
        "before-call.kinesis.DescribeStreamSummary", lambda **_: asked.append("stream")
    )

    found = read_resources(builder.aws, [builder.target.arn] * 3 + [builder.role, builder.letters])

    assert asked == ["stream"]
    assert set(found) == {builder.target.arn, builder.role, builder.letters}


def test_what_nobody_reads(build):
    """Of a resource of another kind, or in another region, nothing is claimed."""
    builder = build("sqs")
    unknown, far = f"arn:aws:batch:{REGION}:{ACCOUNT}:job-queue/x", f"arn:aws:sqs:us-east-1:{ACCOUNT}:x"

    found = read_resources(builder.aws, [unknown, far])

    assert {arn: resource.exists for arn, resource in found.items()} == {unknown: None, far: None}
    assert "us-east-1" in found[far].detail


def test_input_as_declared(build):
    """A transformer written as a mapping is read back as the same."""
    declared = {"transformer": {"paths": {"id": "$.id"}, "template": {"event": "<id>"}}}
    builder = build("sqs", input=declared)
    assert [name for name, _ in failed(builder)] == [TARGET]

    template = json.dumps({"event": "<id>"}, indent=1)
    transformer = {"InputPathsMap": {"id": "$.id"}, "InputTemplate": template}
    letters = {"Arn": builder.letters}
    builder.attach(
        {
            "Id": "it",
            "Arn": builder.target.arn,
            "DeadLetterConfig": letters,
            "InputTransformer": transformer,
        }
    )

    assert failed(builder) == []
