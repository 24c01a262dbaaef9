"""The real AWS provider with what analysts and operators get: no difference, changes in place, nothing left."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent / "lake_and_alarms" / "main.tf"


def contents(aws: Any) -> dict[str, int]:
    """What the emulated AWS holds."""
    with urllib.request.urlopen(f"{aws.endpoint}/_sandbox/contents", timeout=10) as answer:
        return {kind: count for kind, count in json.load(answer).items() if count}


def actions_of(plan: str) -> set[tuple[str, ...]]:
    """What a plan in JSON wants to do, but for doing nothing."""
    changes = [change["change"]["actions"] for change in json.loads(plan)["resource_changes"]]
    return {tuple(actions) for actions in changes} - {("no-op",)}


def read_level(connect: Any) -> dict[str, Any]:
    """What follows the variable ``level``, as AWS tells it."""
    cloudwatch, firehose = connect("cloudwatch"), connect("firehose")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=["gcbridge-privileged"])["MetricAlarms"]
    stream = firehose.describe_delivery_stream(DeliveryStreamName="bi-to-s3")["DeliveryStreamDescription"]
    destination = stream["Destinations"][0]["ExtendedS3DestinationDescription"]
    body = json.loads(cloudwatch.get_dashboard(DashboardName="gcbridge-dev")["DashboardBody"])
    table = connect("glue").get_table(DatabaseName="genesys_events", Name="events")["Table"]
    group = connect("athena").get_work_group(WorkGroup="genesys-events")["WorkGroup"]
    return {
        "alarm": (alarm["Threshold"], alarm["Period"]),
        "buffer": destination["BufferingHints"]["IntervalInSeconds"],
        "dashboard": body["widgets"][0]["width"],
        "table": table["Description"],
        "work group": group["Configuration"]["BytesScannedCutoffPerQuery"] // 10_737_418_240,
    }


@pytest.mark.sandbox
def test_a_lake_and_alarms(start_terraform: Callable[..., Any], aws: Any, connect: Any) -> None:
    """One test, because the provider waits 55 s for a lifecycle configuration."""
    terraform = start_terraform(ROOT.read_text(), level="1")
    terraform("apply", "-input=false", "-auto-approve", "-parallelism=30")
    terraform("plan", "-input=false", "-detailed-exitcode", expected=0)
    assert read_level(connect) == {
        "alarm": (1.0, 60),
        "buffer": 60,
        "dashboard": 12,
        "table": "level 1",
        "work group": 1,
    }

    terraform("plan", "-input=false", "-var=level=2", "-out=changed")
    assert actions_of(terraform("show", "-json", "changed")) == {("update",)}
    terraform("apply", "-input=false", "changed")
    terraform("plan", "-input=false", "-var=level=2", "-detailed-exitcode", expected=0)
    assert read_level(connect) == {
        "alarm": (2.0, 120),
        "buffer": 120,
        "dashboard": 24,
        "table": "level 2",
        "work group": 2,
    }

    terraform("destroy", "-input=false", "-auto-approve", "-parallelism=30")
    assert contents(aws) == {}
