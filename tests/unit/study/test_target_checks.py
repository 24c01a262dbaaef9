"""What is wrong with a target is said before Terraform or AWS would find out."""

import pytest

from gcbridge.study.target_checks import target_findings

ACCOUNT, REGION = "123456789012", "eu-central-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0c6b1f6e-0000-4000-8000-000000000000"
API = {
    "type": "api_destination",
    "url": "https://example.com/hook",
    "authorization": {"type": "api_key", "secret": {"environment_variable": "KEY"}},
}


def arn(service, resource, region=REGION, account=ACCOUNT):
    """An ARN in this account and region, unless told otherwise."""
    return f"arn:aws:{service}:{region}:{account}:{resource}"


def findings(target, name="t", **others):
    """Texts of the findings of one target (and others beside it), with the key each stands at."""
    values = {"aws": {"account_id": ACCOUNT, "region": REGION}, "targets": {name: target, **others}}
    return [(".".join(map(str, path[1:])), text) for path, text in target_findings("dev", values)]


SECRET = arn("secretsmanager", "secret:pagerduty-a1B2c3")
FUNCTION = {"type": "lambda", "source": "functions/x"}
WITH_BODY_KEY = {**API, "authorization": {**API["authorization"], "body_key": "routing_key"}}

FINE = [
    {"type": "sqs", "fifo": True, "message_group": "g"},
    {"type": "sqs", "arn": arn("sqs", "q.fifo"), "message_group": "g", "encryption": KEY},
    {"type": "sqs", "fifo": True, "input": {"transformer": {"paths": {"id": "$.id"}, "template": "<id>"}}},
    {"type": "sns", "encryption": "new_key"},
    {"type": "lambda", "source": "functions/x"},
    {"type": "lambda", "arn": arn("lambda", "function:x:live")},
    {
        **FUNCTION,
        "environment": {"LEVEL": "debug"},
        "secrets": {"KEY_ARN": SECRET},
        "queues": {"translations": {"fifo": True}, "failures": {}},
        "permissions": [
            {"actions": ["translate:TranslateText"], "resources": ["*"]},
            {"actions": ["s3:PutObject"], "resources": ["arn:aws:s3:::bucket/*"]},
        ],
    },
    {"type": "firehose", "partition_by_topic": True},
    {"type": "step_functions", "definition": {"StartAt": "x"}},
    API,
    {**API, "url": "http://127.0.0.1:8080/hook"},
    WITH_BODY_KEY,
    {**WITH_BODY_KEY, "input": {"constant": {"event_action": "trigger"}}},
    {**WITH_BODY_KEY, "input": {"path": "$.detail"}},
    {**WITH_BODY_KEY, "input": {"transformer": {"template": '{"event_action": "trigger"}'}}},
    {**WITH_BODY_KEY, "input": {"transformer": {"template": "<aws.events.event.json>"}}},
    {"type": "event_bus", "arn": arn("events", "event-bus/x", region="us-east-1", account="210987654321")},
    {"type": "ecs_task", "image": "busybox", "subnets": ["subnet-1"]},
    {"type": "existing", "arn": arn("kinesis", "stream/x"), "encryption": KEY},
    {
        "type": "log_group",
        "input": {
            "transformer": {"template": {"timestamp": "<aws.events.event.ingestion-time>", "message": "x"}}
        },
    },
    {
        "type": "sqs",
        "input": {"transformer": {"paths": {"a": "$.id"}, "template": "<a> of <aws.events.rule-name>"}},
    },
]


@pytest.mark.parametrize("target", FINE)
def test_a_target_that_is_well_has_no_findings(target):
    """Each line is a target as people write it."""
    assert findings(target) == []


