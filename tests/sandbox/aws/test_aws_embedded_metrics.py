"""Metrics in logs: of functions, and of whoever else writes them."""

from __future__ import annotations

import io
import json
import time
import zipfile
from datetime import datetime, timedelta, timezone
from typing import Any

from customer_world import RULE, World, arn, wait_for

NAMESPACE = "Genesys"
HANDLER = """
import json, time

def handle(event, context):
    print("seen", event["detail"]["queue"])
    metrics = [{"Name": "Waiting", "Unit": "Count"}]
    directive = {"Namespace": "Genesys", "Dimensions": [["queue"], []], "Metrics": metrics}
    print(json.dumps({
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
        "queue": event["detail"]["queue"],
        "Waiting": event["detail"]["waiting"],
    }))
    print('{"_aws": {"CloudWatchMetrics": ')
"""


def line(name: str, value: Any, **dimensions: str) -> str:
    """A line with one metric, as of now."""
    directive = {"Namespace": NAMESPACE, "Dimensions": [list(dimensions)], "Metrics": [{"Name": name}]}
    told = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": told, name: value, **dimensions})


def add_function(world: World) -> str:
    """A function that prints a metric for each event, and may be called by the rule; its ARN."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("handler.py", HANDLER)
    functions = world.aws("lambda")
    functions.create_function(
        FunctionName="queues",
        Runtime="python3.13",
        Handler="handler.handle",
        Role=world.add_role("function", trust=world.trust("lambda.amazonaws.com")),
        Code={"ZipFile": package.getvalue()},
    )
    functions.add_permission(
        FunctionName="queues",
        StatementId="rule",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=world.bridge.rule_arn(RULE),
    )
    return arn("lambda", "function:queues")


def metric_data(world: World, name: str, **dimensions: str) -> list[float]:
    """The sums of a metric with exactly these dimensions."""
    now = datetime.now(timezone.utc)
    pairs = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    metric = {"Namespace": NAMESPACE, "MetricName": name, "Dimensions": pairs}
    answer = world.aws("cloudwatch").get_metric_data(
        MetricDataQueries=[{"Id": "m", "MetricStat": {"Metric": metric, "Period": 3600, "Stat": "Sum"}}],
        StartTime=now - timedelta(hours=2),
        EndTime=now + timedelta(hours=1),
    )
    values: list[float] = answer["MetricDataResults"][0]["Values"]
    return values


def test_what_a_function_prints_is_logged_and_counted(world: World) -> None:
    """The log group is the function's; each set of dimensions is a metric."""
    world.bridge.add_rule(RULE, {"Id": "f", "Arn": add_function(world)})
    world.bridge.send({"queue": "support", "waiting": 3})
    world.bridge.send({"queue": "sales", "waiting": [1, 2, 4]})
    assert wait_for(lambda: metric_data(world, "Waiting", queue="sales")) == [7.0]
    assert wait_for(lambda: metric_data(world, "Waiting", queue="support")) == [3.0]
    assert metric_data(world, "Waiting") == [10.0]
    assert metric_data(world, "Waiting", queue="none") == []
    events = world.aws("logs").filter_log_events(logGroupName="/aws/lambda/queues")["events"]
    printed = [event["message"] for event in events]
    assert "seen support" in printed
    assert sum('"_aws"' in message for message in printed) == 4
    listed = world.aws("cloudwatch").list_metrics(Namespace=NAMESPACE)["Metrics"]
    assert {tuple(each["Value"] for each in metric["Dimensions"]) for metric in listed} == {
        (),
        ("sales",),
        ("support",),
    }


def test_what_is_put_into_any_log_group_is_counted(world: World) -> None:
    """Malformed lines beside it do no harm."""
    logs = world.aws("logs")
    logs.create_log_group(logGroupName="mine")
    logs.create_log_stream(logGroupName="mine", logStreamName="s")
    messages = [
        line("Errors", 2, service="crm"),
        '{"_aws": 1}',
        '"_aws"',
        line("Errors", "two", service="crm"),
    ]
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName="mine",
        logStreamName="s",
        logEvents=[{"timestamp": now, "message": message} for message in messages],
    )
    assert wait_for(lambda: metric_data(world, "Errors", service="crm")) == [2.0]
    assert len(logs.filter_log_events(logGroupName="mine")["events"]) == len(messages)
