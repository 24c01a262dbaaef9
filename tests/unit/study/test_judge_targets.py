"""Of each kind of target, what is taken away is what the report names."""

import pytest
from healthy_aws import (
    API_DESTINATION,
    CONNECTION,
    TASK_DEFINITION,
    allow,
    for_rules,
    healthy_aws,
    healthy_target,
    policy,
)

from gcbridge.model.resource import GrantObservation, ResourceObservation, unread_resource
from gcbridge.model.result import GenesysObservation, IntegrationObservation, Observations
from gcbridge.model.spec import EnvironmentSpec
from gcbridge.study.delivery_way import dead_letter_arn, references, role_arn, table_arn
from gcbridge.study.judge import judge
from gcbridge.study.resolve import resolve

PRESENCE = "v2.users.{id}.presence"
ACCOUNT = "123456789012"
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/4c1f"
AWS_KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:alias/aws/sqs"

TARGETS = {
    "queue": {"type": "sqs"},
    "fifo": {"type": "sqs", "fifo": True},
    "keyed": {"type": "sqs", "encryption": KEY},
    "topic": {"type": "sns"},
    "function": {"type": "lambda", "source": "function"},
    "stream": {"type": "kinesis"},
    "lake": {"type": "firehose"},
    "log": {"type": "log_group"},
    "flow": {"type": "step_functions", "definition": {}},
    "crm": {
        "type": "api_destination",
        "url": "https://crm.example.com/events",
        "authorization": {"type": "api_key", "secret": {"environment_variable": "CRM_KEY"}},
    },
    "bus": {"type": "event_bus", "event_bus_name": "other"},
    "abroad": {"type": "event_bus", "arn": "arn:aws:events:eu-west-1:210987654321:event-bus/other"},
    "task": {"type": "ecs_task", "image": "example/task:1", "subnets": ["subnet-0a1b"]},
    "table": {"type": "dynamodb"},
    "old": {"type": "existing", "arn": f"arn:aws:kinesis:eu-central-1:{ACCOUNT}:stream/old"},
    "shaped": {
        "type": "sqs",
        "input": {
            "transformer": {"paths": {"id": "$.id"}, "template": {"event": "<id>", "text": "is <id>!"}}
        },
        "retry": {"attempts": 3, "max_age": "1h"},
    },
    "lossy": {"type": "sqs", "dead_letter": False},
}

BRIDGE = resolve(
    "dev",
    EnvironmentSpec.model_validate(
        {
            "genesys": {
                "region": "eu-central-1",
                "org_id": "0b6a1c62-5f0e-4c9f-9a57-6f8f3e0d2a11",
                "event_source_suffix": "dev",
                "topics": [PRESENCE],
            },
            "aws": {"region": "eu-central-1", "account_id": ACCOUNT},
            # Five targets are the most that a rule may have.
            "rules": {name: {"topics": [PRESENCE], "targets": [name]} for name in TARGETS},
            "targets": TARGETS,
        }
    ),
)
SENDING = GenesysObservation(
    organization_id=BRIDGE.organization.org_id,
    integration=IntegrationObservation(
        integration_id="1",
        name="gcbridge dev",
        intended_state="ENABLED",
        reported_state="ACTIVE",
        topics=BRIDGE.integration.topics,
        event_source_suffix="dev",
        aws_account_id=ACCOUNT,
        aws_region="eu-central-1",
    ),
)
WHOLE = healthy_aws(BRIDGE)


def target(name):
    return BRIDGE.target(name)


def arn(name):
    return target(name).arn


def role(name):
    return role_arn(BRIDGE, target(name))


def letters(name):
    return dead_letter_arn(BRIDGE, target(name))