WRONG = [
    ({**FUNCTION, "environment": {"AWS_REGION": "x"}}, "t.environment", "set by Lambda itself"),
    ({**FUNCTION, "secrets": {"AWS_SESSION_TOKEN": SECRET}}, "t.secrets", "set by Lambda itself"),
    ({**FUNCTION, "environment": {"A": "x"}}, "t.environment", "two characters or more"),
    (
        {**FUNCTION, "environment": {"KEY": "x"}, "secrets": {"KEY": SECRET}},
        "t.secrets",
        "the variable KEY is set by environment and by secrets",
    ),
    (
        {**FUNCTION, "environment": {"OUT_QUEUE_URL": "x"}, "queues": {"out": {}}},
        "t.queues",
        "OUT_QUEUE_URL is set by environment and by queues.out",
    ),
    (
        {**FUNCTION, "queues": {"out": {}, "OUT": {}}},
        "t.queues",
        "OUT_QUEUE_URL is set by queues.out and by queues.OUT",
    ),
    (
        {**FUNCTION, "secrets": {"KEY": arn("secretsmanager", "secret:pagerduty")}},
        "t.secrets",
        "six characters",
    ),
    (
        {**FUNCTION, "permissions": [{"actions": ["a:B"], "resources": ["*", SECRET]}]},
        "t.permissions",
        "stands alone",
    ),
    *(
        (
            {"type": "lambda", "arn": arn("lambda", "function:x"), **extra},
            f"t.{next(iter(extra))}",
            "keep one",
        )
        for extra in (
            {"secrets": {"KEY": SECRET}},
            {"queues": {"out": {}}},
            {"permissions": [{"actions": ["a:B"], "resources": ["*"]}]},
        )
    ),
    ({**FUNCTION, "queues": {"q" * 70: {}}}, "t", "AWS allows 80: shorten the name"),
    ({**WITH_BODY_KEY, "method": "GET"}, "t.authorization", "GET has none"),
    ({**WITH_BODY_KEY, "input": {"constant": "text"}}, "t.input", "no JSON object"),
    ({**WITH_BODY_KEY, "input": {"constant": [1]}}, "t.input", "no JSON object"),
    ({**WITH_BODY_KEY, "input": {"transformer": {"template": "text"}}}, "t.input", "no JSON object"),
    ({"type": "lambda"}, "t", "needs source"),
    ({"type": "step_functions"}, "t", "needs definition"),
    ({"type": "api_destination", "url": "https://x"}, "t", "needs url and authorization"),
    ({"type": "ecs_task", "subnets": ["subnet-1"]}, "t", "needs image"),
    (
        {
            "type": "ecs_task",
            "subnets": ["subnet-1"],
            "task_definition_arn": arn("ecs", "task-definition/x:1"),
        },
        "t.pass_role_arns",
        "name them",
    ),
    ({"type": "sqs", "arn": arn("sns", "x")}, "t.arn", "is an ARN of sns; sqs takes one of sqs"),
    ({"type": "existing", "arn": arn("s3", "x")}, "t.arn", "existing takes one of events, firehose"),
    ({"type": "sqs", "arn": arn("sqs", "x", region="us-east-1")}, "t.arn", "to event buses only"),
    ({"type": "sqs", "arn": arn("sqs", "x"), "queue_name": "y"}, "t.queue_name", "keep one of the two"),
    ({"type": "event_bus", "arn": arn("events", "rule/x")}, "t.arn", "is no event bus"),
    ({"type": "event_bus", "arn": arn("events", "event-bus/aws.partner/x/y")}, "t.arn", "partner event bus"),
    ({"type": "event_bus", "input": {"path": "$.detail"}}, "t.input", "takes whole events only"),
    ({"type": "sqs", "message_group": "g"}, "t.message_group", "only a FIFO queue"),
    ({"type": "firehose", "partition_by_topic": True, "buffer_mb": 5}, "t.buffer_mb", "at least 64"),
    ({"type": "firehose", "create_bucket": False}, "t.create_bucket", "bucket_name must say"),
    ({**API, "url": "http://example.com"}, "t.url", "https only"),
    ({**API, "url": "https://example.com/*"}, "t.path_values", "the url has 1"),
    (
        {"type": "dynamodb", "table_name": "a", "table_arn": arn("dynamodb", "table/b")},
        "t.table_name",
        "keep one",
    ),
    ({"type": "existing", "arn": arn("sns", "x.fifo")}, "t.arn", "EventBridge gives none to topics"),
    ({"type": "firehose", "partition_by_topic": True, "buffer_seconds": 0}, "t.buffer_seconds", "0 seconds"),
    (
        {"type": "existing", "arn": arn("events", "event-bus/x"), "input": {"constant": "x"}},
        "t.input",
        "takes whole events only",
    ),
    ({"type": "sqs", "fifo": True, "input": {"constant": "x"}}, "t.input", "last five minutes"),
    ({"type": "sqs", "fifo": True, "input": {"path": "$.detail"}}, "t.input", "last five minutes"),
    ({"type": "sqs", "arn": arn("sqs", "q.fifo"), "input": {"path": "$.id.x"}}, "t.input", "$.id in it"),
    (
        {"type": "sqs", "input": {"transformer": {"template": "<aws.events.event.id>"}}},
        "t.input",
        "paths has no aws.events.event.id",
    ),
    (
        {"type": "sqs", "input": {"transformer": {"paths": {"aws-id": "$.id"}, "template": "<aws-id>"}}},
        "t.input",
        "needs another name",
    ),
    (
        {"type": "existing", "arn": arn("logs", "log-group:/x"), "input": {"path": "$.detail"}},
        "t.input",
        "CloudWatch Logs takes a template",
    ),
    (
        {
            "type": "log_group",
            "input": {"transformer": {"template": {"timestamp": "1", "message": "x", "more": "y"}}},
        },
        "t.input",
        "and nothing else",
    ),
    ({"type": "log_group", "encryption": KEY}, "t.encryption", "no key to deliver to log_group"),
    ({"type": "sqs", "input": {"constant": "x" * 8200}}, "t.input", "8192"),
    ({"type": "sqs", "input": {"transformer": {"template": "<a>"}}}, "t.input", "paths has no a"),
    (
        {"type": "sqs", "input": {"transformer": {"paths": {"a": "$.id"}, "template": "b"}}},
        "t.input",
        "path a is not used",
    ),
    (
        {"type": "log_group", "input": {"transformer": {"template": {"text": "x"}}}},
        "t.input",
        "CloudWatch Logs takes a template of the form",
    ),
]


