"""The emulator counts what it holds, so that a test can see that nothing was left."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from customer_world import World
from kinds_of_target import KINDS

# By kind of target: what there is once it was made, beside the partner's bus.
MADE: dict[str, dict[str, int]] = {
    "sqs": {"queues": 1},
    "sns": {"queues": 1, "topics": 1},
    "lambda": {"queues": 1, "functions": 1, "roles": 1},
    "kinesis": {"streams": 1, "roles": 1},
    "firehose": {"delivery_streams": 1, "buckets": 1, "roles": 2},
    "log group": {"log_groups": 1},
    "step functions": {"state_machines": 1, "roles": 2},
    "api destination": {"api_destinations": 1, "connections": 1, "roles": 1},
    "ecs": {"ecs_clusters": 1, "roles": 2},
    "event bus": {"event_buses": 2, "rules": 1, "queues": 1, "roles": 1},
}


def contents(aws: Any) -> dict[str, int]:
    """What there is of each kind, without kinds of which there is nothing."""
    with urllib.request.urlopen(f"{aws.endpoint}/_sandbox/contents", timeout=10) as answer:
        return {kind: count for kind, count in json.load(answer).items() if count}


@pytest.mark.parametrize(("kind", "made"), MADE.items(), ids=MADE)
def test_what_targets_need_is_counted(aws: Any, world: World, kind: str, made: dict[str, int]) -> None:
    """Each resource once, in whichever account and region."""
    KINDS[kind].make(world)
    assert contents(aws) == {"partner_sources": 1, "event_buses": 1, **made}


def test_other_kinds_are_counted(aws: Any, connect: Any) -> None:
    """Tables, archives, and keys that do not wait for their deletion."""
    connect("dynamodb").create_table(
        TableName="calls",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    bus = connect("events").create_event_bus(Name="b")["EventBusArn"]
    connect("events").create_archive(ArchiveName="a", EventSourceArn=bus)
    kms = connect("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    assert contents(aws) == {"event_buses": 1, "archives": 1, "tables": 1, "keys": 1}
    kms.schedule_key_deletion(KeyId=key)
    assert "keys" not in contents(aws)


def test_what_analysts_and_operators_need_is_counted(aws: Any, connect: Any) -> None:
    """The catalog, queries, alarms and dashboards; work groups and databases that accounts have anyway are not."""
    glue, athena, cloudwatch = connect("glue"), connect("athena"), connect("cloudwatch")
    assert [group["Name"] for group in athena.list_work_groups()["WorkGroups"]] == ["primary"]
    assert contents(aws) == {}
    glue.create_database(DatabaseInput={"Name": "d"})
    glue.create_table(DatabaseName="d", TableInput={"Name": "t"})
    athena.create_work_group(Name="analysts")
    athena.create_named_query(Name="q", Database="d", QueryString="SELECT 1", WorkGroup="analysts")
    cloudwatch.put_dashboard(DashboardName="d", DashboardBody='{"widgets": []}')
    cloudwatch.put_metric_alarm(
        AlarmName="a",
        Namespace="n",
        MetricName="m",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    kinds = "catalog_databases catalog_tables query_workgroups named_queries dashboards alarms".split()
    assert contents(aws) == dict.fromkeys(kinds, 1)


def test_after_a_reset_there_is_nothing(aws: Any) -> None:
    """Not even what accounts always have."""
    assert contents(aws) == {}