def execution_role(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{target(name).execution_role_name}"


def delivery_role(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{target(name).delivery_role_name}"


def changed(resource_arn, *, also=(), **changes):
    """The account with one resource changed, and others put beside it."""
    resource = WHOLE.resources[resource_arn].model_copy(update=changes)
    others = {other.arn: other for other in also}
    return WHOLE.model_copy(update={"resources": {**WHOLE.resources, resource_arn: resource, **others}})


def told(name, **changes):
    """The account in which the rule says something else of its target."""
    seen = healthy_target(BRIDGE, target(name), **changes)
    rules = [
        rule.model_copy(update={"targets": (seen,)}) if rule.name == name else rule for rule in WHOLE.rules
    ]
    return WHOLE.model_copy(update={"rules": tuple(rules)})


def keyed(name, *key_statements, **key_changes):
    """The account in which a queue, topic, stream or dead-letter queue has a key of the customer."""
    resource_arn = name if name.startswith("arn:") else arn(name)
    key = {"state": "Enabled", "policies": (policy(*key_statements),), **key_changes}
    own_key = ResourceObservation(arn=KEY, exists=True, **key)
    return changed(resource_arn, refers_to={"key": (KEY,)}, also=(own_key,))


def checks(aws):
    return {check.name: check for check in judge(BRIDGE, Observations(genesys=SENDING, aws=aws)).checks}


def failed(aws):
    return [check.name for check in checks(aws).values() if check.status == "failed"]


def of_target(name):
    return f"target {name} of rule {name}"


def permission(name):
    return f"permission of rule {name} on target {name}"


def dead_letters(name):
    return f"dead-letter queue of rule {name} on target {name}"


NOTHING = (policy(),)
OTHER_RULE = target("queue").model_copy(update={"rule_arns": (BRIDGE.rule_arn("another"),)})
AWS_MANAGED = ResourceObservation(arn=AWS_KEY, exists=True, aws_managed=True)
BUS_WITHOUT_POLICY = ResourceObservation(arn=arn("bus"), exists=True)
BUCKET = f"arn:aws:s3:::{target('lake').bucket_name}"

NO_PERMISSION = {
    "sqs: no policy": ("queue", changed(arn("queue"), policies=()), "sqs:SendMessage"),
    "sqs: another rule": (
        "queue",
        changed(arn("queue"), policies=(for_rules(OTHER_RULE, "sqs:SendMessage", arn("queue")),)),
        "sqs:SendMessage",
    ),
    "sqs: key of AWS": (
        "queue",
        changed(arn("queue"), refers_to={"key": (AWS_KEY,)}, also=(AWS_MANAGED,)),
        "alias/aws/sqs",
    ),
    "sqs: key of AWS by id": ("queue", keyed("queue", aws_managed=True), "alias/aws/sqs"),
    "sqs: key without EventBridge": ("queue", keyed("queue"), "kms:GenerateDataKey"),
    "sqs: key switched off": ("queue", keyed("queue", state="Disabled"), "Disabled"),
    "fifo: no policy": ("fifo", changed(arn("fifo"), policies=()), "sqs:SendMessage"),
    "sns: role may not": ("topic", changed(role("topic"), identity_policies=()), "sns:Publish"),
    "sns: role gone": ("topic", changed(role("topic"), exists=False), "does not exist"),
    "lambda: no policy": ("function", changed(arn("function"), policies=()), "lambda:InvokeFunction"),
    "lambda: failed": ("function", changed(arn("function"), state="Failed"), "Failed"),
    "log group: no policy": (
        "log",
        changed(f"arn:aws:logs:eu-central-1:{ACCOUNT}:resource-policies", policies=()),
        "logs:PutLogEvents",
    ),
    "kinesis: role may not": ("stream", changed(role("stream"), identity_policies=()), "kinesis:PutRecord"),
    "kinesis: another stream": (
        "stream",
        changed(role("stream"), identity_policies=(policy(allow("kinesis:PutRecord", arn("old"))),)),
        "kinesis:PutRecord",
    ),
    "kinesis: role not for this rule": (
        "stream",
        changed(role("stream"), policies=(for_rules(OTHER_RULE, "sts:AssumeRole"),)),
        "trust policy",
    ),
    "kinesis: role gone": ("stream", changed(role("stream"), exists=False), "does not exist"),
    "kinesis: key not for the role": ("stream", keyed("stream"), "kms:GenerateDataKey"),
    "kinesis: being deleted": ("stream", changed(arn("stream"), state="DELETING"), "DELETING"),
    "firehose: role may not": ("lake", changed(role("lake"), identity_policies=()), "firehose:PutRecord"),
    "firehose: may not write": (
        "lake",
        changed(delivery_role("lake"), identity_policies=(policy(allow("s3:GetObject", f"{BUCKET}/*")),)),
        "s3:PutObject",
    ),
    "step functions: role may not": (
        "flow",
        changed(role("flow"), identity_policies=()),
        "states:StartExecution",
    ),
    "API destination: role may not": (
        "crm",
        changed(role("crm"), identity_policies=()),
        "events:InvokeApiDestination",
    ),
    "API destination: not authorized": (
        "crm",
        changed(CONNECTION, state="DEAUTHORIZED"),
        "DEAUTHORIZED",
    ),
    "API destination: no connection": ("crm", changed(CONNECTION, exists=False), "connection"),
    "API destination: inactive": ("crm", changed(API_DESTINATION, state="INACTIVE"), "INACTIVE"),
    "bus: role may not": (
        "bus",
        changed(role("bus"), identity_policies=(), also=(BUS_WITHOUT_POLICY,)),
        "events:PutEvents",
    ),
    "bus in another account: its policy": ("abroad", changed(arn("abroad"), policies=()), "events:PutEvents"),
    "bus in another account: role": (
        "abroad",
        changed(role("abroad"), identity_policies=()),
        "events:PutEvents",
    ),
    "ecs: role may not run": ("task", changed(role("task"), identity_policies=()), "ecs:RunTask"),
    "ecs: role may not pass": (
        "task",
        changed(role("task"), identity_policies=(policy(allow("ecs:RunTask", TASK_DEFINITION)),)),
        "iam:PassRole",
    ),
    "ecs: task definition gone": ("task", changed(TASK_DEFINITION, exists=False), "task definition"),
    "ecs: cluster": ("task", changed(arn("task"), state="FAILED"), "FAILED"),
    "dynamodb: no function policy": ("table", changed(arn("table"), policies=()), "lambda:InvokeFunction"),
    "dynamodb: function may not": (
        "table",
        changed(
            execution_role("table"), identity_policies=(policy(allow("sqs:SendMessage", letters("table"))),)
        ),
        "dynamodb:PutItem",
    ),
    "dynamodb: no table": ("table", changed(table_arn(BRIDGE, target("table")), exists=False), "table"),
    "existing: role may not": ("old", changed(role("old"), identity_policies=()), "kinesis:PutRecord"),
}


@pytest.mark.parametrize(("name", "aws", "words"), NO_PERMISSION.values(), ids=NO_PERMISSION)
def test_no_permission(name, aws, words):
    """A permission that is missing breaks the link of that rule and target, and no other."""
    found = checks(aws)

    assert [check.name for check in found.values() if check.status == "failed"] == [permission(name)]
    assert words in found[permission(name)].observed
    assert "gcbridge plan dev && gcbridge apply dev" in found[permission(name)].hint


def test_whole():
    """Where nothing is missing, every link of every kind holds, and says what makes it hold."""
    found = checks(WHOLE)

    for name in TARGETS:
        assert found[of_target(name)].status == "passed", found[of_target(name)]
        assert found[permission(name)].status == "passed", found[permission(name)]
        if name != "lossy":
            assert found[dead_letters(name)].status == "passed", found[dead_letters(name)]
    assert "may kinesis:PutRecord" in found[permission("stream")].observed


DIFFERENCES = {
    "another resource": ("stream", told("stream", arn=arn("old")), "it sends to"),
    "another API destination": ("crm", told("crm", arn=API_DESTINATION.replace("-crm", "-erp")), "it sends"),
    "no role": ("stream", told("stream", role_arn=None), "role is none"),
    "a role too many": ("queue", told("queue", role_arn=role("stream")), "role is"),
    "fewer retries": ("queue", told("queue", maximum_retry_attempts=0), "retry attempts is 0, not 185"),
    "default retries": ("shaped", told("shaped", maximum_event_age_seconds=86400), "maximum event age"),
    "constant input": ("queue", told("queue", input='{"a": 1}'), "input is"),
    "a part only": ("queue", told("queue", input_path="$.detail"), "input path is $.detail"),
    "template": ("shaped", told("shaped", input_template='{"event": "none"}'), "input template"),
    "paths": ("shaped", told("shaped", input_paths={"id": "$.time"}), "input paths"),
    "message group": ("fifo", told("fifo", message_group="one"), "message group is one"),
    "partition key": ("stream", told("stream", partition_key_path="$.account"), "partition key path"),
    "a dead-letter queue, unasked": (
        "lossy",
        told("lossy", dead_letter_arn=letters("queue")),
        "dead-letter queue is",
    ),
}


@pytest.mark.parametrize(("name", "aws", "words"), DIFFERENCES.values(), ids=DIFFERENCES)
def test_changed_by_hand(name, aws, words):
    """What somebody changed at the rule's target is said, value by value."""
    found = checks(aws)

    assert found[of_target(name)].status == "failed"
    assert words in found[of_target(name)].observed
    assert "gcbridge plan dev && gcbridge apply dev" in found[of_target(name)].hint


@pytest.mark.parametrize(
    "template",
    [
        '{"event": "<id>", "text": "is <id>!"}',
        '{"event":<id>,"text":"is <id>!"}',
        '{ "text" : "is <id>!", "event" : <id> }',
    ],
)
def test_same_template(template):
    """A template that was declared as a mapping is the same however it is spaced and quoted."""
    seen = told("shaped", input_template=template)

    assert failed(seen) == []


@pytest.mark.parametrize("name", ["queue", "topic", "stream", "lake", "log", "flow", "bus", "task", "old"])
def test_gone(name):
    """A target that somebody deleted breaks its own link; the permission is not judged any more."""
    found = checks(changed(arn(name), exists=False))

    assert [check.name for check in found.values() if check.status == "failed"] == [of_target(name)]
    assert found[permission(name)].status == "skipped"


DEAD_LETTERS = {
    "not attached": ("queue", told("queue", dead_letter_arn=None), "names no dead-letter queue"),
    "another one": ("queue", told("queue", dead_letter_arn=letters("topic")), "-topic-dead-letter"),
    "gone": ("queue", changed(letters("queue"), exists=False), "does not exist"),
    "closed": ("stream", changed(letters("stream"), policies=()), "sqs:SendMessage"),
    "for another rule": (
        "queue",
        changed(letters("queue"), policies=(for_rules(OTHER_RULE, "sqs:SendMessage", letters("queue")),)),
        "sqs:SendMessage",
    ),
    "key": ("topic", keyed(letters("topic")), "kms:Decrypt"),
    "key of AWS": ("topic", keyed(letters("topic"), aws_managed=True), "alias/aws/sqs"),
    "function keeps nothing": (
        "function",
        changed(arn("function"), refers_to={"role": (execution_role("function"),)}),
        "does not hand what it fails on",
    ),
    "function may not keep": (
        "function",
        changed(execution_role("function"), identity_policies=()),
        "sqs:SendMessage",
    ),
}


@pytest.mark.parametrize(("name", "aws", "words"), DEAD_LETTERS.values(), ids=DEAD_LETTERS)
def test_nothing_would_keep_it(name, aws, words):
    """What cannot be delivered would be lost, and that is a broken link of its own."""
    found = checks(aws)

    assert [check.name for check in found.values() if check.status == "failed"] == [dead_letters(name)]
    assert words in found[dead_letters(name)].observed
    assert "gcbridge plan dev && gcbridge apply dev" in found[dead_letters(name)].hint


def test_dead_letters_that_nobody_wants():
    """Where the environment says dead_letter: false, there is no link, and the target says what that means."""
    found = checks(WHOLE)

    assert dead_letters("lossy") not in found
    assert "what cannot be delivered is lost" in found[of_target("lossy")].observed


def for_events(*actions):
    return allow(list(actions), KEY, {"Service": "events.amazonaws.com"})


USABLE_KEYS = {
    "sqs": keyed("queue", for_events("kms:GenerateDataKey", "kms:Decrypt")),
    "dead letters": keyed(letters("queue"), for_events("kms:GenerateDataKey*", "kms:Decrypt")),
    "grant to the role": keyed(
        "stream", grants=(GrantObservation(grantee=role("stream"), operations=("GenerateDataKey",)),)
    ),
    "role in the key's policy": keyed("stream", allow("kms:GenerateDataKey", "*", {"AWS": role("stream")})),
    "key of AWS, which Kinesis uses by itself": keyed("stream", aws_managed=True),
}


@pytest.mark.parametrize("aws", USABLE_KEYS.values(), ids=USABLE_KEYS)
def test_usable_key(aws):
    """A key of the customer lets EventBridge in by its policy, or the role by its policy or a grant."""
    assert failed(aws) == []


def test_a_deny_wins_over_a_grant():
    """Key policy, grants and the role's policies are judged together, and an explicit deny wins (KMS, policy evaluation)."""
    denied = {**allow("kms:GenerateDataKey", "*", {"AWS": role("stream")}), "Effect": "Deny"}
    grant = GrantObservation(grantee=role("stream"), operations=("GenerateDataKey",))

    assert failed(keyed("stream", denied, grants=(grant,))) == [permission("stream")]


def test_key_that_leaves_it_to_the_role():
    """A key's policy may name the account alone; then the role's own policies decide."""
    account = allow("kms:*", "*", {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    via = {"StringEquals": {"kms:ViaService": "kinesis.eu-central-1.amazonaws.com"}}
    aws = keyed("stream", account)
    assert failed(aws) == [permission("stream")]

    own = aws.resources[role("stream")]
    use_key = policy(allow("kms:GenerateDataKey", KEY, conditions=via))
    allowed = own.model_copy(update={"identity_policies": (*own.identity_policies, use_key)})
    aws = aws.model_copy(update={"resources": {**aws.resources, role("stream"): allowed}})

    assert failed(aws) == []


UNREAD = {
    "sqs": ("queue", arn("queue"), of_target),
    "kinesis": ("stream", arn("stream"), of_target),
    "role": ("stream", role("stream"), permission),
    "connection": ("crm", CONNECTION, permission),
    "bus in another account": ("abroad", arn("abroad"), of_target),
    "table": ("table", table_arn(BRIDGE, target("table")), permission),
    "dead-letter queue": ("queue", letters("queue"), dead_letters),
    "delivery role": ("lake", delivery_role("lake"), permission),
    "log policies": ("log", f"arn:aws:logs:eu-central-1:{ACCOUNT}:resource-policies", permission),
}


@pytest.mark.parametrize(("name", "resource_arn", "link"), UNREAD.values(), ids=UNREAD)
def test_not_allowed_to_look(name, resource_arn, link):
    """What IAM does not let us read leaves the link open and names the action; nothing is broken by it."""
    unread = unread_resource(resource_arn, "allow the IAM action x:Describe")
    found = checks(changed(resource_arn, also=(unread,)))

    assert [check.name for check in found.values() if check.status == "failed"] == []
    assert found[link(name)].status == "skipped"
    assert "x:Describe" in found[link(name)].observed


def test_half_of_it_is_enough():
    """A bus that cannot be read in its own account is still broken where the role may not send there."""
    unread = unread_resource(arn("abroad"), "denied")

    assert failed(changed(role("abroad"), identity_policies=(), also=(unread,))) == [permission("abroad")]


def test_what_is_read():
    """Whatever a delivery starts from is read once: targets, roles, dead-letter queues, tables, task definitions."""
    found = references(BRIDGE, WHOLE.rules)

    assert len(found) == len(set(found))
    assert {arn("queue"), role("stream"), letters("queue"), TASK_DEFINITION, API_DESTINATION} <= set(found)
    assert table_arn(BRIDGE, target("table")) in found
    assert arn("log") in found