@pytest.mark.parametrize(("target", "key", "message"), WRONG)
def test_a_wrong_target_is_named_with_what_to_do(target, key, message):
    """Each line: what was written, at which key, and what is said."""
    found = findings(target)
    assert [at for at, _ in found] == [key]
    assert message in found[0][1]


def test_two_targets_never_make_the_same_thing():
    """Of whatever kind; the dead-letter queue counts as well."""
    collisions = [
        ({"type": "sqs"}, {"type": "sqs", "queue_name": "gcbridge-dev-t"}),
        ({"type": "sqs"}, {"type": "sqs", "queue_name": "gcbridge-dev-t-dead-letter"}),
        (
            {"type": "lambda", "source": "x"},
            {"type": "lambda", "source": "x", "function_name": "gcbridge-dev-t"},
        ),
    ]
    for one, other in collisions:
        assert "creates already" in findings(one, other=other)[0][1]


def test_eleven_log_groups_are_one_too_many():
    """New ones and existing ones need a policy each."""
    groups = {f"log-{number}": {"type": "log_group"} for number in range(10)}
    found = findings({"type": "existing", "arn": arn("logs", "log-group:/x")}, **groups)
    assert found == [
        (
            "",
            "11 log groups need a CloudWatch Logs resource policy each; AWS allows 10 a region: let rules share log groups",
        )
    ]
