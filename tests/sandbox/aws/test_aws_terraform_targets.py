"""The real AWS provider with every kind of resource that targets need: no difference, and nothing left."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CUSTOMER = "123456789012"
ROOT = Path(__file__).parent / "every_target" / "main.tf"
HANDLER = "def handle(event, context):\n    return event\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A Lambda function's zip."""
    package = tmp_path / "calls.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("handler.py", HANDLER)
    return package


def check_what_was_made(connect: Any, source: str) -> None:
    """Settings that a later plan does not look at."""
    events = connect("events")
    archive = events.describe_archive(ArchiveName="gcbridge-dev")
    assert (archive["EventSourceArn"].partition("event-bus/")[2], archive["RetentionDays"]) == (source, 30)
    targets = {
        target["Id"]: target
        for rule in events.list_rules(EventBusName=source)["Rules"]
        for target in events.list_targets_by_rule(Rule=rule["Name"], EventBusName=source)["Targets"]
    }
    assert targets.keys() == set("kinesis fifo topic lambda ecs http firehose states bus logs".split())
    assert targets["kinesis"]["KinesisParameters"] == {"PartitionKeyPath": "$.detail.topicName"}
    assert targets["fifo"]["SqsParameters"] == {"MessageGroupId": "calls"}
    assert targets["http"]["HttpParameters"]["PathParameterValues"] == ["$.detail.topicName"]
    assert targets["ecs"]["EcsParameters"]["LaunchType"] == "FARGATE"
    stream = connect("firehose").describe_delivery_stream(DeliveryStreamName="calls-by-topic")
    [destination] = stream["DeliveryStreamDescription"]["Destinations"]
    assert destination["ExtendedS3DestinationDescription"]["DynamicPartitioningConfiguration"]["Enabled"]
    tags = connect("kinesis").list_tags_for_stream(StreamName="calls")["Tags"]
    assert tags == [{"Key": "team", "Value": "cx"}]


def check_receiving_buses(connect: Any) -> None:
    """Their policies, in the other region, name the principals."""
    events = connect("events", CUSTOMER, "eu-central-1")
    expected = {
        "calls": f"arn:aws:iam::{CUSTOMER}:role/gcbridge-dev-invoke",
        "shared": "arn:aws:iam::210987654321:root",
    }
    for name, principal in expected.items():
        [statement] = json.loads(events.describe_event_bus(Name=name)["Policy"])["Statement"]
        assert statement["Principal"] == {"AWS": principal}


def set_secrets(events: Any) -> None:
    """What ``gcbridge`` does after an apply: the secret values, and nothing else."""
    secrets: dict[str, dict[str, Any]] = {
        "api-key": {"ApiKeyAuthParameters": {"ApiKeyName": "X-Api-Key", "ApiKeyValue": "s3cret"}},
        "basic": {"BasicAuthParameters": {"Username": "genesys", "Password": "s3cret"}},
        "oauth": {"OAuthParameters": {"ClientParameters": {"ClientID": "genesys", "ClientSecret": "s3cret"}}},
    }
    for name, parameters in secrets.items():
        answer = events.update_connection(Name=name, AuthParameters=parameters)
        assert answer["ConnectionState"] == "AUTHORIZED"
        assert "s3cret" not in str(events.describe_connection(Name=name))


def find_leftovers(connect: Any, source: str) -> dict[str, list[Any]]:
    """What is still there of each kind, in both regions."""
    events, receiver = connect("events"), connect("events", CUSTOMER, "eu-central-1")
    buses = [bus["Name"] for each in (events, receiver) for bus in each.list_event_buses()["EventBuses"]]
    keys = [connect("kms").describe_key(KeyId=k["KeyId"]) for k in connect("kms").list_keys()["Keys"]]
    return {
        "buses": [name for name in buses if name != "default"],
        "rules": events.list_rules(EventBusName=source)["Rules"],
        "archives": events.list_archives()["Archives"],
        "connections": events.list_connections()["Connections"],
        "api destinations": events.list_api_destinations()["ApiDestinations"],
        "secrets": connect("secretsmanager").list_secrets()["SecretList"],
        "queues": connect("sqs").list_queues().get("QueueUrls", []),
        "topics": connect("sns").list_topics()["Topics"],
        "streams": connect("kinesis").list_streams()["StreamNames"],
        "delivery streams": connect("firehose").list_delivery_streams()["DeliveryStreamNames"],
        "buckets": connect("s3").list_buckets()["Buckets"],
        "functions": connect("lambda").list_functions()["Functions"],
        "tables": connect("dynamodb").list_tables()["TableNames"],
        "state machines": connect("stepfunctions").list_state_machines()["stateMachines"],
        "clusters": connect("ecs").list_clusters()["clusterArns"],
        "task definitions": connect("ecs").list_task_definitions()["taskDefinitionArns"],
        "log groups": connect("logs").describe_log_groups()["logGroups"],
        "log policies": connect("logs").describe_resource_policies()["resourcePolicies"],
        "roles": [r["RoleName"] for r in connect("iam").list_roles()["Roles"] if "gcbridge" in r["RoleName"]],
        # A key can only be scheduled for deletion.
        "keys": [
            key
            for key in keys
            if key["KeyMetadata"]["KeyManager"] == "CUSTOMER"
            and key["KeyMetadata"]["KeyState"] != "PendingDeletion"
        ],
    }


@pytest.mark.sandbox
def test_every_kind_of_target(
    start_terraform: Callable[..., Any], connect: Any, source: str, package: Path
) -> None:
    """Apply; no difference, nor after the secrets are set; destroy leaves nothing but a key to be deleted.

    One test, because the provider waits 25 s for a queue and 20 s for a stream.
    """
    root = ROOT.read_text()
    terraform = start_terraform(root, event_source_name=source, package_file=str(package))
    terraform("apply", "-input=false", "-auto-approve", "-parallelism=30")
    terraform("plan", "-input=false", "-detailed-exitcode", expected=0)
    check_what_was_made(connect, source)
    check_receiving_buses(connect)

    set_secrets(connect("events"))
    terraform("plan", "-input=false", "-detailed-exitcode", expected=0)
    assert "s3cret" not in terraform("show", "-json")

    terraform("destroy", "-input=false", "-auto-approve", "-parallelism=30")
    left = find_leftovers(connect, source)
    assert {kind: found for kind, found in left.items() if found} == {}
