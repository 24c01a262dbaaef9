"""The process: whom it takes a caller for, how it stops, and what outlives it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

CUSTOMER = "123456789012"
PARTNER = "999988887777"
SOURCE = "aws.partner/genesys.com/cloud/0f8c2a3e-1111-4222-8333-444455556666/dev"
# Longer than the emulator's pause between two snapshots.
SNAPSHOT_SECONDS = 3.5


def build_bridge(connect: Any) -> str:
    """A source, its bus, a rule with tags, and a queue with a policy; returns the queue's URL."""
    queue = f"arn:aws:sqs:eu-west-1:{CUSTOMER}:q"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
    }
    connect("events", PARTNER).create_partner_event_source(Name=SOURCE, Account=CUSTOMER)
    events = connect("events")
    events.create_event_bus(Name=SOURCE, EventSourceName=SOURCE)
    events.put_rule(
        Name="all",
        EventBusName=SOURCE,
        EventPattern=json.dumps({"source": [SOURCE]}),
        Tags=[{"Key": "a", "Value": "1"}],
    )
    events.put_targets(Rule="all", EventBusName=SOURCE, Targets=[{"Id": "q", "Arn": queue}])
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    url = connect("sqs").create_queue(QueueName="q", Attributes={"Policy": policy})["QueueUrl"]
    return str(url)


def check_bridge(connect: Any, queue_url: str) -> None:
    """All of it is there and still delivers."""
    events = connect("events")
    assert events.describe_event_source(Name=SOURCE)["State"] == "ACTIVE"
    tags = events.list_tags_for_resource(ResourceARN=f"arn:aws:events:eu-west-1:{CUSTOMER}:rule/{SOURCE}/all")
    assert tags["Tags"] == [{"Key": "a", "Value": "1"}]
    entry = {"Source": SOURCE, "DetailType": "t", "Detail": "{}"}
    connect("events", PARTNER).put_partner_events(Entries=[entry])
    assert len(connect("sqs").receive_message(QueueUrl=queue_url)["Messages"]) == 1


def test_a_restart_continues(run_aws: Any, connect_to: Any) -> None:
    """Same state folder, same port: buses, rules, tags, queues, policies and sources are back."""
    with run_aws() as aws:
        url = build_bridge(connect_to(aws))
        port = aws.port
    with run_aws(port=port) as aws:
        check_bridge(connect_to(aws), url)


def test_a_kill_loses_no_more_than_the_last_seconds(run_aws: Any, connect_to: Any) -> None:
    """What is older than a snapshot's age outlives SIGKILL."""
    with run_aws() as aws:
        url = build_bridge(connect_to(aws))
        port = aws.port
        time.sleep(SNAPSHOT_SECONDS)
        aws.kill()
    with run_aws(port=port) as aws:
        check_bridge(connect_to(aws), url)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_quickly_even_while_someone_waits(run_aws: Any, connect_to: Any, sign: int) -> None:
    """Two seconds at most, with exit code 0, though a client holds a long poll."""
    with run_aws() as aws:
        sqs = connect_to(aws)("sqs")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]

        def wait_for_message() -> None:
            with pytest.raises(Exception):  # noqa: B017, PT011 - whatever a cut connection raises
                sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)

        poll = threading.Thread(target=wait_for_message)
        poll.start()
        time.sleep(0.3)
        start = time.monotonic()
        aws.process.send_signal(sign)
        assert aws.process.wait(5) == 0
        assert time.monotonic() - start < 2
        poll.join()


def test_a_taken_port_is_said_in_one_line(run_aws: Any, tmp_path: Path) -> None:
    """No traceback."""
    with run_aws() as aws:
        command = [sys.executable, "-m", "gcbridge.sandbox.aws", "--port", str(aws.port)]
        done = subprocess.run(
            [*command, "--state-dir", str(tmp_path / "second")], capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert f"can't listen on 127.0.0.1:{aws.port}" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("access_key", "account"), [("210987654321", "210987654321"), ("AKIAEXAMPLE", CUSTOMER)]
)
def test_the_access_key_tells_the_account(connect: Any, access_key: str, account: str) -> None:
    """Twelve digits are an account; any other key belongs to the emulator's own."""
    assert connect("sts", access_key).get_caller_identity()["Account"] == account


def test_an_assumed_role_acts_in_the_role_s_account(connect: Any) -> None:
    """STS and EventBridge agree on who the caller is."""
    role = {"RoleArn": "arn:aws:iam::210987654321:role/deploy", "RoleSessionName": "ci"}
    key = connect("sts").assume_role(**role)["Credentials"]["AccessKeyId"]
    identity = connect("sts", key).get_caller_identity()
    assert identity["Account"] == "210987654321"
    assert identity["Arn"] == "arn:aws:sts::210987654321:assumed-role/deploy/ci"
    connect("events", PARTNER).create_partner_event_source(Name=SOURCE, Account="210987654321")
    assert connect("events", key).describe_event_source(Name=SOURCE)["State"] == "PENDING"


def test_reset_forgets_everything(aws: Any, connect: Any, source: str) -> None:
    """Other tests begin with nothing."""
    aws.reset()
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        connect("events").describe_event_source(Name=source)


@pytest.mark.parametrize(
    ("service", "call", "field"),
    [
        ("kinesis", "list_streams", "StreamNames"),
        ("firehose", "list_delivery_streams", "DeliveryStreamNames"),
        ("lambda", "list_functions", "Functions"),
        ("s3", "list_buckets", "Buckets"),
        ("stepfunctions", "list_state_machines", "stateMachines"),
        ("cloudwatch", "describe_alarms", "MetricAlarms"),
    ],
)
def test_other_services_answer(connect: Any, service: str, call: str, field: str) -> None:
    """The layer takes nothing away from ministack."""
    assert getattr(connect(service), call)()[field] == []
