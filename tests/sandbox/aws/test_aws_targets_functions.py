"""Lambda: the packaged function really runs, and what it fails on is kept."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from customer_world import CUSTOMER, REGION, RULE, World, arn, attributes, wait_for
from kinds_of_target import HANDLER, make_function, received_by_function, zipped

FAILING = {"user": "fail"}
REACHING = """
import json, os, boto3

def handler(event, context):
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["KEY_ARN"])["SecretString"]
    boto3.resource("dynamodb").Table("seen").put_item(Item={"id": event["id"]})
    seen = {"secret": secret, "level": os.environ["LEVEL"], "tables": boto3.client("dynamodb").list_tables()["TableNames"]}
    boto3.client("sqs").send_message(QueueUrl=os.environ["OUT_QUEUE_URL"], MessageBody=json.dumps(seen))
"""


def calls(world: World) -> list[dict[str, object]]:
    """What each call of the function saw."""
    return [json.loads(body) for body in world.messages("called")]


def test_it_runs_in_a_process_of_its_own_as_its_account(world: World) -> None:
    """With the sandbox as AWS, the account and the region of the function."""
    world.bridge.add_rule(RULE, {"Id": "t", **make_function(world)})
    world.bridge.send({"user": "u1"})
    (seen,) = wait_for(lambda: calls(world))
    assert (seen["account"], seen["region"]) == (CUSTOMER, REGION)
    assert seen["pid"] != os.getpid()


def test_it_sees_its_variables_and_reaches_other_services(world: World) -> None:
    """By boto3 alone, with nothing in its code that is about the sandbox."""
    secret = world.aws("secretsmanager").create_secret(Name="key", SecretString="s3cret")["ARN"]
    world.aws("dynamodb").create_table(
        TableName="seen",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    target = make_function(world, Code={"ZipFile": zipped(REACHING)})
    url = world.aws("sqs").get_queue_url(QueueName="called")["QueueUrl"]
    variables = {"KEY_ARN": secret, "LEVEL": "debug", "OUT_QUEUE_URL": url}
    world.aws("lambda").update_function_configuration(FunctionName="f", Environment={"Variables": variables})
    world.bridge.add_rule(RULE, {"Id": "t", **target})
    world.bridge.send({"user": "u1"})
    (seen,) = wait_for(lambda: calls(world))
    assert seen == {"secret": "s3cret", "level": "debug", "tables": ["seen"]}
    assert world.aws("dynamodb").scan(TableName="seen")["Count"] == 1


def test_new_code_takes_effect(world: World) -> None:
    """A worker that is kept warm is not kept for other code."""
    world.bridge.add_rule(RULE, {"Id": "t", **make_function(world)})
    world.bridge.send({"user": "u1"})
    assert wait_for(lambda: calls(world))
    package = zipped(HANDLER.replace('"event": event', '"event": "new"'))
    world.aws("lambda").update_function_code(FunctionName="f", ZipFile=package)
    world.bridge.send({"user": "u1"})
    (seen,) = wait_for(lambda: calls(world))
    assert seen["event"] == "new"


def make_failing_function(world: World, *allowed: tuple[str, str]) -> None:
    """A function with a dead-letter queue of its own, and a role that may do so much."""
    world.bridge.add_queue("failed")
    trust = world.trust("lambda.amazonaws.com")
    role = world.add_role("own", *allowed, trust=trust)
    target = make_function(world, Role=role, DeadLetterConfig={"TargetArn": arn("sqs", "failed")})
    world.bridge.add_rule(RULE, {"Id": "t", **target, **world.add_dead_letter_queue()})


def test_a_failing_function_is_called_three_times_and_its_event_is_kept(world: World) -> None:
    """In the queue of the function, not of the target: EventBridge has done its part."""
    make_failing_function(world, ("sqs:SendMessage", arn("sqs", "failed")))
    world.bridge.send(FAILING)
    (letter,) = wait_for(lambda: world.bridge.receive("failed"))
    assert json.loads(letter["Body"])["detail"] == FAILING
    assert attributes(letter).keys() == {"RequestID", "ErrorCode", "ErrorMessage"}
    assert "no good" in attributes(letter)["ErrorMessage"]
    assert len(received_by_function(world)) == 3
    assert world.dead_letters() == []


def test_the_function_s_role_must_be_able_to_send_to_that_queue(world: World) -> None:
    """Otherwise the event is lost after the third call."""
    make_failing_function(world)
    world.bridge.send(FAILING)
    called: list[str] = []

    def has_been_called_three_times() -> list[str]:
        called.extend(received_by_function(world))
        return called if len(called) == 3 else []

    assert wait_for(has_been_called_three_times)
    assert world.bridge.receive("failed") == []


@pytest.mark.parametrize("retries", [0, 1])
def test_retries_and_destination_of_asynchronous_invocation(world: World, retries: int) -> None:
    """As many as PutFunctionEventInvokeConfig says; then a record goes to the on-failure destination."""
    failed = world.bridge.add_queue("failed")
    allowed = [("sqs:SendMessage", failed)]
    role = world.add_role("own", *allowed, trust=world.trust("lambda.amazonaws.com"))
    world.bridge.add_rule(RULE, {"Id": "t", **make_function(world, Role=role)})
    world.aws("lambda").put_function_event_invoke_config(
        FunctionName="f",
        MaximumRetryAttempts=retries,
        DestinationConfig={"OnFailure": {"Destination": failed}},
    )
    world.bridge.send(FAILING)
    (message,) = wait_for(lambda: world.messages("failed"))
    record = json.loads(message)
    assert record["requestPayload"]["detail"] == FAILING
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestContext"]["approximateInvokeCount"] == retries + 1


def test_a_function_that_is_too_slow_has_failed(world: World) -> None:
    """Its timeout is kept to."""
    world.bridge.add_queue("failed")
    role = world.add_role(
        "own", ("sqs:SendMessage", arn("sqs", "failed")), trust=world.trust("lambda.amazonaws.com")
    )
    slow = "import time\ndef handler(event, context):\n    time.sleep(60)\n"
    fields = {"Role": role, "Timeout": 1, "DeadLetterConfig": {"TargetArn": arn("sqs", "failed")}}
    world.bridge.add_rule(RULE, {"Id": "t", **make_function(world, **fields, Code={"ZipFile": zipped(slow)})})
    world.aws("lambda").put_function_event_invoke_config(FunctionName="f", MaximumRetryAttempts=0)
    world.bridge.send({"user": "u1"})
    (letter,) = wait_for(lambda: world.bridge.receive("failed"))
    assert "timed out" in attributes(letter)["ErrorMessage"]


def test_a_version_needs_a_permission_of_its_own(world: World) -> None:
    """A target with a qualifier is another resource."""
    make_function(world)
    version = world.aws("lambda").publish_version(FunctionName="f")["FunctionArn"]
    world.bridge.add_rule(RULE, {"Id": "t", "Arn": version, **world.add_dead_letter_queue()})
    world.bridge.send({"user": "u1"})
    assert [letter["ERROR_CODE"] for letter in world.dead_letters()] == ["NO_PERMISSIONS"]


def test_settings_of_whoever_starts_the_sandbox_do_not_reach_a_function(
    run_aws: Any, connect_to: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a profile that does not exist here, nor an endpoint, nor a secret."""
    monkeypatch.setenv("AWS_PROFILE", "work")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    source = "import os\ndef handler(event, context):\n    return dict(os.environ)\n"
    with run_aws() as aws:
        monkeypatch.undo()
        functions = connect_to(aws)("lambda")
        functions.create_function(
            FunctionName="f",
            Runtime="python3.12",
            Role=f"arn:aws:iam::{CUSTOMER}:role/r",
            Handler="code_of_function.handler",
            Code={"ZipFile": zipped(source)},
        )
        seen = json.load(functions.invoke(FunctionName="f")["Payload"])
        assert seen["AWS_ENDPOINT_URL"] == aws.endpoint
        assert seen["AWS_ACCESS_KEY_ID"] == CUSTOMER
        assert seen["AWS_SECRET_ACCESS_KEY"] == "unused"
        assert "AWS_PROFILE" not in seen
